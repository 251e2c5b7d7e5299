// Random numbers that are the same on every machine and library, with a state small enough to store in a checkpoint.
// Random is a sequential generator (xoshiro256++, Blackman and Vigna 2019); RandomAt is a stateless hash of a position, so
// that a dropout mask depends neither on threads nor on the order in which its elements are made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

// SplitMix64's finaliser (Steele, Lea and Flood 2014): a bijection whose outputs pass as random.
constexpr uint64_t MixBits(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// Uniform in [0, 1), a pure function of the stream's key and the position in it: SplitMix64 begun at the key.
constexpr float RandomAt(uint64_t key, uint64_t position) {
  return static_cast<float>(MixBits(key + position * 0x9e3779b97f4a7c15u) >> 40) * 0x1p-24f;
}

class Random {
 public:
  using State = std::array<uint64_t, 4>;

  explicit Random(uint64_t seed);
  explicit Random(const State& state);  // throws Error for all zeros, from which nothing but zeros would come
  const State& state() const { return state_; }

  uint64_t Bits();
  double Uniform();                // in [0, 1)
  double Normal();                 // mean 0, variance 1; two uniforms a call
  uint64_t Below(uint64_t bound);  // in [0, bound), unbiased; throws Error for 0

  // Fisher-Yates, in place, over anything with size() and [].
  template <class Range>
  void Shuffle(Range& range) {
    for (size_t i = range.size(); i > 1; --i) std::swap(range[i - 1], range[Below(i)]);
  }

 private:
  State state_;
};

}  // namespace eddy
EDDY_API_END
