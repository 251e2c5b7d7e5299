// Numbers of 8 bits of exponent and 8 of mantissa: the upper half of a float.
#pragma once

#include <bit>
#include <cstdint>

namespace eddy {

// The nearest, of two as near the even one; NaN stays NaN, and what is beyond the largest becomes infinite.
inline uint16_t ToBfloat16(float x) {
  uint32_t bits = std::bit_cast<uint32_t>(x);
  bits = x == x ? bits + 0x7FFF + (bits >> 16 & 1) : bits | 0x400000;
  return static_cast<uint16_t>(bits >> 16);
}

inline float FromBfloat16(uint16_t half) { return std::bit_cast<float>(static_cast<uint32_t>(half) << 16); }

}  // namespace eddy
