#include "kernels/product.h"

#include <algorithm>
#include <cassert>

#include "base/aligned.h"
#include "base/memory_pool.h"
#include "kernels/product_kernels.h"

namespace eddy {
namespace {

// In the product that packs its operands, so many rows of A, kProductDepth deep, stay in the second-level cache beside B's
// panel while all panels go by.
constexpr size_t kBlockRows = 16 * kTileRows;

// Elements from which on packing is shared among threads.
constexpr size_t kSharedPacking = size_t{1} << 16;

using Byte = unsigned char;

const ProductKernels& KernelsFor(Precision precision) {
  if (precision == Precision::kFloat32) return FloatKernels();
  static const ProductKernels& bfloat16 = Bfloat16Kernels() != nullptr ? *Bfloat16Kernels() : RoundedKernels();
  static const ProductKernels& int8 = VnniKernels() != nullptr ? *VnniKernels() : Int8Kernels();
  return precision == Precision::kBfloat16 ? bfloat16 : int8;
}

// Where the sums of a tile begin: null for zeros.
struct Sums {
  const Real* data;
  size_t stride;
};

// A tile of which only `cols` columns exist in C: the others go through a buffer.
void Tile(const ProductKernels& kernels, size_t rows, size_t cols, const void* a, size_t a_row, size_t a_col,
          const void* panel, size_t groups, Sums start, Real* out, size_t out_stride, const Ahead* ahead = nullptr) {
  const size_t vectors = kernels.Vectors(cols), width = vectors * kernels.lanes;
  if (cols == width && ahead != nullptr) {
    return kernels.tile_ahead(rows, vectors, a, a_row, a_col, panel, groups, start.data, start.stride, out, out_stride,
                              *ahead);
  }
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

// Whether the panels of a matrix, of so many bytes each and in all, are worth asking for ahead: all of them are more than a
// second-level cache holds, from which asking would only take time, and two of them are less.
bool IsAskedFor(const ProductKernels& kernels, size_t panel_bytes, size_t bytes) {
  constexpr size_t kSecondLevel = size_t{2} << 20;
  return bytes > kSecondLevel && panel_bytes <= kSecondLevel / 4 && kernels.tile_ahead != nullptr;
}

// What the tile from row r of `rows` on asks for of the panel that comes next: all tiles of these rows ask for all of it.
// Two tiles and more have the time for that; a single one has it for half.
Ahead PartOf(const void* next, size_t r, size_t rows, size_t groups, size_t row_bytes) {
  const size_t tile = (r + kTileRows - 1) / kTileRows, tiles = (rows + kTileRows - 1) / kTileRows;
  const size_t lines = std::max<size_t>(1, row_bytes / kAlignment), own = std::min<size_t>(2, (lines + tiles - 1) / tiles);
  if (tile * own >= lines) return {static_cast<const Byte*>(next)};
  return {static_cast<const Byte*>(next) + tile * own * groups * kAlignment, (own - 1) * kAlignment, own * kAlignment};
}

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
PackedMatrix::PackedMatrix(size_t rows, size_t cols, Precision precision, Threads* threads, const PackPart& pack)
    : kernels_(&KernelsFor(precision)), rows_(rows), cols_(cols) {
  const size_t most = kernels_->PanelWidth(), panels = (cols + most - 1) / most;
  const size_t part = std::max<size_t>(1, kernels_->Part(rows));
  elements_ = (rows + part - 1) / part * kernels_->panel_header + kernels_->Groups(rows);
  const size_t size = panels * most * elements_ * kernels_->bytes;
  data_ = threads != nullptr ? threads->memory().Take<Byte>(size) : AllocateAligned<Byte>(size);
  const auto pack_panels = [&](size_t first, size_t last) {
    for (size_t begin = first * most; begin < std::min(cols, last * most); begin += most) {
      for (size_t k = 0; k < rows; k += part) {
        pack(k, std::min(part, rows - k), begin, kernels_->VectorsAt(begin, cols) * kernels_->lanes, Panel(begin, k));
      }
    }
  };
  threads != nullptr ? threads->For(panels, kSharedPacking / (rows * most + 1) + 1, pack_panels) : pack_panels(0, panels);
}

PackedMatrix::PackedMatrix(const MatrixView& b, Precision precision, Threads* threads)
    : PackedMatrix(b.rows, b.cols, precision, threads,
                   [&, pack = KernelsFor(precision).pack_panel](size_t k, size_t depth, size_t begin, size_t width,
                                                                void* to) { pack(b, k, depth, begin, width, to); }) {}

PackedMatrix::PackedMatrix(const std::vector<const Real*>& columns, size_t rows, Precision precision, Threads* threads)
    : PackedMatrix(
          rows, columns.size(), precision, threads,
          [&, pack = KernelsFor(precision).pack_columns](size_t k, size_t depth, size_t begin, size_t width, void* to) {
            const Real* part[kMostPanelWidth];
            const size_t count = std::min(width, columns.size() - begin);
            for (size_t n = 0; n < count; ++n) {
              part[n] = columns[begin + n] == nullptr ? nullptr : columns[begin + n] + k;
            }
            pack(part, count, depth, width, to);
          }) {}

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
  return {buffer, kernels.RowElements(depth), 1};
}

// The tile of rows [r, ...) of an operand.
const void* TileAt(const ProductKernels& kernels, const Operand& a, size_t r, size_t groups) {
  const size_t elements = a.col == kTileRows && a.row == 1 ? r * groups : r * a.row;
  return static_cast<const Byte*>(a.data) + elements * kernels.bytes;
}

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
  Tile(kernels, 1, end - begin - n, a, 0, 1, b.Panel(begin + n, 0), groups, {from(n), 0}, c + n, 0);
}

void OnePackedRow(const ProductKernels& kernels, const MatrixView& a, const PackedMatrix& b, size_t begin, size_t end,
                  Real* c, const Real* start, bool backwards) {
  alignas(kAlignment) Real buffer[kPartDepth + 1];
  kernels.pack_rows(a, 0, 1, 0, a.cols, buffer);
  OneRow(kernels, buffer, kernels.Groups(a.cols), b, begin, end, c, start, backwards);
}

// Sums that a tile will begin from, each row in a page of its own, come to the cache while another tile is computed.
void ExpectTile(const Real* c, size_t c_stride, size_t rows, size_t cols) {
  constexpr size_t kLine = kAlignment / sizeof(Real);
  for (size_t r = 0; r < rows; ++r, c += c_stride) {
    for (size_t n = 0; n < cols; n += kLine) __builtin_prefetch(c + n, 1);
  }
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
    const auto sums = [&](Real* out, size_t n) -> Sums {
      if (k > 0 || start == Start::kC) return {out, c_stride};
      return {start == Start::kZero ? nullptr : bias + (n - begin), 0};
    };
    for (size_t m = 0; m < a.rows;) {
      // Tiles of about equal height. Without packing, all of them under a panel that stays in the cache.
      const size_t left = a.rows - m, tiles = (left + kTileRows - 1) / kTileRows;
      const size_t rows = kernels.packs_rows ? (left + tiles - 1) / tiles : left;
      const Operand operand = RowsOf(kernels, a, m, rows, k, depth, buffer);
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
          if (after != nullptr) ahead = PartOf(after, r, rows, groups, width * kernels.bytes);
          Tile(kernels, height, cols, TileAt(kernels, operand, r, groups), operand.row, operand.col, b.Panel(n, k), groups,
               sums(out, n), out, c_stride, after != nullptr ? &ahead : nullptr);
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

namespace {

// A panel of columns of one of the right-hand sides, and where its product goes.
struct PanelWork {
  const MatrixView* b;
  size_t begin, cols;  // columns of b
  Real* c;             // of the first
  size_t c_stride;
};

std::vector<PanelWork> PanelsOf(std::span<const ProductSum> sums, size_t width) {
  std::vector<PanelWork> panels;
  for (const ProductSum& sum : sums) {
    for (size_t n = 0; n < sum.b.cols; n += width) {
      panels.push_back({&sum.b, n, std::min(width, sum.b.cols - n), sum.c + n, sum.c_stride});
    }
  }
  return panels;
}

// At most so many rows and columns of a matrix from `row` and `col` on.
MatrixView Part(const MatrixView& m, size_t row, size_t rows, size_t col, size_t cols) {
  return {m.data + row * m.row_stride + col * m.col_stride, std::min(rows, m.rows - row), std::min(cols, m.cols - col),
          m.row_stride, m.col_stride};
}

// All products of A, whose sums begin as `start` says, with one bias if there is any.
void ProductsOfBlock(const MatrixView& a, std::span<const ProductSum> sums, Start start, const Real* bias, Threads& threads,
                     Precision precision) {
  if (a.rows == 0) return;
  const ProductKernels& kernels = KernelsFor(precision);
  const size_t width = kernels.PanelWidth();
  const std::vector<PanelWork> all = PanelsOf(sums, width);
  const size_t panels = all.size();
  if (panels == 0) return;
  const size_t most_groups = kernels.Groups(std::min(kProductDepth, a.cols));
  const auto packed_b = threads.memory().Take<Byte>(panels * width * most_groups * kernels.bytes);
  // Work that is done before other threads have woken is not shared.
  const bool alone = !threads.Shares(a.rows * panels * width * a.cols, kSharedProduct);
  const size_t team = alone ? 1 : static_cast<size_t>(threads.team());
  const size_t tiles = (a.rows + kTileRows - 1) / kTileRows;
  // Threads share out rows when there are many, else panels of columns.
  const bool by_rows = tiles >= 8 * std::min(panels, 4 * team);
  const size_t bytes_of_a = kBlockRows * most_groups * kernels.bytes;
  const auto packed_a = threads.memory().Take<Byte>(team * bytes_of_a);
  const size_t panel_bytes = width * most_groups * kernels.bytes;
  const bool asks = IsAskedFor(kernels, panel_bytes, panel_bytes * panels);
  const auto work = [&](int thread) {
    const size_t self = static_cast<size_t>(thread);
    const auto share = [&](size_t n, size_t t) { return n * t / team; };
    size_t k = 0;
    do {
      const size_t depth = std::min(kProductDepth, a.cols - k), groups = kernels.Groups(depth);
      const auto panel_at = [&](size_t i) { return packed_b.get() + i * width * groups * kernels.bytes; };
      for (size_t i = share(panels, self); i < share(panels, self + 1); ++i) {
        const PanelWork& panel = all[i];
        kernels.pack_panel(*panel.b, k, depth, panel.begin, kernels.Vectors(panel.cols) * kernels.lanes, panel_at(i));
      }
      if (!alone) threads.Barrier();
      const size_t first_row = by_rows ? share(tiles, self) * kTileRows : 0;
      const size_t last_row = by_rows ? std::min(a.rows, share(tiles, self + 1) * kTileRows) : a.rows;
      const size_t first_panel = by_rows ? 0 : share(panels, self);
      const size_t last_panel = by_rows ? panels : share(panels, self + 1);
      for (size_t m = first_row; m < last_row && first_panel < last_panel; m += kBlockRows) {
        const size_t rows = std::min(kBlockRows, last_row - m);
        const Operand operand = RowsOf(kernels, a, m, rows, k, depth, packed_a.get() + self * bytes_of_a);
        for (size_t i = first_panel; i < last_panel; ++i) {
          const PanelWork& panel = all[i];
          const void* next_panel = asks && i + 1 < last_panel ? panel_at(i + 1) : nullptr;
          for (size_t r = 0; r < rows; r += kTileRows) {
            Real* out = panel.c + (m + r) * panel.c_stride;
            if (const size_t next = r + kTileRows; next < rows) {
              ExpectTile(out + kTileRows * panel.c_stride, panel.c_stride, std::min(kTileRows, rows - next), panel.cols);
            } else if (i + 1 < last_panel) {
              const PanelWork& after = all[i + 1];
              ExpectTile(after.c + m * after.c_stride, after.c_stride, std::min(kTileRows, rows), after.cols);
            }
            const bool from_c = k > 0 || start == Start::kC;
            const Sums from =
                from_c ? Sums{out, panel.c_stride} : Sums{start == Start::kZero ? nullptr : bias + panel.begin, 0};
            Ahead ahead;
            if (next_panel != nullptr) ahead = PartOf(next_panel, r, rows, groups, width * kernels.bytes);
            Tile(kernels, std::min(kTileRows, rows - r), panel.cols, TileAt(kernels, operand, r, groups), operand.row,
                 operand.col, panel_at(i), groups, from, out, panel.c_stride, next_panel != nullptr ? &ahead : nullptr);
          }
        }
      }
      if (!alone) threads.Barrier();
      k += depth;
    } while (k < a.cols);
  };
  alone ? work(0) : threads.Run(static_cast<int>(team), work);
}

// In parts of some tenths of a second, so that no long product keeps who asks it to stop waiting. Inner dimensions are cut
// where ProductsOfBlock() would cut them, so that sums are the same.
void Products(const MatrixView& a, std::span<const ProductSum> sums, Start start, const Real* bias, Threads& threads,
              Precision precision) {
  constexpr size_t kMostAtOnce = size_t{1} << 32;  // multiply-adds
  constexpr size_t kLeastRows = 16 * kBlockRows;   // enough to pack B for
  size_t cols = 0;
  for (const ProductSum& sum : sums) cols += sum.b.cols;
  threads.ThrowIfStopped();
  if (a.rows * cols <= kMostAtOnce / (a.cols + 1)) return ProductsOfBlock(a, sums, start, bias, threads, precision);
  const size_t depth = std::max<size_t>(1, kMostAtOnce / (kLeastRows * cols * kProductDepth + 1)) * kProductDepth;
  const size_t rows = std::max(kLeastRows, kMostAtOnce / (cols * std::min(depth, a.cols) + 1) / kBlockRows * kBlockRows);
  size_t k = 0;
  do {
    for (size_t row = 0; row < a.rows; row += rows) {
      threads.ThrowIfStopped();
      std::vector<ProductSum> part(sums.begin(), sums.end());
      for (ProductSum& sum : part) {
        sum.b = Part(sum.b, k, depth, 0, sum.b.cols);
        sum.c += row * sum.c_stride;
      }
      ProductsOfBlock(Part(a, row, rows, k, depth), part, k == 0 ? start : Start::kC, bias, threads, precision);
    }
    k += depth;
  } while (k < a.cols);
}

}  // namespace

void Product(const MatrixView& a, const MatrixView& b, Real* c, size_t c_stride, Start start, const Real* bias,
             Threads& threads, Precision precision) {
  assert(a.cols == b.rows);
  if (KernelsFor(precision).pack_tiles != nullptr) {
    const ProductSum only = {b, c, c_stride};
    return Products(a, {&only, 1}, start, bias, threads, precision);
  }
  const PackedMatrix packed(b, precision, &threads);
  threads.For(a.rows, kSharedProduct / (a.cols * b.cols + 1) + 1, [&](size_t begin, size_t end) {
    const MatrixView rows = {a.data + begin * a.row_stride, end - begin, a.cols, a.row_stride, a.col_stride};
    PackedProduct(rows, packed, 0, b.cols, c + begin * c_stride, c_stride, start, bias);
  });
}

void AddProducts(const MatrixView& a, std::span<const ProductSum> sums, Threads& threads, Precision precision) {
  if (KernelsFor(precision).pack_tiles != nullptr) return Products(a, sums, Start::kC, nullptr, threads, precision);
  for (const ProductSum& sum : sums) {
    Product(a, sum.b, sum.c, sum.c_stride, Start::kC, nullptr, threads, precision);
  }
}

}  // namespace eddy
