// Products in bfloat16 by AVX512_BF16, whose instruction adds two products to a float32 sum. Highway has no such target in
// the version that we build with, hence the intrinsics.
#include "kernels/product_kernels.h"

#if defined(__x86_64__) && !defined(EDDY_DOUBLE) && !defined(HWY_COMPILE_ONLY_STATIC)

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"  // gcc 12's intrinsics begin with a vector of undefined values
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "hwy/highway.h"

#define EDDY_INLINE __attribute__((always_inline))

HWY_PUSH_ATTRIBUTES("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma")
namespace eddy {
namespace {

constexpr size_t kLanes = 16, kPanelVectors = 4;
using Pair = uint32_t;  // two neighbours along the inner dimension, the first in the low half

template <size_t N, class F>
EDDY_INLINE inline void Unroll(const F& f) {
  [&]<size_t... I>(std::index_sequence<I...>) EDDY_INLINE { (f(std::integral_constant<size_t, I>()), ...); }
  (std::make_index_sequence<N>());
}

// A load that counts as one of any type.
EDDY_INLINE inline __m512bh LoadPairs(const Pair* pairs) { return (__m512bh)_mm512_loadu_si512(pairs); }

template <size_t kRows, size_t kVectors, class... MaybeAhead>
void Tile(const Pair* a, size_t a_row, size_t a_col, const Pair* panel, size_t groups, const float* start,
          size_t start_stride, float* out, size_t out_stride, MaybeAhead... ahead) {
  __m512 sum[kRows * kVectors];
  Unroll<kRows * kVectors>([&](auto i) EDDY_INLINE {
    sum[i] = start == nullptr ? _mm512_setzero_ps()
                              : _mm512_loadu_ps(start + (i / kVectors) * start_stride + (i % kVectors) * kLanes);
  });
  for (size_t g = 0; g < groups; ++g, a += a_col, panel += kVectors * kLanes) {
    (ahead.Ask(), ...);
    __m512bh b[kVectors];
    Unroll<kVectors>([&](auto v) EDDY_INLINE { b[v] = LoadPairs(panel + v * kLanes); });
    Unroll<kRows>([&](auto r) EDDY_INLINE {
      const __m512bh x = (__m512bh)_mm512_set1_epi32(static_cast<int>(a[r * a_row]));
      Unroll<kVectors>([&](auto v)
                           EDDY_INLINE { sum[r * kVectors + v] = _mm512_dpbf16_ps(sum[r * kVectors + v], x, b[v]); });
    });
  }
  Unroll<kRows * kVectors>(
      [&](auto i) EDDY_INLINE { _mm512_storeu_ps(out + (i / kVectors) * out_stride + (i % kVectors) * kLanes, sum[i]); });
}

template <class... MaybeAhead>
using TileKernel = void (*)(const Pair*, size_t, size_t, const Pair*, size_t, const float*, size_t, float*, size_t,
                            MaybeAhead...);

template <class... MaybeAhead, size_t... I>
constexpr std::array<TileKernel<MaybeAhead...>, sizeof...(I)> TileTable(std::index_sequence<I...>) {
  return {Tile<I / kPanelVectors + 1, I % kPanelVectors + 1, MaybeAhead...>...};
}

template <class... MaybeAhead>
void TileOfSize(size_t rows, size_t vectors, const void* a, size_t a_row, size_t a_col, const void* panel, size_t groups,
                const float* start, size_t start_stride, float* out, size_t out_stride, MaybeAhead... ahead) {
  static constexpr auto kTiles = TileTable<MaybeAhead...>(std::make_index_sequence<kTileRows * kPanelVectors>());
  kTiles[(rows - 1) * kPanelVectors + vectors - 1](static_cast<const Pair*>(a), a_row, a_col,
                                                   static_cast<const Pair*>(panel), groups, start, start_stride, out,
                                                   out_stride, ahead...);
}

template <size_t kVectors>
void Row(const void* packed_a, const void* packed, size_t groups, const float* start, float* out) {
  constexpr size_t kWhole = kVectors / kPanelVectors * kPanelVectors, kRest = kVectors % kPanelVectors;
  const size_t next = groups * kPanelVectors * kLanes;
  const Pair *a = static_cast<const Pair*>(packed_a), *panels = static_cast<const Pair*>(packed);
  const Pair* rest = panels + kWhole / kPanelVectors * next;
  __m512 sum[kVectors];
  Unroll<kVectors>(
      [&](auto i) EDDY_INLINE { sum[i] = start == nullptr ? _mm512_setzero_ps() : _mm512_loadu_ps(start + i * kLanes); });
  for (size_t g = 0; g < groups; ++g, panels += kPanelVectors * kLanes, rest += kRest * kLanes) {
    const __m512bh x = (__m512bh)_mm512_set1_epi32(static_cast<int>(a[g]));
    Unroll<kWhole>([&](auto i) EDDY_INLINE {
      sum[i] = _mm512_dpbf16_ps(sum[i], x, LoadPairs(panels + (i / kPanelVectors) * next + (i % kPanelVectors) * kLanes));
    });
    Unroll<kRest>([&](auto i)
                      EDDY_INLINE { sum[kWhole + i] = _mm512_dpbf16_ps(sum[kWhole + i], x, LoadPairs(rest + i * kLanes)); });
  }
  Unroll<kVectors>([&](auto i) EDDY_INLINE { _mm512_storeu_ps(out + i * kLanes, sum[i]); });
}

// Pairs of n <= 16 neighbouring elements of two rows; `second` null for zeros.
EDDY_INLINE inline __m512i PairRows(const float* first, const float* second, size_t n) {
  const __mmask16 mask = static_cast<__mmask16>((1u << n) - 1);
  const __m512 low = _mm512_maskz_loadu_ps(mask, first);
  const __m512 high = second == nullptr ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(mask, second);
  const __m512i l = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(low));
  const __m512i h = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(high));
  return _mm512_or_si512(l, _mm512_slli_epi32(h, 16));
}

