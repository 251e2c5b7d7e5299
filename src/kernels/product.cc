#include "kernels/product.h"

#include <algorithm>
#include <cassert>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {

using D = hn::ScalableTag<Real>;
using V = hn::Vec<D>;

// A tile of C is kTileRows by kPanelVectors vectors, held in registers: 24 accumulators of 32 registers, or 12 of 16.
constexpr size_t kTileRows = 6;
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM
constexpr size_t kPanelVectors = 4;
#else
constexpr size_t kPanelVectors = 2;
#endif

// Blocks of the product that packs: B's panel of kBlockDepth rows stays in the second-level cache while the kBlockRows rows
// of A go by.
constexpr size_t kBlockDepth = 512;
constexpr size_t kBlockRows = 8 * kTileRows;

HWY_INLINE size_t Lanes() { return hn::Lanes(D()); }

// out[R, N vectors] = start + A[R, depth] panel[depth, N vectors]; `start_stride` 0 repeats one row (a bias).
template <size_t kRows, size_t kVectors>
HWY_INLINE void Tile(const Real* HWY_RESTRICT a, size_t a_row, size_t a_col, const Real* HWY_RESTRICT panel, size_t depth,
                     const Real* start, size_t start_stride, Real* out, size_t out_stride) {
  const D d;
  const size_t lanes = Lanes();
  V sum[kRows * kVectors];
  Unroll<kRows * kVectors>([&](auto i) EDDY_INLINE {
    sum[i] = start == nullptr ? hn::Zero(d) : hn::LoadU(d, start + (i / kVectors) * start_stride + (i % kVectors) * lanes);
  });
  for (size_t k = 0; k < depth; ++k, a += a_col, panel += kVectors * lanes) {
    V b[kVectors];
    Unroll<kVectors>([&](auto v) EDDY_INLINE { b[v] = hn::LoadU(d, panel + v * lanes); });
    Unroll<kRows>([&](auto r) EDDY_INLINE {
      const V x = hn::Set(d, a[r * a_row]);
      Unroll<kVectors>([&](auto v) EDDY_INLINE { sum[r * kVectors + v] = hn::MulAdd(x, b[v], sum[r * kVectors + v]); });
    });
  }
  Unroll<kRows * kVectors>(
      [&](auto i) EDDY_INLINE { hn::StoreU(sum[i], d, out + (i / kVectors) * out_stride + (i % kVectors) * lanes); });
}

template <size_t kVectors>
HWY_INLINE void TileOfRows(size_t rows, const Real* a, size_t a_row, size_t a_col, const Real* panel, size_t depth,
                           const Real* start, size_t start_stride, Real* out, size_t out_stride) {
  switch (rows) {
    case 1:
      return Tile<1, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride);
    case 2:
      return Tile<2, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride);
    case 3:
      return Tile<3, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride);
    case 4:
      return Tile<4, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride);
    case 5:
      return Tile<5, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride);
    default:
      return Tile<6, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride);
  }
}

HWY_NOINLINE void TileOfSize(size_t rows, size_t vectors, const Real* a, size_t a_row, size_t a_col, const Real* panel,
                             size_t depth, const Real* start, size_t start_stride, Real* out, size_t out_stride) {
  switch (vectors) {
    case 1:
      return TileOfRows<1>(rows, a, a_row, a_col, panel, depth, start, start_stride, out, out_stride);
    case 2:
      return TileOfRows<2>(rows, a, a_row, a_col, panel, depth, start, start_stride, out, out_stride);
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM
    case 3:
      return TileOfRows<3>(rows, a, a_row, a_col, panel, depth, start, start_stride, out, out_stride);
    default:
      return TileOfRows<4>(rows, a, a_row, a_col, panel, depth, start, start_stride, out, out_stride);
#endif
  }
}

