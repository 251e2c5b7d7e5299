#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "eddy/error.h"
#include "eddy/optim.h"
#include "optim/parameters.h"

namespace eddy {
namespace clip_test {

double Norm(const std::vector<Real>& values) {
  double sum = 0;
  for (Real x : values) sum += static_cast<double>(x) * x;
  return std::sqrt(sum);
}

TEST(clip, by_global_norm_scales_all_gradients_alike_and_returns_the_norm_before) {
  Threads threads(2);
  Parameters parameters({{40, 50}, {3}, {}});
  parameters.RandomGrads(1);
  const std::vector<Real> before = parameters.Grads();
  const double norm = GlobalNorm(parameters.pointers(), threads);
  EXPECT_EQ(ClipGlobalNorm(parameters.pointers(), 0.5, threads), norm);
  EXPECT_NEAR(norm, Norm(before), 1e-9 * norm);
  const std::vector<Real> after = parameters.Grads();
  EXPECT_NEAR(Norm(after), 0.5, 1e-6);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(after[i], before[i] * 0.5 / Norm(before), 1e-7);
}

TEST(clip, by_global_norm_leaves_gradients_below_the_limit) {
  Threads threads;
  Parameters parameters({Shape{4, 5}});
  parameters.RandomGrads(1);
  const std::vector<Real> before = parameters.Grads();
  ClipGlobalNorm(parameters.pointers(), Norm(before) * 1.001, threads);
  EXPECT_EQ(parameters.Grads(), before);
}

TEST(clip, by_global_norm_tells_of_gradients_that_are_not_finite_and_leaves_the_others) {
  Threads threads;
  for (Real bad : {std::numeric_limits<Real>::infinity(), std::numeric_limits<Real>::quiet_NaN()}) {
    Parameters parameters({Shape{4, 5}});
    parameters.RandomGrads(1);
    const Real second = parameters[0].grad[1];
    parameters[0].grad[0] = bad;
    EXPECT_FALSE(std::isfinite(ClipGlobalNorm(parameters.pointers(), 1, threads)));
    EXPECT_EQ(parameters[0].grad[1], second);
  }
}

TEST(clip, the_norm_of_huge_gradients_does_not_overflow) {
  Threads threads;
  Parameters parameters({Shape{4}});
  parameters[0].grad.Fill(1e30f);
  EXPECT_NEAR(ClipGlobalNorm(parameters.pointers(), 1, threads), 2e30, 1e24);
  for (Real g : parameters[0].grad.values()) EXPECT_NEAR(g, 0.5, 1e-6);
}

TEST(clip, by_value_limits_each_element) {
  Threads threads;
  Parameters parameters({Shape{40, 50}});
  parameters.RandomGrads(1);
  const std::vector<Real> before = parameters.Grads();
  ClipValue(parameters.pointers(), 0.25, threads);
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(parameters[0].grad[i], std::fabs(before[i]) <= 0.25 ? before[i] : std::copysign(0.25f, before[i]));
  }
}

TEST(clip, adaptively_limits_a_row_to_a_share_of_the_weights_of_that_row) {
  Threads threads(2);
  Parameters parameters({{3, 4}, {5}});
  parameters.RandomGrads(1);
  parameters[0].value.Fill(0.5f);                                    // rows of norm 1
  for (size_t i = 4; i < 8; ++i) parameters[0].value[i] = 0;         // a row of norm 0, taken as 1e-3
  for (size_t i = 8; i < 12; ++i) parameters[0].grad[i] = 0.00001f;  // a row below its limit
  const std::vector<Real> before = parameters.Grads();
  ClipAdaptive(parameters.pointers(), 0.01, threads);
  const std::vector<Real> after = parameters.Grads();
  const auto norm = [](const std::vector<Real>& all, size_t begin, size_t end) {
    return Norm({all.begin() + static_cast<ptrdiff_t>(begin), all.begin() + static_cast<ptrdiff_t>(end)});
  };
  EXPECT_NEAR(norm(after, 0, 4), 0.01, 1e-8);
  EXPECT_NEAR(norm(after, 4, 8), 1e-5, 1e-11);
  for (size_t i = 8; i < 12; ++i) EXPECT_EQ(after[i], before[i]);
  const auto weights = parameters[1].value.values();
  EXPECT_NEAR(norm(after, 12, 17), 0.01 * Norm({weights.begin(), weights.end()}), 1e-8);
  EXPECT_NEAR(after[0] / after[1], before[0] / before[1], 1e-5);
}

TEST(clip, gives_the_same_bits_for_any_number_of_threads) {
  const auto clipped = [](int thread_count) {
    Threads threads(thread_count, Threads::Share::kAlways);
    Parameters parameters({{300, 211}, {7}});
    parameters.RandomGrads(3);
    ClipAdaptive(parameters.pointers(), 0.5, threads);
    ClipGlobalNorm(parameters.pointers(), 0.5, threads);
    ClipValue(parameters.pointers(), 0.005, threads);
    return parameters.Grads();
  };
  const std::vector<Real> one = clipped(1);
  for (int threads : {2, 3, 7}) EXPECT_EQ(one, clipped(threads));
}

TEST(clip, refuses_a_limit_that_is_not_above_0) {
  Threads threads;
  for (double limit : {0., -1., std::nan(""), HUGE_VAL}) {
    EXPECT_THROW(ClipGlobalNorm({}, limit, threads), Error);
    EXPECT_THROW(ClipValue({}, limit, threads), Error);
    EXPECT_THROW(ClipAdaptive({}, limit, threads), Error);
  }
}

TEST(zero_grad, zeroes_every_gradient_even_nan) {
  Threads threads(2);
  Parameters parameters({{300, 211}, {7}});
  parameters.RandomGrads(3);
  parameters[1].grad[0] = std::numeric_limits<Real>::quiet_NaN();
  ZeroGrad(parameters.pointers(), threads);
  for (Real g : parameters.Grads()) EXPECT_EQ(g, 0);
}

}  // namespace clip_test
}  // namespace eddy
