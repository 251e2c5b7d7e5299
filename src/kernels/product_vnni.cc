// Products of whole numbers by AVX512_VNNI, whose instruction adds four products of an unsigned and a signed byte to a sum.
// Rows are thus stored with 128 added, and each column knows by how much that raises its sums.
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
#include "kernels/quantize.h"

#define EDDY_INLINE __attribute__((always_inline))

HWY_PUSH_ATTRIBUTES("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")
namespace eddy {
namespace {

constexpr size_t kLanes = 16, kPanelVectors = 4, kGroup = 4;
constexpr int kShift = 128;
using Four = uint32_t;  // neighbours along the inner dimension, the first in the lowest byte

template <size_t N, class F>
EDDY_INLINE inline void Unroll(const F& f) {
  [&]<size_t... I>(std::index_sequence<I...>) EDDY_INLINE { (f(std::integral_constant<size_t, I>()), ...); }
  (std::make_index_sequence<N>());
}

EDDY_INLINE inline float AsFloat(Four bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

// A part of a panel: the scales of its columns, what the shift adds to their sums, then the columns.
template <size_t kRows, size_t kVectors>
void Tile(const Four* a, size_t a_row, const Four* panel, size_t groups, const float* start, size_t start_stride, float* out,
          size_t out_stride) {
  constexpr size_t kWidth = kVectors * kLanes;
  const float* scales = reinterpret_cast<const float*>(panel);
  const Four* shifts = panel + kWidth;
  panel += 2 * kWidth;
  __m512i sum[kRows * kVectors];
  Unroll<kRows * kVectors>([&](auto i) EDDY_INLINE {
    sum[i] = _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_loadu_si512(shifts + i % kVectors * kLanes));
  });
  for (size_t g = 0; g < groups; ++g, panel += kWidth) {
    __m512i b[kVectors];
    Unroll<kVectors>([&](auto v) EDDY_INLINE { b[v] = _mm512_loadu_si512(panel + v * kLanes); });
    Unroll<kRows>([&](auto r) EDDY_INLINE {
      const __m512i x = _mm512_set1_epi32(static_cast<int>(a[r * a_row + 1 + g]));
      Unroll<kVectors>([&](auto v)
                           EDDY_INLINE { sum[r * kVectors + v] = _mm512_dpbusd_epi32(sum[r * kVectors + v], x, b[v]); });
    });
  }
  Unroll<kRows * kVectors>([&](auto i) EDDY_INLINE {
    constexpr size_t r = i / kVectors, n = i % kVectors * kLanes;
    const __m512 scale = _mm512_mul_ps(_mm512_set1_ps(AsFloat(a[r * a_row])), _mm512_loadu_ps(scales + n));
    const __m512 from = start == nullptr ? _mm512_setzero_ps() : _mm512_loadu_ps(start + r * start_stride + n);
    _mm512_storeu_ps(out + r * out_stride + n, _mm512_add_ps(from, _mm512_mul_ps(scale, _mm512_cvtepi32_ps(sum[i]))));
  });
}

using TileKernel = void (*)(const Four*, size_t, const Four*, size_t, const float*, size_t, float*, size_t);

template <size_t... I>
constexpr std::array<TileKernel, sizeof...(I)> TileTable(std::index_sequence<I...>) {
  return {Tile<I / kPanelVectors + 1, I % kPanelVectors + 1>...};
}

void TileOfSize(size_t rows, size_t vectors, const void* a, size_t a_row, size_t /*a_col: 1*/, const void* panel,
                size_t groups, const float* start, size_t start_stride, float* out, size_t out_stride) {
  static constexpr auto kTiles = TileTable(std::make_index_sequence<kTileRows * kPanelVectors>());
  kTiles[(rows - 1) * kPanelVectors + vectors - 1](static_cast<const Four*>(a), a_row, static_cast<const Four*>(panel),
                                                   groups, start, start_stride, out, out_stride);
}

template <size_t kVectors>
void Row(const void* packed_a, const void* packed, size_t groups, const float* start, float* out) {
  constexpr size_t kPanels = kVectors / kPanelVectors, kRest = kVectors % kPanelVectors;
  constexpr size_t kWidth = kPanelVectors * kLanes, kRestWidth = kRest * kLanes;
  const Four *a = static_cast<const Four*>(packed_a), *panels = static_cast<const Four*>(packed);
  // Row `line` of the panel that vector i is in.
  const auto at = [&](auto i, size_t line) EDDY_INLINE {
    const Four* panel = panels + i / kPanelVectors * (groups + 2) * kWidth + i % kPanelVectors * kLanes;
    return panel + line * (i / kPanelVectors < kPanels ? kWidth : kRestWidth);
  };
  __m512i sum[kVectors];
  Unroll<kVectors>([&](auto i)
                       EDDY_INLINE { sum[i] = _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_loadu_si512(at(i, 1))); });
  for (size_t g = 0; g < groups; ++g) {
    const __m512i x = _mm512_set1_epi32(static_cast<int>(a[1 + g]));
    Unroll<kVectors>([&](auto i) EDDY_INLINE { sum[i] = _mm512_dpbusd_epi32(sum[i], x, _mm512_loadu_si512(at(i, 2 + g))); });
  }
  const __m512 row_scale = _mm512_set1_ps(AsFloat(a[0]));
  Unroll<kVectors>([&](auto i) EDDY_INLINE {
    const __m512 scale = _mm512_mul_ps(row_scale, _mm512_loadu_ps(at(i, 0)));
    const __m512 from = start == nullptr ? _mm512_setzero_ps() : _mm512_loadu_ps(start + i * kLanes);
    _mm512_storeu_ps(out + i * kLanes, _mm512_add_ps(from, _mm512_mul_ps(scale, _mm512_cvtepi32_ps(sum[i]))));
  });
}

// Element k of a panel's column n is byte k % 4 of its element [k / 4][n].
void PackColumns(const float* const* columns, size_t count, size_t depth, size_t width, void* packed) {
  const size_t groups = (depth + kGroup - 1) / kGroup;
  Four* to = static_cast<Four*>(packed);
  std::fill_n(to, (groups + 2) * width, Four{0});
  for (size_t n = 0; n < std::min(count, width); ++n) {
    const float* column = columns[n];
    if (column == nullptr) continue;
    const float scale = ScaleOf(column, depth), inverse = InverseOf(scale);
    std::memcpy(to + n, &scale, sizeof(scale));
    int sum = 0;
    for (size_t k = 0; k < depth && inverse > 0; ++k) {
      const int number = Quantized(column[k], inverse);
      sum += number;
      to[(2 + k / kGroup) * width + n] |= static_cast<Four>(static_cast<uint8_t>(number)) << (8 * (k % kGroup));
    }
    to[width + n] = static_cast<Four>(sum * kShift);
  }
}

void PackPanel(const MatrixView& b, size_t first, size_t depth, size_t begin, size_t width, void* packed) {
  PackCopiedColumns(PackColumns, b, first, depth, begin, width, packed);
}

// As ScaleOf.
float ScaleOfRow(const float* x, size_t n) {
  __m512 most = _mm512_setzero_ps();
  __mmask16 finite = 0xFFFF;
  const __m512 limit = _mm512_set1_ps(std::numeric_limits<float>::max());
  for (size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = n - i >= kLanes ? __mmask16{0xFFFF} : static_cast<__mmask16>((1u << (n - i)) - 1);
    const __m512 magnitude = _mm512_abs_ps(_mm512_maskz_loadu_ps(mask, x + i));
    most = _mm512_max_ps(magnitude, most);
    finite = static_cast<__mmask16>(finite & _mm512_cmp_ps_mask(magnitude, limit, _CMP_LE_OQ));
  }
  return finite == 0xFFFF ? _mm512_reduce_max_ps(most) / 127.0f : std::numeric_limits<float>::quiet_NaN();
}

void PackRows(const MatrixView& a, size_t first, size_t rows, size_t k, size_t depth, void* packed) {
  const size_t groups = (depth + kGroup - 1) / kGroup;
  Four* to = static_cast<Four*>(packed);
  for (size_t r = 0; r < rows; ++r, to += groups + 1) {
    const float* row = a.data + (first + r) * a.row_stride + k;
    const float scale = ScaleOfRow(row, depth), inverse = InverseOf(scale);
    std::memcpy(to, &scale, sizeof(scale));
    uint8_t* numbers = reinterpret_cast<uint8_t*>(to + 1);
    for (size_t i = 0; i < groups * kGroup; i += kLanes) {
      const size_t stored = std::min(kLanes, groups * kGroup - i), loaded = depth > i ? std::min(kLanes, depth - i) : 0;
      const __mmask16 mask = static_cast<__mmask16>((1u << loaded) - 1);
      const __m512 x = _mm512_mul_ps(_mm512_maskz_loadu_ps(mask, row + i), _mm512_set1_ps(inverse));
      const __m512i shifted = _mm512_add_epi32(_mm512_cvtps_epi32(x), _mm512_set1_epi32(kShift));
      _mm_mask_storeu_epi8(numbers + i, static_cast<__mmask16>((1u << stored) - 1), _mm512_cvtepi32_epi8(shifted));
    }
  }
}

ProductKernels WithRows(ProductKernels kernels) {
  Unroll<kMostRowVectors>([&](auto i) EDDY_INLINE { kernels.row[i] = Row<i + 1>; });
  return kernels;
}

}  // namespace

const ProductKernels* VnniKernels() {
  static const ProductKernels kernels = WithRows({.lanes = kLanes,
                                                  .panel_vectors = kPanelVectors,
                                                  .group = kGroup,
                                                  .bytes = sizeof(Four),
                                                  .packs_rows = true,
                                                  .panel_header = 2,
                                                  .row_header = 1,
                                                  .pack_panel = PackPanel,
                                                  .pack_columns = PackColumns,
                                                  .pack_tiles = nullptr,
                                                  .pack_rows = PackRows,
                                                  .tile = TileOfSize,
                                                  .row_vectors = kMostRowVectors});
  static const bool usable = __builtin_cpu_supports("avx512vnni") && FloatKernels().lanes == kLanes &&
                             FloatKernels().panel_vectors == kPanelVectors;
  return usable ? &kernels : nullptr;
}

}  // namespace eddy
HWY_POP_ATTRIBUTES

#else

namespace eddy {
const ProductKernels* VnniKernels() { return nullptr; }
}  // namespace eddy

#endif
