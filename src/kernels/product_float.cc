// Products of Real, for every instruction set that Highway has; and the same with operands rounded to bfloat16.
#include <algorithm>
#include <cstring>

#include "base/aligned.h"
#include "kernels/product_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product_float.cc"
#include "hwy/cache_control.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace eddy {
namespace HWY_NAMESPACE {

using D = hn::ScalableTag<Real>;
using V = hn::Vec<D>;

#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM
constexpr size_t kPanelVectors = 4;
#else
constexpr size_t kPanelVectors = 2;
#endif

HWY_INLINE size_t Lanes() { return hn::Lanes(D()); }

// out[R, N vectors] = start + A[R, depth] panel[depth, N vectors]; `start_stride` 0 repeats one row (a bias).
template <size_t kRows, size_t kVectors, class... MaybeAhead>
HWY_INLINE void Tile(const Real* HWY_RESTRICT a, size_t a_row, size_t a_col, const Real* HWY_RESTRICT panel, size_t depth,
                     const Real* start, size_t start_stride, Real* out, size_t out_stride, MaybeAhead... ahead) {
  const D d;
  const size_t lanes = Lanes();
  V sum[kRows * kVectors];
  Unroll<kRows * kVectors>([&](auto i) EDDY_INLINE {
    sum[i] = start == nullptr ? hn::Zero(d) : hn::LoadU(d, start + (i / kVectors) * start_stride + (i % kVectors) * lanes);
  });
  for (size_t k = 0; k < depth; ++k, a += a_col, panel += kVectors * lanes) {
    (ahead.Ask(), ...);
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

template <size_t kVectors, class... MaybeAhead>
HWY_INLINE void TileOfRows(size_t rows, const Real* a, size_t a_row, size_t a_col, const Real* panel, size_t depth,
                           const Real* start, size_t start_stride, Real* out, size_t out_stride, MaybeAhead... ahead) {
  switch (rows) {
    case 1:
      return Tile<1, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride, ahead...);
    case 2:
      return Tile<2, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride, ahead...);
    case 3:
      return Tile<3, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride, ahead...);
    case 4:
      return Tile<4, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride, ahead...);
    case 5:
      return Tile<5, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride, ahead...);
    default:
      return Tile<6, kVectors>(a, a_row, a_col, panel, depth, start, start_stride, out, out_stride, ahead...);
  }
}

template <class... MaybeAhead>
void TileOfSize(size_t rows, size_t vectors, const void* packed_a, size_t a_row, size_t a_col, const void* packed,
                size_t depth, const Real* start, size_t start_stride, Real* out, size_t out_stride, MaybeAhead... ahead) {
  const Real *a = static_cast<const Real*>(packed_a), *panel = static_cast<const Real*>(packed);
  switch (vectors) {
    case 1:
      return TileOfRows<1>(rows, a, a_row, a_col, panel, depth, start, start_stride, out, out_stride, ahead...);
    case 2:
      return TileOfRows<2>(rows, a, a_row, a_col, panel, depth, start, start_stride, out, out_stride, ahead...);
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM
    case 3:
      return TileOfRows<3>(rows, a, a_row, a_col, panel, depth, start, start_stride, out, out_stride, ahead...);
    default:
      return TileOfRows<4>(rows, a, a_row, a_col, panel, depth, start, start_stride, out, out_stride, ahead...);
#endif
  }
}

// What packing does to a value.
struct AsIs {
  Real operator()(Real x) const { return x; }
};
struct ToBfloat16 {  // to the nearest, ties to even; NaN stays NaN
  Real operator()(Real x) const {
    const float value = static_cast<float>(x);
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    if (value == value) bits += 0x7FFF + (bits >> 16 & 1);
    bits &= 0xFFFF0000;
    float rounded;
    std::memcpy(&rounded, &bits, sizeof(bits));
    return static_cast<Real>(value == value ? rounded : value);
  }
};

template <class Round>
void RoundAll(Real* values, size_t n) {
  if constexpr (!std::is_same_v<Round, AsIs>) std::transform(values, values + n, values, Round());
}

// Rows of a strip that are made at a time, and columns of it: as many as a vector has lanes.
#if HWY_TARGET == HWY_SCALAR
constexpr size_t kStripRows = 1;
#else
constexpr size_t kStripRows = 16 / sizeof(Real);

// Four floats or two doubles of every so manyth column, from `k` on, side by side.
template <class D2>
HWY_INLINE hn::Vec<D2> LoadBlocks(D2 d, const Real* const* columns, size_t k) {
  if constexpr (hn::MaxLanes(d) == kStripRows) {
    return hn::LoadU(d, columns[0] + k);
  } else {
    const hn::Half<D2> half;
    constexpr size_t kHalf = hn::MaxLanes(half);
    return hn::Combine(d, LoadBlocks(half, columns + kHalf, k), LoadBlocks(half, columns, k));
  }
}
#endif

