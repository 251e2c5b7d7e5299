#include "eddy/random.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "eddy/error.h"

namespace eddy {

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) word = MixBits(seed++);
}

Random::Random(const State& state) : state_(state) {
  Require(state != State{}, "random", "state", "not all zeros", "all zeros");
}

uint64_t Random::Bits() {
  auto& [a, b, c, d] = state_;
  const uint64_t result = std::rotl(a + d, 23) + a;
  const uint64_t shifted = b << 17;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = std::rotl(d, 45);
  return result;
}

double Random::Uniform() { return static_cast<double>(Bits() >> 11) * 0x1p-53; }

double Random::Normal() {
  const double radius = std::sqrt(-2 * std::log(1 - Uniform()));  // 1 - u is in (0, 1]: the logarithm is finite
  return radius * std::cos(2 * std::numbers::pi * Uniform());
}

uint64_t Random::Below(uint64_t bound) {
  Require(bound > 0, "random", "bound", "above 0", "0");
  const uint64_t rejected = -bound % bound;  // 2^64 mod bound: below it the remainder would be biased
  for (;;) {
    const uint64_t bits = Bits();
    if (bits >= rejected) return bits % bound;
  }
}

}  // namespace eddy