// n contiguous values as Groups(n) pairs.
void RoundRow(const float* from, size_t n, Pair* to) {
  uint16_t* halves = reinterpret_cast<uint16_t*>(to);
  size_t k = 0;
  for (; k + kLanes <= n; k += kLanes) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(halves + k), (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(from + k)));
  }
  if (k == n) return;
  const __mmask16 rest = static_cast<__mmask16>((1u << (n - k)) - 1);
  const __mmask16 padded = static_cast<__mmask16>((1u << (n - k + n % 2)) - 1);
  _mm256_mask_storeu_epi16(halves + k, padded, (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(rest, from + k)));
}

void PackColumns(const float* const* columns, size_t count, size_t depth, size_t width, void* packed) {
  constexpr size_t kBlock = 64;
  alignas(64) Pair rounded[kPanelVectors * kLanes][kBlock / 2];
  Pair* to = static_cast<Pair*>(packed);
  for (size_t k = 0; k < depth; k += kBlock) {
    const size_t n = std::min(kBlock, depth - k), groups = (n + 1) / 2;
    for (size_t c = 0; c < width; ++c) {
      const float* column = c < count ? columns[c] : nullptr;
      if (column == nullptr) {
        std::fill_n(rounded[c], groups, Pair{0});
      } else {
        RoundRow(column + k, n, rounded[c]);
      }
    }
    const __m512i next = _mm512_mullo_epi32(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
                                            _mm512_set1_epi32(kBlock / 2));
    for (size_t g = 0; g < groups; ++g, to += width) {
      for (size_t c = 0; c < width; c += kLanes) {
        _mm512_storeu_si512(to + c, _mm512_i32gather_epi32(next, &rounded[c][g], 4));
      }
    }
  }
}

void PackPanel(const MatrixView& b, size_t first, size_t depth, size_t begin, size_t width, void* packed) {
  const size_t cols = std::min(width, b.cols - begin);
  if (b.col_stride != 1) {  // a transposed matrix
    const float* columns[kPanelVectors * kLanes];
    for (size_t n = 0; n < cols; ++n) columns[n] = b.data + first + (begin + n) * b.col_stride;
    return PackColumns(columns, cols, depth, width, packed);
  }
  Pair* to = static_cast<Pair*>(packed);
  for (size_t k = 0; k < depth; k += 2, to += width) {
    const float* row = b.data + (first + k) * b.row_stride + begin;
    const float* next = k + 1 < depth ? row + b.row_stride : nullptr;
    for (size_t n = 0; n < width; n += kLanes) {
      const size_t count = std::min(kLanes, cols > n ? cols - n : 0);
      _mm512_storeu_si512(to + n, count == 0 ? _mm512_setzero_si512() : PairRows(row + n, next ? next + n : next, count));
    }
  }
}

void PackTiles(const MatrixView& a, size_t first, size_t rows, size_t k, size_t depth, void* packed) {
  const size_t groups = (depth + 1) / 2;
  Pair* to = static_cast<Pair*>(packed);
  alignas(64) Pair pairs[kLanes * kTileRows];  // a whole number of tiles
  for (size_t g = 0; g < groups; ++g, to += kTileRows) {
    const float* row = a.data + first + (k + 2 * g) * a.col_stride;
    const float* next = 2 * g + 1 < depth ? row + a.col_stride : nullptr;
    for (size_t r = 0; r < rows; r += kLanes * kTileRows) {
      const size_t some = std::min(kLanes * kTileRows, rows - r);
      for (size_t i = 0; i < some; i += kLanes) {
        _mm512_store_si512(pairs + i, PairRows(row + r + i, next ? next + r + i : next, std::min(kLanes, some - i)));
      }
      for (size_t i = 0; i < some; i += kTileRows) std::memcpy(to + (r + i) * groups, pairs + i, kTileRows * sizeof(Pair));
    }
  }
}

void PackRows(const MatrixView& a, size_t first, size_t rows, size_t k, size_t depth, void* packed) {
  Pair* to = static_cast<Pair*>(packed);
  for (size_t r = 0; r < rows; ++r) RoundRow(a.data + (first + r) * a.row_stride + k, depth, to + r * ((depth + 1) / 2));
}

ProductKernels WithRows(ProductKernels kernels) {
  Unroll<kMostRowVectors>([&](auto i) EDDY_INLINE { kernels.row[i] = Row<i + 1>; });
  return kernels;
}

}  // namespace

const ProductKernels* Bfloat16Kernels() {
  static const ProductKernels kernels = WithRows({.lanes = kLanes,
                                                  .panel_vectors = kPanelVectors,
                                                  .group = 2,
                                                  .bytes = sizeof(Pair),
                                                  .packs_rows = true,
                                                  .pack_panel = PackPanel,
                                                  .pack_columns = PackColumns,
                                                  .pack_tiles = PackTiles,
                                                  .pack_rows = PackRows,
                                                  .tile = TileOfSize<>,
                                                  .tile_ahead = TileOfSize<Ahead>,
                                                  .row_vectors = kMostRowVectors});
  static const bool usable = __builtin_cpu_supports("avx512bf16") && FloatKernels().lanes == kLanes &&
                             FloatKernels().panel_vectors == kPanelVectors;
  return usable ? &kernels : nullptr;
}

}  // namespace eddy
HWY_POP_ATTRIBUTES

#else

namespace eddy {
const ProductKernels* Bfloat16Kernels() { return nullptr; }
}  // namespace eddy

#endif