// Elements [k, k + kStripRows) of a vector's columns, given by pointers, to as many rows: in each 16 bytes of the vectors a
// square is transposed.
HWY_INLINE void TransposeStrip(const Real* const* columns, size_t k, Real* rows, size_t row_stride) {
#if HWY_TARGET == HWY_SCALAR
  rows[0] = columns[0][k];
  (void)row_stride;
#else
  const D d;
  const V a = LoadBlocks(d, columns, k), b = LoadBlocks(d, columns + 1, k);
  if constexpr (kStripRows == 4) {
    const V e = LoadBlocks(d, columns + 2, k), f = LoadBlocks(d, columns + 3, k);
    const V low_even = hn::InterleaveLower(d, a, e), low_odd = hn::InterleaveLower(d, b, f);
    const V high_even = hn::InterleaveUpper(d, a, e), high_odd = hn::InterleaveUpper(d, b, f);
    hn::StoreU(hn::InterleaveLower(d, low_even, low_odd), d, rows);
    hn::StoreU(hn::InterleaveUpper(d, low_even, low_odd), d, rows + row_stride);
    hn::StoreU(hn::InterleaveLower(d, high_even, high_odd), d, rows + 2 * row_stride);
    hn::StoreU(hn::InterleaveUpper(d, high_even, high_odd), d, rows + 3 * row_stride);
  } else {
    hn::StoreU(hn::InterleaveLower(d, a, b), d, rows);
    hn::StoreU(hn::InterleaveUpper(d, a, b), d, rows + row_stride);
  }
#endif
}

template <class Round>
void PackColumns(const Real* const* columns, size_t count, size_t depth, size_t width, void* to) {
  constexpr size_t kBlock = 64;  // elements of a column at a time: what they go to stays in the first-level cache
  constexpr size_t kLine = kAlignment / sizeof(Real);
  static constexpr Real kZeros[kBlock] = {};
  const size_t lanes = Lanes();
  Real* packed = static_cast<Real*>(to);
  for (size_t first = 0; first < depth; first += kBlock, packed += kBlock * width) {
    const size_t rows = std::min(kBlock, depth - first);
    const auto column = [&](size_t n) { return n < count && columns[n] != nullptr ? columns[n] + first : kZeros; };
    for (size_t n = 0; n < width; n += lanes) {
      const Real* strip[HWY_MAX_BYTES / sizeof(Real)];
      for (size_t i = 0; i < lanes; ++i) {
        strip[i] = column(n + i);
        const Real* next = column(n + lanes + i);  // strides are too long for the processor to foresee
        for (size_t k = 0; k < rows; k += kLine) hwy::Prefetch(next + k);
      }
      size_t k = 0;
      for (; k + kStripRows <= rows; k += kStripRows) TransposeStrip(strip, k, packed + k * width + n, width);
      for (; k < rows; ++k) {
        for (size_t i = 0; i < lanes; ++i) packed[k * width + n + i] = strip[i][k];
      }
    }
  }
  RoundAll<Round>(static_cast<Real*>(to), depth * width);
}

template <class Round>
void PackPanel(const MatrixView& b, size_t first, size_t depth, size_t begin, size_t width, void* to) {
  const size_t cols = std::min(width, b.cols - begin);
  if (b.row_stride == 1) {  // a transposed matrix
    const Real* columns[kPanelVectors * HWY_MAX_BYTES / sizeof(Real)];
    for (size_t n = 0; n < cols; ++n) columns[n] = b.data + first + (begin + n) * b.col_stride;
    return PackColumns<Round>(columns, cols, depth, width, to);
  }
  Real* packed = static_cast<Real*>(to);
  for (size_t k = 0; k < depth; ++k, packed += width) {
    const Real* row = b.data + (first + k) * b.row_stride + begin * b.col_stride;
    if (b.col_stride == 1) {
      constexpr size_t kAhead = 8;  // rows
      if (k + kAhead < depth) {
        for (size_t n = 0; n < cols; n += kAlignment / sizeof(Real)) hwy::Prefetch(row + kAhead * b.row_stride + n);
      }
      std::copy_n(row, cols, packed);
    } else {
      for (size_t n = 0; n < cols; ++n) packed[n] = row[n * b.col_stride];
    }
    std::fill(packed + cols, packed + width, Real{0});
  }
  RoundAll<Round>(static_cast<Real*>(to), depth * width);
}

