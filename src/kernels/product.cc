#include "kernels/product.h"

#include <algorithm>
#include <cassert>

#include "kernels/product_kernels.h"

namespace eddy {
namespace {

// Blocks of the product that packs: B's panel of kBlockDepth rows stays in the second-level cache while the kBlockRows rows
// of A go by.
constexpr size_t kBlockDepth = 512;
constexpr size_t kBlockRows = 8 * kTileRows;

// Multiply-adds from which on a product is shared among threads: some 10 microseconds.
constexpr size_t kSharedWork = size_t{1} << 19;

using Byte = unsigned char;

const ProductKernels& KernelsFor(Precision precision) {
  if (precision == Precision::kFloat32) return FloatKernels();
  static const ProductKernels& rounded = Bfloat16Kernels() != nullptr ? *Bfloat16Kernels() : RoundedKernels();
  return rounded;
}

// Where the sums of a tile begin: null for zeros.
struct Sums {
  const Real* data;
  size_t stride;
};

// A tile of which only `cols` columns exist in C: the others go through a buffer.
void Tile(const ProductKernels& kernels, size_t rows, size_t cols, const void* a, size_t a_row, size_t a_col,
          const void* panel, size_t groups, Sums start, Real* out, size_t out_stride) {
  const size_t vectors = (cols + kernels.lanes - 1) / kernels.lanes, width = vectors * kernels.lanes;
  if (cols == width) {
    return kernels.tile(rows, vectors, a, a_row, a_col, panel, groups, start.data, start.stride, out, out_stride);
  }
  alignas(kAlignment) Real buffer[kTileRows * kMostPanelWidth] = {};
  for (size_t r = 0; start.data != nullptr && r < rows; ++r) {
    std::copy_n(start.data + r * start.stride, cols, buffer + r * width);
  }
  kernels.tile(rows, vectors, a, a_row, a_col, panel, groups, buffer, width, buffer, width);
  for (size_t r = 0; r < rows; ++r) std::copy_n(buffer + r * width, cols, out + r * out_stride);
}

}  // namespace

size_t VectorWidth() { return FloatKernels().lanes; }
size_t PanelWidth() { return FloatKernels().PanelWidth(); }

PackedMatrix::PackedMatrix(size_t rows, size_t cols, Precision precision)
    : kernels_(&KernelsFor(precision)), rows_(rows), cols_(cols) {
  const size_t width = kernels_->PanelWidth();
  data_ = AllocateAligned<Byte>((cols + width - 1) / width * width * kernels_->Groups(rows) * kernels_->bytes);
}

void* PackedMatrix::Panel(size_t begin) const { return data_.get() + begin * kernels_->Groups(rows_) * kernels_->bytes; }

PackedMatrix::PackedMatrix(const MatrixView& b, Precision precision) : PackedMatrix(b.rows, b.cols, precision) {
  for (size_t begin = 0; begin < b.cols; begin += kernels_->PanelWidth()) {
    kernels_->pack_panel(b, 0, b.rows, begin, kernels_->VectorsAt(begin, b.cols) * kernels_->lanes, Panel(begin));
  }
}

PackedMatrix::PackedMatrix(const std::vector<const Real*>& columns, size_t rows, Precision precision, Threads& threads)
    : PackedMatrix(rows, columns.size(), precision) {
  const size_t width = kernels_->PanelWidth(), panels = (cols_ + width - 1) / width;
  threads.For(panels, (size_t{1} << 16) / (rows * width + 1) + 1, [&](size_t first, size_t last) {
    for (size_t begin = first * width; begin < std::min(cols_, last * width); begin += width) {
      kernels_->pack_columns(columns.data() + begin, std::min(width, cols_ - begin), rows,
                             kernels_->VectorsAt(begin, cols_) * kernels_->lanes, Panel(begin));
    }
  });
}

namespace {

// Rows of A, `depth` elements wide from column k on, as the kernels read them: in place, or packed into a buffer.
struct Operand {
  const void* data;
  size_t row, col;  // strides, in elements
};

Operand RowsOf(const ProductKernels& kernels, const MatrixView& a, size_t first, size_t rows, size_t k, size_t depth,
               void* buffer) {
  if (a.row_stride == 1 && a.col_stride != 1) {
    kernels.pack_tiles(a, first, rows, k, depth, buffer);
    return {buffer, 1, kTileRows};
  }
  if (!kernels.packs_rows) return {a.data + first * a.row_stride + k * a.col_stride, a.row_stride, a.col_stride};
  kernels.pack_rows(a, first, rows, k, depth, buffer);
  return {buffer, kernels.Groups(depth), 1};
}

// The tile of rows [r, ...) of an operand.
const void* TileAt(const ProductKernels& kernels, const Operand& a, size_t r, size_t groups) {
  const size_t elements = a.col == kTileRows && a.row == 1 ? r * groups : r * a.row;
  return static_cast<const Byte*>(a.data) + elements * kernels.bytes;
}

}  // namespace

void PackedProduct(const MatrixView& a, const PackedMatrix& b, size_t begin, size_t end, Real* c, size_t c_stride,
                   Start start, const Real* bias) {
  const ProductKernels& kernels = b.kernels();
  const size_t width = kernels.PanelWidth();
  assert(a.cols == b.rows() && end <= b.cols() && begin % width == 0);
  assert(a.col_stride == 1);
  // Operands that must be packed are so for some rows and a part of the inner dimension at a time, sums waiting in C.
  constexpr size_t kMostDepth = 1024;
  alignas(kAlignment) Real buffer[kTileRows * kMostDepth];
  const size_t most_depth = kernels.packs_rows ? kMostDepth : std::max<size_t>(a.cols, 1);
  size_t k = 0;
  do {
    const size_t depth = std::min(most_depth, a.cols - k), groups = kernels.Groups(depth);
    const auto part_of = [&](size_t n) {
      return static_cast<const Byte*>(b.Panel(n)) +
             k / kernels.group * kernels.VectorsAt(n, b.cols()) * kernels.lanes * kernels.bytes;
    };
    const auto sums = [&](Real* out, size_t n) -> Sums {
      if (k > 0 || start == Start::kC) return {out, c_stride};
      return {start == Start::kZero ? nullptr : bias + (n - begin), 0};
    };
    for (size_t m = 0; m < a.rows;) {
      // Tiles of about equal height. Without packing, all of them under a panel that stays in the cache.
      const size_t left = a.rows - m, tiles = (left + kTileRows - 1) / kTileRows;
      const size_t rows = kernels.packs_rows ? (left + tiles - 1) / tiles : left;
      const Operand operand = RowsOf(kernels, a, m, rows, k, depth, buffer);
      size_t n = begin;
      if (rows == 1 && depth == a.cols && operand.col == 1) {
        for (size_t panels; (panels = std::min<size_t>(4, (end - n) / width)) >= 2; n += panels * width) {
          Real* out = c + m * c_stride + (n - begin);
          kernels.row_of_panels(panels, operand.data, b.Panel(n), groups, sums(out, n).data, out);
        }
      }
      for (; n < end; n += width) {
        for (size_t r = 0; r < rows;) {
          const size_t more = (rows - r + kTileRows - 1) / kTileRows, height = (rows - r + more - 1) / more;
          Real* out = c + (m + r) * c_stride + (n - begin);
          Tile(kernels, height, std::min(width, b.cols() - n), TileAt(kernels, operand, r, groups), operand.row, operand.col,
               part_of(n), groups, sums(out, n), out, c_stride);
          r += height;
        }
      }
      m += rows;
    }
    k += depth;
  } while (k < a.cols);
}

void Product(const MatrixView& a, const MatrixView& b, Real* c, size_t c_stride, Start start, const Real* bias,
             Threads& threads, Precision precision) {
  assert(a.cols == b.rows);
  if (a.rows == 0 || b.cols == 0) return;
  const ProductKernels& kernels = KernelsFor(precision);
  const size_t width = kernels.PanelWidth(), panels = (b.cols + width - 1) / width;
  const size_t most_groups = kernels.Groups(std::min(kBlockDepth, a.cols));
  auto packed_b = AllocateAligned<Byte>(panels * width * most_groups * kernels.bytes);
  // Work that is done before other threads have woken is not shared.
  const bool alone = threads.count() == 1 || a.rows * b.cols * a.cols < kSharedWork;
  const size_t team = alone ? 1 : static_cast<size_t>(threads.count());
  const size_t row_blocks = (a.rows + kBlockRows - 1) / kBlockRows;
  // Threads share out blocks of rows when there are enough, else panels of columns.
  const bool by_rows = row_blocks >= panels || row_blocks >= 4 * team;
  const size_t bytes_of_a = kBlockRows * most_groups * kernels.bytes;
  auto packed_a = AllocateAligned<Byte>(team * bytes_of_a);
  const auto work = [&](int thread) {
    const size_t self = static_cast<size_t>(thread);
    const auto share = [&](size_t n, size_t t) { return n * t / team; };
    size_t k = 0;
    do {
      const size_t depth = std::min(kBlockDepth, a.cols - k), groups = kernels.Groups(depth);
      const auto panel_at = [&](size_t n) { return packed_b.get() + n * groups * kernels.bytes; };
      for (size_t n = share(panels, self) * width; n < std::min(b.cols, share(panels, self + 1) * width); n += width) {
        kernels.pack_panel(b, k, depth, n, kernels.VectorsAt(n, b.cols) * kernels.lanes, panel_at(n));
      }
      if (!alone) threads.Barrier();
      const size_t first_block = by_rows ? share(row_blocks, self) : 0;
      const size_t last_block = by_rows ? share(row_blocks, self + 1) : row_blocks;
      const size_t first_panel = by_rows ? 0 : share(panels, self);
      const size_t last_panel = by_rows ? panels : share(panels, self + 1);
      for (size_t block = first_block; block < last_block && first_panel < last_panel; ++block) {
        const size_t m = block * kBlockRows, rows = std::min(kBlockRows, a.rows - m);
        const Operand operand = RowsOf(kernels, a, m, rows, k, depth, packed_a.get() + self * bytes_of_a);
        for (size_t n = first_panel * width; n < std::min(b.cols, last_panel * width); n += width) {
          for (size_t r = 0; r < rows; r += kTileRows) {
            Real* out = c + (m + r) * c_stride + n;
            const bool from_c = k > 0 || start == Start::kC;
            const Sums sums = from_c ? Sums{out, c_stride} : Sums{start == Start::kZero ? nullptr : bias + n, 0};
            Tile(kernels, std::min(kTileRows, rows - r), std::min(width, b.cols - n), TileAt(kernels, operand, r, groups),
                 operand.row, operand.col, panel_at(n), groups, sums, out, c_stride);
          }
        }
      }
      if (!alone) threads.Barrier();
      k += depth;
    } while (k < a.cols);
  };
  alone ? work(0) : threads.Run(work);
}

}  // namespace eddy
