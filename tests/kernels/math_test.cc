// The vectorised activations against the standard library's in double, over all floats.
#include "kernels/math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace eddy {
namespace math_test {

#ifdef NDEBUG
constexpr uint64_t kStride = 1;
#else
constexpr uint64_t kStride = 4099;  // builds for debugging and sanitizers are too slow for all of them
#endif

float FromBits(uint64_t bits) {
  const uint32_t low = static_cast<uint32_t>(bits);
  float value;
  std::memcpy(&value, &low, sizeof(value));
  return value;
}

// Calls check(x, f(x)) for every float x whose magnitude is in [low, high), and for those negated.
template <class Check>
void ForFloats(void (*f)(const Real*, size_t, Real*), float low, float high, const Check& check) {
  constexpr size_t kBlock = 4096;
  uint32_t begin, end;
  std::memcpy(&begin, &low, sizeof(begin));
  std::memcpy(&end, &high, sizeof(end));
  std::vector<float> x, y(2 * kBlock);
  for (uint64_t bits = begin; bits < end;) {
    x.clear();
    for (; bits < end && x.size() < 2 * kBlock; bits += kStride) {
      x.push_back(FromBits(bits));
      x.push_back(-x.back());
    }
    f(x.data(), x.size(), y.data());
    for (size_t i = 0; i < x.size(); ++i) check(x[i], y[i]);
  }
}

// The size of the error, in units in the last place of the exact value.
double Ulps(float y, double exact) {
  const float rounded = static_cast<float>(std::abs(exact));
  const double unit = static_cast<double>(std::nextafterf(rounded, 1e38f)) - static_cast<double>(rounded);
  return std::abs(static_cast<double>(y) - exact) / unit;
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(Math, tanh_is_within_six_units_in_the_last_place_for_every_float_and_never_above_1) {
  double worst = 0;
  bool small = true, large = true, inside = true;
  ForFloats(TanhArray, 0, 1e-4f, [&](float x, float y) {  // where tanh x = x (1 - x^2 / 3)
    small = small && std::abs(y - x) <= std::abs(x) * 3e-7f;
  });
  ForFloats(TanhArray, 1e-4f, 9.2f, [&](float x, float y) {
    worst = std::max(worst, Ulps(y, std::tanh(static_cast<double>(x))));
    inside = inside && std::abs(y) <= 1;
  });
  ForFloats(TanhArray, 9.2f, kInfinity,
            [&](float x, float y) { large = large && std::abs(y) >= 0.9999997f && std::abs(y) <= 1 && y * x > 0; });
  EXPECT_LT(worst, 6);
  EXPECT_TRUE(small && large && inside);
}

TEST(Math, sigmoid_is_within_four_units_in_the_last_place_for_every_float_above_minus_87) {
  double worst = 0;
  ForFloats(SigmoidArray, 1e-9f, 87,
            [&](float x, float y) { worst = std::max(worst, Ulps(y, 1 / (1 + std::exp(-static_cast<double>(x))))); });
  EXPECT_LT(worst, 4);
  bool outside = true;
  ForFloats(SigmoidArray, 0, 1e-9f, [&](float, float y) { outside = outside && y == 0.5f; });
  ForFloats(SigmoidArray, 87, kInfinity,
            [&](float x, float y) { outside = outside && (x > 0 ? y == 1 : y > 0 && y < 2e-38f); });
  EXPECT_TRUE(outside);
}

TEST(Math, infinity_saturates_and_not_a_number_stays) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> x = {kInfinity, -kInfinity, nan, -nan};
  std::vector<float> y(4);
  TanhArray(x.data(), 4, y.data());
  EXPECT_EQ(y[0], 1);
  EXPECT_EQ(y[1], -1);
  EXPECT_TRUE(std::isnan(y[2]) && std::isnan(y[3]));
  SigmoidArray(x.data(), 4, y.data());
  EXPECT_EQ(y[0], 1);
  EXPECT_LT(y[1], 2e-38f);
  EXPECT_TRUE(std::isnan(y[2]) && std::isnan(y[3]));
}

}  // namespace math_test
}  // namespace eddy
