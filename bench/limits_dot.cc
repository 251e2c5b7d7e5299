// Highway has no targets with these instructions in the version that we build with, hence the intrinsics.
#include "limits_dot.h"

#if defined(__x86_64__)

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"  // gcc 12's intrinsics begin with a vector of undefined values
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <utility>

#include "hwy/highway.h"

HWY_PUSH_ATTRIBUTES("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx512vnni,avx2,fma")
namespace limits {
namespace {

constexpr size_t kChains = 12, kLanes = 16;  // chains as in the loop of float32

using Add = __m512i (*)(__m512i, __m512i, __m512i);

__m512i AddPairs(__m512i sum, __m512i x, __m512i y) {
  return _mm512_castps_si512(_mm512_dpbf16_ps(_mm512_castsi512_ps(sum), (__m512bh)x, (__m512bh)y));
}
__m512i AddFours(__m512i sum, __m512i x, __m512i y) { return _mm512_dpbusd_epi32(sum, x, y); }

// Begins each chain with another value, of factors that the compiler does not know: it can neither join nor fold them.
template <Add kAdd, size_t... I>
float Chains(size_t steps, std::index_sequence<I...>) {
  volatile int first = 0x3f003f80, second = 0x3e803f00;  // as pairs of bfloat16 1 and 1/2, 1/2 and 1/4
  const __m512i x = _mm512_set1_epi32(first), y = _mm512_set1_epi32(second);
  __m512i sums[] = {_mm512_set1_epi32(static_cast<int>(I))...};
  for (size_t n = 0; n < steps; ++n) ((sums[I] = kAdd(sums[I], x, y)), ...);
  int sum = 0;
  ((sum ^= _mm512_reduce_add_epi32(sums[I])), ...);
  return static_cast<float>(sum);
}

template <Add kAdd>
float Run(size_t steps) {
  return Chains<kAdd>(steps, std::make_index_sequence<kChains>());
}

}  // namespace

const Loop* Bfloat16Loop() {
  static constexpr Loop kLoop = {2 * 2 * kLanes * kChains, Run<AddPairs>};
  return __builtin_cpu_supports("avx512bf16") ? &kLoop : nullptr;
}

const Loop* Int8Loop() {
  static constexpr Loop kLoop = {2 * 4 * kLanes * kChains, Run<AddFours>};
  return __builtin_cpu_supports("avx512vnni") ? &kLoop : nullptr;
}

}  // namespace limits
HWY_POP_ATTRIBUTES

#else

namespace limits {
const Loop* Bfloat16Loop() { return nullptr; }
const Loop* Int8Loop() { return nullptr; }
}  // namespace limits

#endif