// A column's rows are neighbours in memory; columns are too far apart for the processor to foresee.
template <class Round>
void PackTiles(const MatrixView& a, size_t first, size_t rows, size_t k, size_t depth, void* to) {
  constexpr size_t kAhead = 8, kLine = kAlignment / sizeof(Real);
  Real* packed = static_cast<Real*>(to);
  const size_t whole = rows / kTileRows * kTileRows;
  for (size_t i = 0; i < depth; ++i) {
    const Real* from = a.data + first + (k + i) * a.col_stride;
    for (size_t r = 0; r < rows && i + kAhead < depth; r += kLine) hwy::Prefetch(from + kAhead * a.col_stride + r);
    Real* tile = packed + i * kTileRows;
    for (size_t r = 0; r < whole; r += kTileRows) std::memcpy(tile + r * depth, from + r, kTileRows * sizeof(Real));
    std::copy(from + whole, from + rows, tile + whole * depth);
  }
  RoundAll<Round>(packed, (rows + kTileRows - 1) / kTileRows * kTileRows * depth);
}

template <class Round>
void PackRows(const MatrixView& a, size_t first, size_t rows, size_t k, size_t depth, void* to) {
  Real* packed = static_cast<Real*>(to);
  for (size_t r = 0; r < rows; ++r) std::copy_n(a.data + (first + r) * a.row_stride + k, depth, packed + r * depth);
  RoundAll<Round>(packed, rows * depth);
}

template <size_t kVectors>
void Row(const void* packed_a, const void* packed, size_t depth, const Real* start, Real* out) {
  constexpr size_t kWhole = kVectors / kPanelVectors * kPanelVectors, kRest = kVectors % kPanelVectors;
  const D d;
  const size_t lanes = Lanes(), next = depth * kPanelVectors * lanes;
  const Real *HWY_RESTRICT a = static_cast<const Real*>(packed_a), *HWY_RESTRICT panels = static_cast<const Real*>(packed);
  const Real* HWY_RESTRICT rest = panels + kWhole / kPanelVectors * next;
  V sum[kVectors];
  Unroll<kVectors>([&](auto i) EDDY_INLINE { sum[i] = start == nullptr ? hn::Zero(d) : hn::LoadU(d, start + i * lanes); });
  for (size_t k = 0; k < depth; ++k, panels += kPanelVectors * lanes, rest += kRest * lanes) {
    const V x = hn::Set(d, a[k]);
    Unroll<kWhole>([&](auto i) EDDY_INLINE {
      const V b = hn::LoadU(d, panels + (i / kPanelVectors) * next + (i % kPanelVectors) * lanes);
      sum[i] = hn::MulAdd(x, b, sum[i]);
    });
    Unroll<kRest>([&](auto i)
                      EDDY_INLINE { sum[kWhole + i] = hn::MulAdd(x, hn::LoadU(d, rest + i * lanes), sum[kWhole + i]); });
  }
  Unroll<kVectors>([&](auto i) EDDY_INLINE { hn::StoreU(sum[i], d, out + i * lanes); });
}

template <class Round>
ProductKernels KernelsHere(bool packs_rows) {
  ProductKernels kernels = {.lanes = Lanes(),
                            .panel_vectors = kPanelVectors,
                            .group = 1,
                            .bytes = sizeof(Real),
                            .packs_rows = packs_rows,
                            .pack_panel = PackPanel<Round>,
                            .pack_columns = PackColumns<Round>,
                            .pack_tiles = PackTiles<Round>,
                            .pack_rows = PackRows<Round>,
                            .tile = TileOfSize<>,
                            .tile_ahead = TileOfSize<Ahead>,
                            .row_vectors = 4 * kPanelVectors};
  Unroll<4 * kPanelVectors>([&](auto i) EDDY_INLINE { kernels.row[i] = Row<i + 1>; });
  return kernels;
}

ProductKernels FloatKernelsHere() { return KernelsHere<AsIs>(false); }
ProductKernels RoundedKernelsHere() { return KernelsHere<ToBfloat16>(true); }

}  // namespace HWY_NAMESPACE
}  // namespace eddy
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace eddy {

HWY_EXPORT(FloatKernelsHere);
HWY_EXPORT(RoundedKernelsHere);

const ProductKernels& FloatKernels() {
  static const ProductKernels kernels = HWY_DYNAMIC_DISPATCH(FloatKernelsHere)();
  return kernels;
}

const ProductKernels& RoundedKernels() {
  static const ProductKernels kernels = HWY_DYNAMIC_DISPATCH(RoundedKernelsHere)();
  return kernels;
}

}  // namespace eddy
#endif  // HWY_ONCE
