#include <gtest/gtest.h>

#include <cmath>

#include "eddy/random.h"
#include "floors/convolution_classifier.h"
#include "model/temporary_directory.h"
#include "tasks/classify/scores.h"

namespace eddy {
namespace convolutions_test {

std::vector<float> RandomSeries(size_t steps, size_t columns, uint64_t seed) {
  Random random(seed);
  std::vector<float> series(steps * columns);
  for (float& value : series) value = static_cast<float>(random.Normal());
  return series;
}

// The share of steps at which the kernel whose taps a, b and c weigh 2, at dilation 1, is above the threshold.
float ShareAbove(const std::vector<float>& x, size_t a, size_t b, size_t c, float threshold, bool within) {
  const auto steps = static_cast<ptrdiff_t>(x.size());
  ptrdiff_t above = 0, asked = 0;
  for (ptrdiff_t t = within ? 4 : 0; t < (within ? steps - 4 : steps); ++t) {
    double sum = 0;
    for (size_t tap = 0; tap < 9; ++tap) {
      const ptrdiff_t at = t + static_cast<ptrdiff_t>(tap) - 4;
      const double weight = tap == a || tap == b || tap == c ? 2 : -1;
      if (at >= 0 && at < steps) sum += weight * double{x[static_cast<size_t>(at)]};
    }
    above += sum > double{threshold};
    ++asked;
  }
  return static_cast<float>(above) / static_cast<float>(asked);
}

TEST(convolution_features, are_the_shares_of_steps_at_which_each_kernel_is_above_its_threshold) {
  const ConvolutionFeatures features({.columns = 1, .span = 9, .per_kernel = 2});
  ASSERT_EQ(features.size(), 168u);
  for (const size_t steps : {1u, 5u, 8u, 9u, 40u}) {
    const std::vector<float> series = RandomSeries(steps, 1, steps);
    std::vector<float> differences(steps);
    for (size_t t = 1; t < steps; ++t) differences[t] = series[t] - series[t - 1];
    const std::vector<float> thresholds = RandomSeries(168, 1, 7);
    std::vector<float> made(168);
    features.Of(series, thresholds, made);
    size_t kernel = 0;
    for (size_t a = 0; a < 9; ++a) {
      for (size_t b = a + 1; b < 9; ++b) {
        for (size_t c = b + 1; c < 9; ++c, ++kernel) {
          const bool within = kernel % 2 == 1 && steps > 8;
          EXPECT_EQ(made[kernel], ShareAbove(series, a, b, c, thresholds[kernel], within)) << steps << ", " << kernel;
          EXPECT_EQ(made[84 + kernel], ShareAbove(differences, a, b, c, thresholds[84 + kernel], within)) << kernel;
        }
      }
    }
  }
}

TEST(convolution_features, of_a_shape_out_of_range_are_an_error) {
  EXPECT_ERROR(ConvolutionFeatures({.columns = 0, .span = 9, .per_kernel = 2}), "columns must be 1");
  EXPECT_ERROR(ConvolutionFeatures({.columns = 1, .span = 0, .per_kernel = 2}), "span must be 1");
  EXPECT_ERROR(ConvolutionFeatures({.columns = 1, .span = 9, .per_kernel = 3}), "even");
}

// Waves of three lengths, each begun anywhere, under noise; or with labels that say nothing.
struct Waves {
  std::vector<std::vector<float>> series;
  std::vector<int32_t> targets;

  Waves(size_t count, size_t columns, bool by_chance, uint64_t seed) {
    Random random(seed);
    for (size_t i = 0; i < count; ++i) {
      const auto wave = static_cast<int32_t>(random.Below(3));
      const double start = 6 * random.Uniform();
      std::vector<float> values = RandomSeries(30 + random.Below(20), columns, seed * 1000 + i);
      for (size_t t = 0; t * columns < values.size(); ++t) {
        values[t * columns] += static_cast<float>(2 * std::sin(start + static_cast<double>(t) / (1 + wave)));
      }
      series.push_back(std::move(values));
      targets.push_back(by_chance ? static_cast<int32_t>(random.Below(3)) : wave);
    }
  }
  SeriesSpans spans() const { return {series.begin(), series.end()}; }
};

double Accuracy(std::span<const double> odds, std::span<const int32_t> targets) {
  return ScoreLogits({odds.begin(), odds.end()}, targets, 3).accuracy;
}

TEST(convolution_classifier, tells_waves_of_several_lengths_apart_on_any_number_of_threads) {
  for (const size_t columns : {1u, 4u}) {
    const Waves train(60, columns, false, 1), asked(60, columns, false, 2);
    Threads one, three(3, Threads::Share::kAlways);
    const ConvolutionClassifier classifier = FitConvolutions(train.spans(), train.targets, 3, columns, 40, one);
    const ConvolutionClassifier same = FitConvolutions(train.spans(), train.targets, 3, columns, 40, three);
    EXPECT_EQ(classifier.ridge.weights, same.ridge.weights);
    EXPECT_EQ(classifier.ridge.bias, same.ridge.bias);
    EXPECT_EQ(classifier.thresholds, same.thresholds);
    const std::vector<double> odds = ConvolutionLogOdds(classifier, asked.spans(), one);
    EXPECT_EQ(odds, ConvolutionLogOdds(same, asked.spans(), three));
    EXPECT_GT(Accuracy(odds, asked.targets), 0.9);
    EXPECT_GT(Accuracy(classifier.ridge.left_out, train.targets), 0.9);
  }
}

TEST(convolution_classifier, claims_nothing_about_examples_left_out_where_labels_are_drawn_by_chance) {
  const Waves train(90, 1, true, 3);
  Threads threads;
  const ConvolutionClassifier classifier = FitConvolutions(train.spans(), train.targets, 3, 1, 40, threads);
  const ClassScores scores = ScoreLogits(classifier.ridge.left_out, train.targets, 3);
  EXPECT_LT(scores.accuracy, 0.5);
  EXPECT_GT(scores.log_loss, 1.0);  // of which ln 3 = 1.1 knows nothing
}

TEST(convolution_classifier, learns_from_series_that_are_all_the_same) {
  const std::vector<float> constant(12, 1.0f);
  const SeriesSpans train(4, constant);
  const std::vector<int32_t> targets = {0, 1, 2, 0};
  Threads threads;
  const ConvolutionClassifier classifier = FitConvolutions(train, targets, 3, 1, 12, threads);
  for (const double odds : ConvolutionLogOdds(classifier, train, threads)) EXPECT_TRUE(std::isfinite(odds));
}

}  // namespace convolutions_test
}  // namespace eddy
