#include "metrics/class_offset.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "eddy/random.h"

namespace eddy {
namespace class_offset_test {

TEST(class_offset, takes_back_what_favouring_a_class_has_added) {
  Random random(1);
  std::vector<double> log_odds;
  std::vector<uint8_t> second;
  for (size_t i = 0; i < 20'000; ++i) {
    const double p = 0.3 * random.Uniform() + 0.01;
    log_odds.push_back(std::log(p / (1 - p)) + 1.5);
    second.push_back(random.Uniform() < p);
  }
  EXPECT_NEAR(FitClassOffset(log_odds, second), -1.5, 0.05);
}

TEST(class_offset, few_examples_of_one_class_are_no_certainty) {
  const double offset = FitClassOffset(std::vector<double>(3, 0.0), std::vector<uint8_t>{1, 1, 1});
  EXPECT_NEAR(1 / (1 + std::exp(-offset)), 0.8, 1e-9);  // (3 + 1) / (3 + 2)
}

}  // namespace class_offset_test
}  // namespace eddy
