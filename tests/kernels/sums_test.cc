#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "eddy/random.h"
#include "kernels/column_sums.h"
#include "kernels/loops.h"
#include "kernels/normalize.h"
#include "kernels/sum_of_squares.h"

namespace eddy {
namespace sums_test {

constexpr size_t kMostLength = 70;  // more than twice the eight widest vectors of doubles

std::vector<Real> Numbers(size_t n, uint64_t seed) {
  Random random(seed);
  std::vector<Real> numbers(n);
  for (Real& number : numbers) number = static_cast<Real>(3 + random.Normal());
  return numbers;
}

TEST(Sums, of_squares_are_eight_interleaved_ones_for_every_length) {
  for (size_t n = 0; n <= 2 * kMostLength; ++n) {
    const std::vector<Real> x = Numbers(n, n);
    EXPECT_EQ(SumOfSquares(x.data(), n), Sum(n, [&](size_t i) { return static_cast<double>(x[i]) * x[i]; })) << n;
  }
}

TEST(Sums, of_columns_equal_a_plain_loop_for_every_width) {
  constexpr size_t kRows = 13;
  for (size_t cols = 0; cols <= 2 * kMostLength; ++cols) {
    const size_t stride = cols + 3;
    const std::vector<Real> values = Numbers(kRows * stride, cols), factors = Numbers(kRows * stride, cols + 1000);
    for (const bool weighted : {false, true}) {
      std::vector<Real> sums(cols + 1, Real{0.5});
      AddColumnSums(values.data(), weighted ? factors.data() : nullptr, stride, kRows, cols, sums.data());
      for (size_t j = 0; j < cols; ++j) {
        double sum = 0;
        for (size_t r = 0; r < kRows; ++r) {
          const double factor = weighted ? static_cast<double>(factors[r * stride + j]) : 1;
          sum += static_cast<double>(values[r * stride + j]) * factor;
        }
        EXPECT_NEAR(static_cast<double>(sums[j]), 0.5 + sum, 1e-6 * std::abs(sum)) << cols << " columns, number " << j;
      }
      EXPECT_EQ(sums[cols], Real{0.5}) << "written beyond the end";
    }
  }
}

TEST(Sums, a_normalised_row_has_mean_0_and_variance_1_for_every_length) {
  for (size_t n = 2; n <= kMostLength; ++n) {
    const std::vector<Real> values = Numbers(n, n), gain = Numbers(n, n + 100), shift = Numbers(n, n + 200);
    std::vector<Real> out(n + 1, Real{7}), scaled(n + 1, Real{7}), in_place = values;
    const Real factor = NormalizeRow(values.data(), n, gain.data(), shift.data(), out.data(), scaled.data());
    EXPECT_EQ(NormalizeRow(in_place.data(), n, gain.data(), nullptr, nullptr, in_place.data()), factor);
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; ++i) {
      const double product = static_cast<double>(out[i]) * static_cast<double>(gain[i]);
      EXPECT_NEAR(static_cast<double>(in_place[i]), product, 1e-6 * std::abs(product));
      EXPECT_NEAR(static_cast<double>(scaled[i]), product + static_cast<double>(shift[i]), 1e-6);
      mean += static_cast<double>(out[i]) / static_cast<double>(n);
      squares += static_cast<double>(out[i]) * static_cast<double>(out[i]) / static_cast<double>(n);
    }
    EXPECT_NEAR(mean, 0, 1e-6) << n;
    EXPECT_NEAR(squares, 1, 1e-2) << n;  // less by 1e-5 over the variance
    EXPECT_EQ(out[n], Real{7}) << "written beyond the end";
    EXPECT_EQ(scaled[n], Real{7}) << "written beyond the end";
  }
}

TEST(Sums, the_gradient_of_a_normalised_row_equals_its_formula_for_every_length) {
  for (size_t n = 1; n <= kMostLength; ++n) {
    const std::vector<Real> d_out = Numbers(n, n), normalized = Numbers(n, n + 100), gain = Numbers(n, n + 200);
    std::vector<Real> d_values(n + 1, Real{7});
    NormalizeRowBackward(d_out.data(), normalized.data(), Real{0.5}, gain.data(), n, d_values.data());
    double mean = 0, along = 0;
    const auto g = [&](size_t i) { return static_cast<double>(d_out[i]) * static_cast<double>(gain[i]); };
    for (size_t i = 0; i < n; ++i) {
      mean += g(i) / static_cast<double>(n);
      along += g(i) * static_cast<double>(normalized[i]) / static_cast<double>(n);
    }
    for (size_t i = 0; i < n; ++i) {
      const double expected = 0.5 * (g(i) - mean - static_cast<double>(normalized[i]) * along);
      EXPECT_NEAR(static_cast<double>(d_values[i]), expected, 1e-5 * (1 + std::abs(expected))) << n << ", number " << i;
    }
    EXPECT_EQ(d_values[n], Real{7}) << "written beyond the end";
  }
}

}  // namespace sums_test
}  // namespace eddy
