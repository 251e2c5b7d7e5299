#include "kernels/dropout.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "eddy/random.h"

namespace eddy {
namespace dropout_test {

TEST(Dropout, is_that_of_each_position_alone_for_every_length) {
  for (const float probability : {0.0f, 1e-8f, 0.3f, 0.9999999f}) {
    const Drop drop = {77, probability, Real{1.5}};
    for (size_t n = 0; n <= 70; ++n) {  // more than twice the widest vectors
      std::vector<Real> x(n), y(n + 1, Real{7}), sums(n + 1, Real{0.25});
      for (size_t i = 0; i < n; ++i) x[i] = static_cast<Real>(i) - 20;
      DropElements(drop, 5 * n, x.data(), n, y.data());
      AddDropped(drop, 5 * n, x.data(), n, sums.data());
      for (size_t i = 0; i < n; ++i) {
        const Real expected = RandomAt(77, 5 * n + i) < probability ? 0 : x[i] * Real{1.5};
        EXPECT_EQ(y[i], expected) << probability << ", " << n << " elements, number " << i;
        EXPECT_EQ(sums[i], Real{0.25} + expected);
      }
      EXPECT_EQ(y[n], Real{7}) << "written beyond the end";
      EXPECT_EQ(sums[n], Real{0.25}) << "written beyond the end";
    }
  }
}

TEST(Dropout, hides_no_nan) {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  std::vector<Real> x(40, nan);
  DropElements({1, 0.5f, 2}, 0, x.data(), x.size(), x.data());
  for (const Real y : x) EXPECT_NE(y, y);
}

}  // namespace dropout_test
}  // namespace eddy
