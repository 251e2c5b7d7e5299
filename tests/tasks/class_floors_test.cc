#include <gtest/gtest.h>

#include <cmath>

#include "eddy/random.h"
#include "floors/logistic.h"
#include "floors/ngram_classifier.h"
#include "tasks/classify/floors.h"
#include "tasks/classify/nearest_neighbour.h"

namespace eddy {
namespace class_floors_test {

SparseRows RandomRows(size_t rows, size_t features) {
  SparseRows made;
  Random random(1);
  for (size_t i = 0; i < rows; ++i) {
    for (uint32_t f = 0; f < features; ++f) {
      if (random.Uniform() < 0.4) made.indices.push_back(f);
    }
    made.ends.push_back(made.indices.size());
  }
  return made;
}

TEST(logistic_regression, is_where_the_gradient_of_its_loss_is_zero) {
  const SparseRows rows = RandomRows(60, 5);
  const std::vector<double> values = {1, -2, 0.5, 3, 0};
  std::vector<uint8_t> positive;
  Random random(2);
  for (size_t i = 0; i < rows.size(); ++i) positive.push_back(random.Uniform() < 0.3);
  LogisticOptions options;
  options.cost = 0.7;
  options.tolerance = 1e-9;
  options.most_passes = 1000;
  const LogisticModel model = FitLogistic(rows, values, positive, options);
  double bias_gradient = model.bias;
  std::vector<double> gradient = model.weights;
  for (size_t i = 0; i < rows.size(); ++i) {
    double log_odds = model.bias;
    for (const uint32_t f : rows.row(i)) log_odds += model.weights[f] * values[f];
    const double p = 1 / (1 + std::exp(-log_odds));
    bias_gradient += options.cost * (p - positive[i]);
    for (const uint32_t f : rows.row(i)) gradient[f] += options.cost * (p - positive[i]) * values[f];
  }
  EXPECT_NEAR(bias_gradient, 0, 1e-6);
  for (const double g : gradient) EXPECT_NEAR(g, 0, 1e-6);
}

TEST(ngram_classifier, learns_pairs_of_words) {
  const CutSentences train = {{"not", "good"}, {"good"}, {"not", "bad"}, {"bad"}, {"very", "good"}, {"very", "bad"}};
  const std::vector<int32_t> targets = {0, 1, 1, 0, 1, 0};
  const CutSentences asked = {{"not", "good"}, {"not", "bad"}, {"good"}, {}, {"never", "seen"}};
  Threads threads;
  const std::vector<double> p = NgramProbabilities(FitNgrams(train, targets, 2, threads), asked);
  EXPECT_GT(p[0], 0.5);
  EXPECT_GT(p[3], 0.5);
  EXPECT_GT(p[5], 0.5);
  for (size_t i = 0; i < p.size(); i += 2) EXPECT_NEAR(p[i] + p[i + 1], 1, 1e-12);
}

TEST(ngram_classifier, sentences_without_words_do_not_decide_about_those_with) {
  CutSentences train, asked;
  std::vector<int32_t> targets, right;
  Random random(1);
  const char* const filler[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
  for (size_t i = 0; i < 400; ++i) {
    const auto target = static_cast<int32_t>(random.Below(2));
    std::vector<std::string> sentence = {target == 1 ? "good" : "bad"};
    for (int k = 0; k < 8; ++k) sentence.push_back(filler[random.Below(8)]);
    const bool empty = target == 0 && i % 10 == 0;
    CutSentences& set = i < 300 ? train : asked;
    set.push_back(empty ? std::vector<std::string>() : sentence);
    (i < 300 ? targets : right).push_back(target);
  }
  Threads threads(2);
  const std::vector<double> p = NgramProbabilities(FitNgrams(train, targets, 2, threads), asked);
  size_t wrong = 0;
  for (size_t i = 0; i < right.size(); ++i) wrong += LikeliestClass(std::span(p).subspan(2 * i, 2)) != right[i];
  EXPECT_LE(wrong, 1u);
}

TEST(ngram_classifier, is_the_same_for_any_number_of_threads) {
  const CutSentences train = {{"a", "b"}, {"b"}, {"c"}, {"a", "c"}, {"d"}, {"d", "b"}};
  const std::vector<int32_t> targets = {0, 0, 1, 1, 2, 2};
  Threads one, three(3, Threads::Share::kAlways);
  const std::vector<double> p = NgramProbabilities(FitNgrams(train, targets, 3, one), train);
  EXPECT_EQ(p, NgramProbabilities(FitNgrams(train, targets, 3, three), train));
  for (size_t i = 0; i < train.size(); ++i) {
    EXPECT_EQ(LikeliestClass(std::span(p).subspan(3 * i, 3)), targets[i]);
  }
}

// Every path within the band, by its definition.
double SlowWarping(std::span<const float> a, std::span<const float> b, size_t i, size_t j, size_t width) {
  const size_t apart = i > j ? i - j : j - i;
  if (apart > width) return std::numeric_limits<double>::infinity();
  const double here = (a[i] - b[j]) * (a[i] - b[j]);
  if (i == 0 && j == 0) return here;
  double before = std::numeric_limits<double>::infinity();
  if (i > 0) before = std::min(before, SlowWarping(a, b, i - 1, j, width));
  if (j > 0) before = std::min(before, SlowWarping(a, b, i, j - 1, width));
  if (i > 0 && j > 0) before = std::min(before, SlowWarping(a, b, i - 1, j - 1, width));
  return here + before;
}

TEST(time_warping, is_the_cheapest_path_within_the_band) {
  Random random(1);
  for (const auto& [n, m, width] : {std::tuple(1u, 1u, 1u), std::tuple(5u, 7u, 2u), std::tuple(7u, 4u, 3u),
                                    std::tuple(8u, 8u, 1u), std::tuple(1u, 6u, 5u)}) {
    std::vector<float> a(n), b(m);
    for (float& x : a) x = static_cast<float>(random.Normal());
    for (float& x : b) x = static_cast<float>(random.Normal());
    const double expected = SlowWarping(a, b, n - 1, m - 1, width);
    EXPECT_NEAR(WarpingDistance(a, b, 1), expected, 1e-5) << n << " " << m;
    EXPECT_NEAR(WarpingDistance(a, b, 1, expected + 0.01), expected, 1e-5);
  }
}

TEST(time_warping, gives_up_above_its_limit) {
  const std::vector<float> a = {0, 0, 0, 0}, b = {3, 3, 3, 3};
  EXPECT_EQ(WarpingDistance(a, b, 1), 36);
  EXPECT_EQ(WarpingDistance(a, b, 1, 10), std::numeric_limits<double>::infinity());
  EXPECT_EQ(WarpingDistance(a, b, 2), 36) << "two columns, two steps";
}

EncodedExamples Series(const std::vector<std::vector<float>>& series) {
  EncodedExamples examples;
  for (const std::vector<float>& values : series) examples.AddSeries(values, 1);
  return examples;
}

TEST(nearest_neighbour, finds_a_series_that_is_late) {
  const EncodedExamples known = Series({{0, 0, 5, 0, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, -5, 0, 0}});
  const EncodedExamples asked = Series({{0, 0, 0, 5, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, -5, 0}});
  const std::vector<EncodedExample> train = known.All(), others = asked.All();
  const std::vector<int32_t> targets = {4, 2};
  Threads one, two(2, Threads::Share::kAlways);
  const NearestNeighbours nearest = FindNearest(train, targets, others, 1, one);
  EXPECT_EQ(nearest.classes, (std::vector<int32_t>{4, 2}));
  EXPECT_EQ(nearest.classes, FindNearest(train, targets, others, 1, two).classes);
  EXPECT_EQ(nearest.Name(), "1-nearest neighbour, time warping");
}

TEST(nearest_neighbour, is_that_of_all_distances_although_bounds_rule_most_out) {
  Random random(5);
  const auto draw = [&](size_t count) {
    EncodedExamples set;
    for (size_t i = 0; i < count; ++i) {
      std::vector<float> values(2 * (30 + random.Below(8)));
      float at = 0;
      for (float& x : values) x = at += static_cast<float>(random.Normal());
      set.AddSeries(values, 2);
    }
    return set;
  };
  const EncodedExamples known = draw(60), asked = draw(30);
  const std::vector<EncodedExample> train = known.All(), others = asked.All();
  std::vector<int32_t> targets(60);
  for (size_t j = 0; j < 60; ++j) targets[j] = static_cast<int32_t>(j);
  Threads threads;
  const NearestNeighbours nearest = FindNearest(train, targets, others, 2, threads);
  for (size_t i = 0; i < others.size(); ++i) {
    size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (size_t j = 0; j < train.size(); ++j) {
      const double distance = WarpingDistance(others[i].values, train[j].values, 2);
      if (distance < least) least = distance, best = j;
    }
    EXPECT_EQ(nearest.classes[i], static_cast<int32_t>(best));
  }
}

TEST(nearest_neighbour, shortens_long_series_until_the_work_is_bounded) {
  EncodedExamples known;
  std::vector<int32_t> targets;
  for (int i = 0; i < 12; ++i) {
    std::vector<float> values(3000);
    for (size_t t = 0; t < values.size(); ++t) values[t] = static_cast<float>(i % 2 == 0 ? t : values.size() - t) * 1e-3f;
    known.AddSeries(values, 1);
    targets.push_back(i % 2);
  }
  Threads threads;
  const std::vector<EncodedExample> train = known.All();
  const NearestNeighbours nearest = FindNearest(train, targets, std::span(train).first(2), 1, threads, 1e7);
  EXPECT_GT(nearest.shortened, 1u);
  EXPECT_EQ(nearest.classes, (std::vector<int32_t>{0, 1}));
  EXPECT_NE(nearest.Name().find("-step means"), std::string::npos);
}

}  // namespace class_floors_test
}  // namespace eddy
