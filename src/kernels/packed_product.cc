// Products of a matrix that is packed once for many.
#include <algorithm>
#include <cassert>

#include "base/memory_pool.h"
#include "kernels/product_tiles.h"

namespace eddy {
namespace {

// Elements from which on packing is shared among threads.
constexpr size_t kSharedPacking = size_t{1} << 16;

using Byte = unsigned char;

}  // namespace

size_t VectorWidth() { return FloatKernels().lanes; }
size_t PanelWidth() { return FloatKernels().PanelWidth(); }

void* PackedMatrix::Panel(size_t begin, size_t first) const {
  if (first == 0) return data_.get() + begin * elements_ * kernels_->bytes;
  const size_t part = std::max<size_t>(1, kernels_->Part(rows_));
  const size_t before = first / part * kernels_->panel_header + kernels_->Groups(first);
  const size_t width = kernels_->VectorsAt(begin, cols_) * kernels_->lanes;
  return data_.get() + (begin * elements_ + before * width) * kernels_->bytes;
}

// pack(k, depth, begin, width, to): rows [k, k + depth) of the panel of `width` columns from `begin` on.
template <class PackPart>
PackedMatrix::PackedMatrix(size_t rows, size_t cols, Precision precision, Threads* threads, MemoryPool* memory,
                           const PackPart& pack)
    : kernels_(&KernelsFor(precision)), rows_(rows), cols_(cols) {
  const size_t most = kernels_->PanelWidth(), panels = (cols + most - 1) / most;
  const size_t part = std::max<size_t>(1, kernels_->Part(rows));
  elements_ = (rows + part - 1) / part * kernels_->panel_header + kernels_->Groups(rows);
  const size_t size = panels * most * elements_ * kernels_->bytes;
  if (memory == nullptr && threads != nullptr) memory = &threads->memory();
  data_ = memory != nullptr ? memory->Take<Byte>(size) : AllocateAligned<Byte>(size);
  const auto pack_panels = [&](size_t first, size_t last) {
    for (size_t begin = first * most; begin < std::min(cols, last * most); begin += most) {
      for (size_t k = 0; k < rows; k += part) {
        pack(k, std::min(part, rows - k), begin, kernels_->VectorsAt(begin, cols) * kernels_->lanes, Panel(begin, k));
      }
    }
  };
  threads != nullptr ? threads->For(panels, kSharedPacking / (rows * most + 1) + 1, pack_panels) : pack_panels(0, panels);
}

PackedMatrix::PackedMatrix(const MatrixView& b, Precision precision, Threads* threads, MemoryPool* memory)
    : PackedMatrix(b.rows, b.cols, precision, threads, memory,
                   [&, pack = KernelsFor(precision).pack_panel](size_t k, size_t depth, size_t begin, size_t width,
                                                                void* to) { pack(b, k, depth, begin, width, to); }) {}

PackedMatrix::PackedMatrix(const std::vector<const Real*>& columns, size_t rows, Precision precision, Threads* threads,
                           MemoryPool* memory)
    : PackedMatrix(
          rows, columns.size(), precision, threads, memory,
          [&, pack = KernelsFor(precision).pack_columns](size_t k, size_t depth, size_t begin, size_t width, void* to) {
            const Real* part[kMostPanelWidth];
            const size_t count = std::min(width, columns.size() - begin);
            for (size_t n = 0; n < count; ++n) {
              part[n] = columns[begin + n] == nullptr ? nullptr : columns[begin + n] + k;
            }
            pack(part, count, depth, width, to);
          }) {}

namespace {

// How many of the columns [begin, end) of a packed matrix the row kernels take, in vectors: all, or, when the last vector is
// not whole, those before its panel.
size_t RowVectors(const ProductKernels& kernels, size_t begin, size_t end) {
  const size_t vectors = kernels.Vectors(end - begin);
  return vectors * kernels.lanes == end - begin ? vectors : vectors - (vectors - 1) % kernels.panel_vectors - 1;
}

// How many vectors of columns to take at once: all that a kernel can, but fewer of weights of which a sweep the other way
// finds some in the first-level cache, and the fewer the less of them it holds.
size_t RowVectorsAtOnce(const ProductKernels& kernels, size_t groups, size_t columns) {
  constexpr size_t kFirstLevel = size_t{32} << 10;
  const size_t bytes = groups * columns * kernels.bytes;
  if (bytes > 2 * kFirstLevel) return kernels.row_vectors;
  return bytes > kFirstLevel ? kernels.panel_vectors : 2 * kernels.panel_vectors;
}

// One row of contiguous elements times the columns [begin, end) of b, all its depth.
void OneRow(const ProductKernels& kernels, const void* a, size_t groups, const PackedMatrix& b, size_t begin, size_t end,
            Real* c, const Real* start, bool backwards = false) {
  const auto from = [&](size_t n) { return start == nullptr ? nullptr : start + n; };
  const size_t vectors = RowVectors(kernels, begin, end), n = vectors * kernels.lanes;
  const size_t most = RowVectorsAtOnce(kernels, groups, end - begin), count = (vectors + most - 1) / most;
  for (size_t i = 0; i < count; ++i) {
    const size_t v = (backwards ? count - 1 - i : i) * most, some = std::min(vectors - v, most), first = v * kernels.lanes;
    kernels.row[some - 1](a, b.Panel(begin + first, 0), groups, from(first), c + first);
  }
  if (begin + n == end) return;
  MakeTile(kernels, 1, end - begin - n, a, 0, 1, b.Panel(begin + n, 0), groups, {from(n), 0}, c + n, 0);
}

void OnePackedRow(const ProductKernels& kernels, const MatrixView& a, const PackedMatrix& b, size_t begin, size_t end,
                  Real* c, const Real* start, bool backwards) {
  alignas(kAlignment) Real buffer[kPartDepth + 1];
  kernels.pack_rows(a, 0, 1, 0, a.cols, buffer);
  OneRow(kernels, buffer, kernels.Groups(a.cols), b, begin, end, c, start, backwards);
}

// What PackedProduct() does with several rows, or a long one that must be packed.
void ProductOfRows(const MatrixView& a, const PackedMatrix& b, size_t begin, size_t end, Real* c, size_t c_stride,
                   Start start, const Real* bias, bool backwards) {
  const ProductKernels& kernels = b.kernels();
  const size_t width = kernels.PanelWidth(), column_bytes = kernels.Groups(a.cols) * kernels.bytes;
  const bool asks = IsAskedFor(kernels, column_bytes * width, column_bytes * b.cols());
  const Real* first = start == Start::kZero ? nullptr : bias;
  const size_t last = begin + ((end - begin - 1) & ~(width - 1));  // panel: the width is a power of two
  // Operands that must be packed are so for some rows and a part of the inner dimension at a time, sums waiting in C.
  alignas(kAlignment) Real buffer[kTileRows * (kPartDepth + 1)];
  const size_t most_depth = std::max<size_t>(1, kernels.Part(a.cols));
  size_t k = 0;
  do {
    const size_t depth = std::min(most_depth, a.cols - k), groups = kernels.Groups(depth);
    const auto sums = [&](Real* out, size_t n) -> TileSums {
      if (k > 0 || start == Start::kC) return {out, c_stride};
      return {start == Start::kZero ? nullptr : bias + (n - begin), 0};
    };
    for (size_t m = 0; m < a.rows;) {
      // Tiles of about equal height. Without packing, all of them under a panel that stays in the cache.
      const size_t left = a.rows - m, tiles = (left + kTileRows - 1) / kTileRows;
      const size_t rows = kernels.packs_rows ? (left + tiles - 1) / tiles : left;
      const TileOperand operand = OperandRows(kernels, a, m, rows, k, depth, buffer);
      if (rows == 1 && depth == a.cols) {
        const Real* row_start = start == Start::kC ? c + m * c_stride : first;
        OneRow(kernels, operand.data, groups, b, begin, end, c + m * c_stride, row_start, backwards);
        m += 1;
        continue;
      }
      for (size_t i = begin; i < end; i += width) {
        const size_t n = backwards ? last - (i - begin) : i;
        const bool has_next = backwards ? n > 0 : n + width < b.cols();
        const void* after = asks && has_next ? b.Panel(backwards ? n - width : n + width, k) : nullptr;
        for (size_t r = 0; r < rows;) {
          const size_t more = (rows - r + kTileRows - 1) / kTileRows, height = (rows - r + more - 1) / more;
          Real* out = c + (m + r) * c_stride + (n - begin);
          const size_t cols = std::min(width, b.cols() - n), next = r + height;
          if (start == Start::kC && next < rows) {
            ExpectTile(out + height * c_stride, c_stride, std::min(kTileRows, rows - next), cols);
          }
          Ahead ahead;
          if (after != nullptr) ahead = AheadOf(after, r, rows, groups, width * kernels.bytes);
          MakeTile(kernels, height, cols, TileAt(kernels, operand, r, groups), operand.row, operand.col, b.Panel(n, k),
                   groups, sums(out, n), out, c_stride, after != nullptr ? &ahead : nullptr);
          r += height;
        }
      }
      m += rows;
    }
    k += depth;
  } while (k < a.cols);
}

}  // namespace

void PackedProduct(const MatrixView& a, const PackedMatrix& b, size_t begin, size_t end, Real* c, size_t c_stride,
                   Start start, const Real* bias, bool backwards) {
  const ProductKernels& kernels = b.kernels();
  assert(a.cols == b.rows() && end <= b.cols() && begin % kernels.PanelWidth() == 0);
  assert(a.col_stride == 1);
  const Real* first = start == Start::kZero ? nullptr : start == Start::kC ? c : bias;
  if (a.rows == 1 && !kernels.packs_rows) return OneRow(kernels, a.data, a.cols, b, begin, end, c, first, backwards);
  if (a.rows == 1 && a.cols <= kPartDepth) return OnePackedRow(kernels, a, b, begin, end, c, first, backwards);
  ProductOfRows(a, b, begin, end, c, c_stride, start, bias, backwards);
}

RowProduct::RowProduct(const PackedMatrix& b, size_t begin, size_t end, Real* c, const Real* bias, bool backwards)
    : b_(&b), begin_(begin), end_(end), groups_(b.kernels().Groups(b.rows())), c_(c), bias_(bias) {
  const ProductKernels& kernels = b.kernels();
  const size_t vectors = RowVectors(kernels, begin, end);
  if (vectors * kernels.lanes != end - begin || (kernels.packs_rows && b.rows() > kPartDepth)) return;
  const size_t most = RowVectorsAtOnce(kernels, groups_, end - begin);
  for (size_t v = 0; v < vectors; v += most) {
    const size_t some = std::min(vectors - v, most), first = v * kernels.lanes;
    columns_.push_back(
        {kernels.row[some - 1], b.Panel(begin + first, 0), bias == nullptr ? nullptr : bias + first, c + first});
  }
  if (backwards) std::reverse(columns_.begin(), columns_.end());
}

void RowProduct::operator()(const Real* a) const {
  if (b_ == nullptr) return;
  const auto run = [&](const void* operand) {
    for (const Columns& some : columns_) some.kernel(operand, some.panels, groups_, some.start, some.out);
  };
  const MatrixView row = RowMajor(a, 1, b_->rows());
  if (columns_.empty()) {
    PackedProduct(row, *b_, begin_, end_, c_, 0, bias_ == nullptr ? Start::kZero : Start::kBias, bias_);
  } else if (b_->kernels().packs_rows) {
    alignas(kAlignment) Real buffer[kPartDepth + 1];
    b_->kernels().pack_rows(row, 0, 1, 0, b_->rows(), buffer);
    run(buffer);
  } else {
    run(a);
  }
}

}  // namespace eddy