// As TileOfSize, for a tile of which only `cols` columns exist in C: the others go through a buffer.
HWY_NOINLINE void TileAtEdge(size_t rows, size_t vectors, size_t cols, const Real* a, size_t a_row, size_t a_col,
                             const Real* panel, size_t depth, const Real* start, size_t start_stride, Real* out,
                             size_t out_stride) {
  const size_t width = vectors * Lanes();
  if (cols == width) return TileOfSize(rows, vectors, a, a_row, a_col, panel, depth, start, start_stride, out, out_stride);
  HWY_ALIGN Real buffer[kTileRows * kPanelVectors * HWY_MAX_BYTES / sizeof(Real)] = {};
  if (start != nullptr) {
    for (size_t r = 0; r < rows; ++r) std::copy_n(start + r * start_stride, cols, buffer + r * width);
  }
  TileOfSize(rows, vectors, a, a_row, a_col, panel, depth, buffer, width, buffer, width);
  for (size_t r = 0; r < rows; ++r) std::copy_n(buffer + r * width, cols, out + r * out_stride);
}

size_t PanelWidthHere() { return kPanelVectors * Lanes(); }

// Vectors in the panel that begins at column `begin` of a matrix with `cols` columns.
size_t VectorsAt(size_t begin, size_t cols) { return std::min(kPanelVectors, (cols - begin + Lanes() - 1) / Lanes()); }

// Columns [begin, begin + width) of B's rows [first, first + depth), zero beyond B's last column: [depth, width].
void PackPanel(const MatrixView& b, size_t first, size_t depth, size_t begin, size_t width, Real* packed) {
  const size_t cols = std::min(width, b.cols - begin);
  for (size_t k = 0; k < depth; ++k, packed += width) {
    const Real* row = b.data + (first + k) * b.row_stride + begin * b.col_stride;
    if (b.col_stride == 1) {
      std::copy_n(row, cols, packed);
    } else {
      for (size_t n = 0; n < cols; ++n) packed[n] = row[n * b.col_stride];
    }
    std::fill(packed + cols, packed + width, Real{0});
  }
}

void PackHere(const MatrixView& b, Real* packed) {
  for (size_t begin = 0; begin < b.cols; begin += PanelWidthHere()) {
    const size_t width = VectorsAt(begin, b.cols) * Lanes();
    PackPanel(b, 0, b.rows, begin, width, packed);
    packed += b.rows * width;
  }
}

void PackedProductHere(const MatrixView& a, const Real* packed, size_t cols, size_t begin, size_t end, Real* c,
                       size_t c_stride, Start start, const Real* bias) {
  for (size_t n = begin; n < end; n += PanelWidthHere()) {
    const size_t vectors = VectorsAt(n, cols);
    const Real* panel = packed + n * a.cols;
    for (size_t m = 0; m < a.rows; m += kTileRows) {
      Real* out = c + m * c_stride + (n - begin);
      const Real* from = start == Start::kZero ? nullptr : start == Start::kC ? out : bias + (n - begin);
      TileAtEdge(std::min(kTileRows, a.rows - m), vectors, std::min(vectors * Lanes(), cols - n), a.data + m * a.row_stride,
                 a.row_stride, a.col_stride, panel, a.cols, from, start == Start::kC ? c_stride : 0, out, c_stride);
    }
  }
}

// Rows [first, first + rows) and columns [k, k + depth) of A in tiles of kTileRows rows: [tiles][depth][kTileRows].
void PackRows(const MatrixView& a, size_t first, size_t rows, size_t k, size_t depth, Real* packed) {
  for (size_t tile = 0; tile < rows; tile += kTileRows) {
    const size_t tile_rows = std::min(kTileRows, rows - tile);
    Real* to = packed + tile * depth;
    const Real* from = a.data + (first + tile) * a.row_stride + k * a.col_stride;
    if (a.row_stride == 1) {  // a transposed A: kTileRows neighbours a column
      for (size_t i = 0; i < depth; ++i) std::copy_n(from + i * a.col_stride, tile_rows, to + i * kTileRows);
    } else {
      for (size_t r = 0; r < tile_rows; ++r) {
        for (size_t i = 0; i < depth; ++i) to[i * kTileRows + r] = from[r * a.row_stride + i * a.col_stride];
      }
    }
  }
}

