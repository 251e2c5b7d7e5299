#include <gtest/gtest.h>

#include <cmath>

#include "eddy/error.h"
#include "eddy/optim.h"
#include "optim/parameters.h"

namespace eddy {
namespace weight_average_test {

TEST(weight_average, warms_up_and_then_decays) {
  Threads threads;
  Parameters parameters({Shape{1}});
  parameters[0].value[0] = 0;
  WeightAverage average(0.5, parameters.pointers(), threads);
  double expected = 0;
  for (int n = 0; n < 30; ++n) {
    parameters[0].value[0] = static_cast<Real>(n);
    const double decay = std::min(0.5, (1. + n) / (10. + n));
    expected = decay * expected + (1 - decay) * n;
    average.Update();
    EXPECT_NEAR(average.values()[0][0], expected, 1e-5);
  }
  EXPECT_EQ(average.updates, 30);
}

TEST(weight_average, swaps_to_the_average_and_back_in_the_arrays_others_hold) {
  Threads threads(2);
  Parameters parameters({Shape{300, 100}});
  WeightAverage average(0.9, parameters.pointers(), threads);
  const Tensor held = parameters[0].value;
  const std::vector<Real> before = parameters.Values();
  held.Fill(2);
  average.Swap();
  EXPECT_EQ(parameters.Values(), before);
  EXPECT_EQ(held.data(), parameters[0].value.data());
  average.Swap();
  for (Real x : held.values()) EXPECT_EQ(x, 2);
}

TEST(weight_average, refuses_a_decay_out_of_range) {
  Threads threads;
  for (double decay : {-0.1, 1., std::nan("")}) EXPECT_THROW(WeightAverage(decay, {}, threads), Error);
}

}  // namespace weight_average_test
}  // namespace eddy
