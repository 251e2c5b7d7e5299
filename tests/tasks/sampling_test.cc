#include "decode/sampling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "eddy/error.h"

namespace eddy {
namespace sampling_test {

const std::vector<Real> kLogits = {std::log(0.5f), std::log(0.2f), std::log(0.25f), std::log(0.05f)};

std::vector<double> Shares(const SamplingOptions& options, int32_t never = -1) {
  constexpr int kDraws = 20'000;
  Sampler sampler(options, never, 1);
  std::vector<double> shares(kLogits.size());
  for (int i = 0; i < kDraws; ++i) shares[static_cast<size_t>(sampler.Draw(kLogits))] += 1.0 / kDraws;
  return shares;
}

TEST(Sampling, temperature_one_draws_with_the_models_probabilities) {
  const std::vector<double> shares = Shares({1, 0, 1});
  for (size_t i = 0; i < shares.size(); ++i) EXPECT_NEAR(shares[i], std::exp(kLogits[i]), 0.02);
}

TEST(Sampling, temperature_zero_takes_the_likeliest) { EXPECT_NEAR(Shares({0, 0, 1})[0], 1, 1e-9); }

TEST(Sampling, top_k_keeps_the_k_likeliest) {
  const std::vector<double> shares = Shares({1, 2, 1});
  EXPECT_NEAR(shares[0], 2.0 / 3, 0.02);
  EXPECT_NEAR(shares[2], 1.0 / 3, 0.02);
  EXPECT_EQ(shares[1] + shares[3], 0);
}

TEST(Sampling, top_p_keeps_the_likeliest_that_reach_it) {
  EXPECT_NEAR(Shares({1, 0, 0.4})[0], 1, 1e-9);
  const std::vector<double> shares = Shares({1, 0, 0.74});
  EXPECT_EQ(shares[1] + shares[3], 0);
  EXPECT_GT(shares[2], 0);
}

TEST(Sampling, the_token_left_out_is_never_drawn) {
  EXPECT_EQ(Shares({1, 0, 1}, 0)[0], 0);
  EXPECT_NEAR(Shares({0, 0, 1}, 0)[2], 1, 1e-9);
}

TEST(Sampling, options_out_of_range_are_errors) {
  EXPECT_THROW(Sampler({-1, 0, 1}, -1, 1), Error);
  EXPECT_THROW(Sampler({std::numeric_limits<double>::quiet_NaN(), 0, 1}, -1, 1), Error);
  EXPECT_THROW(Sampler({1, 0, 0}, -1, 1), Error);
  EXPECT_THROW(Sampler({1, 0, 1.5}, -1, 1), Error);
}

}  // namespace sampling_test
}  // namespace eddy
