// Products that pack both of their operands.
#include "kernels/product.h"

#include <algorithm>
#include <cassert>

#include "base/memory_pool.h"
#include "kernels/product_tiles.h"

namespace eddy {
namespace {

// So many rows of A, kProductDepth deep, stay in the second-level cache beside B's panel while all panels go by.
constexpr size_t kBlockRows = 16 * kTileRows;

using Byte = unsigned char;

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
        const TileOperand operand = OperandRows(kernels, a, m, rows, k, depth, packed_a.get() + self * bytes_of_a);
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
            const TileSums from =
                from_c ? TileSums{out, panel.c_stride} : TileSums{start == Start::kZero ? nullptr : bias + panel.begin, 0};
            Ahead ahead;
            if (next_panel != nullptr) ahead = AheadOf(next_panel, r, rows, groups, width * kernels.bytes);
            MakeTile(kernels, std::min(kTileRows, rows - r), panel.cols, TileAt(kernels, operand, r, groups), operand.row,
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