void ProductHere(const MatrixView& a, const MatrixView& b, Real* c, size_t c_stride, Start start, const Real* bias,
                 Threads& threads) {
  const size_t width = PanelWidthHere(), panels = (b.cols + width - 1) / width;
  const size_t most_depth = std::min(kBlockDepth, a.cols);
  auto packed_b = AllocateAligned<Real>(panels * width * most_depth);
  const size_t team = static_cast<size_t>(threads.count());
  const size_t row_blocks = (a.rows + kBlockRows - 1) / kBlockRows;
  // Threads share out blocks of rows when there are enough, else panels of columns.
  const bool by_rows = row_blocks >= panels || row_blocks >= 4 * team;
  auto packed_a = AllocateAligned<Real>(team * kBlockRows * most_depth);
  const auto work = [&](int thread) {
    const size_t self = static_cast<size_t>(thread);
    const auto share = [&](size_t n, size_t t) { return n * t / team; };
    Real* rows_of_a = packed_a.get() + self * kBlockRows * most_depth;
    size_t k = 0;
    do {
      const size_t depth = std::min(kBlockDepth, a.cols - k);
      for (size_t p = share(panels, self); p < share(panels, self + 1); ++p) {
        PackPanel(b, k, depth, p * width, VectorsAt(p * width, b.cols) * Lanes(), packed_b.get() + p * width * depth);
      }
      threads.Barrier();
      const size_t first_block = by_rows ? share(row_blocks, self) : 0;
      const size_t last_block = by_rows ? share(row_blocks, self + 1) : row_blocks;
      const size_t first_panel = by_rows ? 0 : share(panels, self);
      const size_t last_panel = by_rows ? panels : share(panels, self + 1);
      for (size_t block = first_block; block < last_block && first_panel < last_panel; ++block) {
        const size_t m = block * kBlockRows, rows = std::min(kBlockRows, a.rows - m);
        PackRows(a, m, rows, k, depth, rows_of_a);
        for (size_t p = first_panel; p < last_panel; ++p) {
          const size_t n = p * width, vectors = VectorsAt(n, b.cols);
          for (size_t r = 0; r < rows; r += kTileRows) {
            Real* out = c + (m + r) * c_stride + n;
            const bool from_c = k > 0 || start == Start::kC;
            const Real* from = from_c ? out : start == Start::kZero ? nullptr : bias + n;
            TileAtEdge(std::min(kTileRows, rows - r), vectors, std::min(vectors * Lanes(), b.cols - n),
                       rows_of_a + r * depth, 1, kTileRows, packed_b.get() + n * depth, depth, from, from_c ? c_stride : 0,
                       out, c_stride);
          }
        }
      }
      threads.Barrier();
      k += depth;
    } while (k < a.cols);
  };
  threads.Run(work);
}

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace eddy {

HWY_EXPORT(PanelWidthHere);
HWY_EXPORT(PackHere);
HWY_EXPORT(PackedProductHere);
HWY_EXPORT(ProductHere);

size_t PanelWidth() { return HWY_DYNAMIC_DISPATCH(PanelWidthHere)(); }

PackedMatrix::PackedMatrix(const MatrixView& b) : rows_(b.rows), cols_(b.cols) {
  const size_t width = PanelWidth();
  data_ = AllocateAligned<Real>((cols_ + width - 1) / width * width * rows_);
  HWY_DYNAMIC_DISPATCH(PackHere)(b, data_.get());
}

void PackedProduct(const MatrixView& a, const PackedMatrix& b, size_t begin, size_t end, Real* c, size_t c_stride,
                   Start start, const Real* bias) {
  assert(a.cols == b.rows() && end <= b.cols() && begin % PanelWidth() == 0);
  HWY_DYNAMIC_DISPATCH(PackedProductHere)(a, b.data(), b.cols(), begin, end, c, c_stride, start, bias);
}

void Product(const MatrixView& a, const MatrixView& b, Real* c, size_t c_stride, Start start, const Real* bias,
             Threads& threads) {
  assert(a.cols == b.rows);
  if (a.rows == 0 || b.cols == 0) return;
  HWY_DYNAMIC_DISPATCH(ProductHere)(a, b, c, c_stride, start, bias, threads);
}

}  // namespace eddy
#endif  // HWY_ONCE
