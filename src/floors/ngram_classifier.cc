#include "floors/ngram_classifier.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "floors/logistic.h"

namespace eddy {
namespace {

constexpr int kPasses = 60;
constexpr double kOwnShare = 0.25;  // beta of Wang and Manning

// ln((p / sum p) / (q / sum q)), p and q being 1 more than in how many examples of the class and of the others it is.
std::vector<double> LogCountRatios(const SparseRows& rows, std::span<const uint8_t> positive, size_t features) {
  std::vector<double> p(features, 1), q(features, 1);
  double p_sum = static_cast<double>(features), q_sum = p_sum;
  for (size_t i = 0; i < rows.size(); ++i) {
    for (const uint32_t feature : rows.row(i)) (positive[i] ? p : q)[feature] += 1;
    (positive[i] ? p_sum : q_sum) += static_cast<double>(rows.row(i).size());
  }
  for (size_t f = 0; f < features; ++f) p[f] = std::log(p[f] / p_sum) - std::log(q[f] / q_sum);
  return p;
}

// What each feature adds to the log odds: its value times a weight between the mean magnitude of all weights, which would be
// naive Bayes, and its own.
std::vector<double> Interpolated(const LogisticModel& model, const std::vector<double>& ratios) {
  double magnitude = 0;
  for (const double w : model.weights) magnitude += std::abs(w) / static_cast<double>(ratios.size());
  std::vector<double> contributions;
  for (size_t f = 0; f < ratios.size(); ++f) {
    contributions.push_back(ratios[f] * ((1 - kOwnShare) * magnitude + kOwnShare * model.weights[f]));
  }
  return contributions;
}

size_t StrideFor(const CutSentences& train, size_t classes) {
  double words = 0;
  for (const auto& sentence : train) words += 2 * static_cast<double>(sentence.size());
  const double models = classes == 2 ? 1 : static_cast<double>(classes);
  const auto for_work = static_cast<size_t>(words * kPasses * models / kMostNgramWork);
  return 1 + std::max(for_work, (train.size() - 1) / kMostNgramSentences);
}

}  // namespace

NgramClassifier FitNgrams(const CutSentences& train, std::span<const int32_t> targets, size_t classes, Threads& threads) {
  NgramClassifier classifier;
  classifier.stride = StrideFor(train, classes);
  SparseRows rows;
  std::vector<size_t> places;  // of the sentences trained on
  for (size_t i = 0; i < train.size(); i += classifier.stride) {
    for (const PlacedNgram& ngram : classifier.ngrams.Learn(train[i])) rows.indices.push_back(ngram.number);
    rows.ends.push_back(rows.indices.size());
    places.push_back(i);
  }
  const size_t F = classifier.ngrams.size();
  classifier.weights.resize(F * classes);
  classifier.bias.resize(classes);
  threads.For(classes == 2 ? 1 : classes, 1, [&](size_t begin, size_t end) {
    for (size_t c = begin; c < end; ++c) {
      threads.ThrowIfStopped();
      std::vector<uint8_t> positive;
      for (const size_t place : places) positive.push_back(targets[place] == static_cast<int32_t>(c));
      LogisticOptions options;
      options.most_passes = kPasses;
      const std::vector<double> ratios = LogCountRatios(rows, positive, F);
      const LogisticModel model = FitLogistic(rows, ratios, positive, options);
      const std::vector<double> contributions = Interpolated(model, ratios);
      for (size_t f = 0; f < F; ++f) classifier.weights[f * classes + c] = contributions[f];
      classifier.bias[c] = model.bias;
    }
  });
  return classifier;
}

std::vector<double> NgramLogOdds(const NgramClassifier& classifier, const CutSentences& sentences) {
  const size_t C = classifier.classes();
  std::vector<double> log_odds;
  for (const auto& sentence : sentences) {
    log_odds.insert(log_odds.end(), classifier.bias.begin(), classifier.bias.end());
    for (const PlacedNgram& ngram : classifier.ngrams.Of(sentence)) {
      for (size_t c = 0; c < C; ++c) log_odds[log_odds.size() - C + c] += classifier.weights[ngram.number * C + c];
    }
  }
  return log_odds;
}

std::vector<double> NgramProbabilities(const NgramClassifier& classifier, const CutSentences& sentences) {
  const size_t C = classifier.classes();
  std::vector<double> numbers = NgramLogOdds(classifier, sentences);
  for (size_t i = 0; i < sentences.size(); ++i) {
    const std::span<double> row = std::span(numbers).subspan(i * C, C);
    for (double& log_odds : row) log_odds = 1 / (1 + std::exp(-log_odds));
    if (C == 2) {
      row[1] = 1 - row[0];
      continue;
    }
    double sum = 1e-300;
    for (const double p : row) sum += p;
    for (double& p : row) p /= sum;
  }
  return numbers;
}

NgramClassifier WithMost(const NgramClassifier& classifier, const CutSentences& train, size_t most) {
  const size_t F = classifier.ngrams.size(), C = classifier.classes();
  if (F <= most) return classifier;
  std::vector<double> worth(F);
  for (const auto& sentence : train) {
    for (const PlacedNgram& ngram : classifier.ngrams.Of(sentence)) worth[ngram.number] += 1;
  }
  for (size_t f = 0; f < F; ++f) {
    double largest = 0;
    for (size_t c = 0; c < C; ++c) largest = std::max(largest, std::abs(classifier.weights[f * C + c]));
    worth[f] *= largest;
  }
  std::vector<uint32_t> order(F);
  std::iota(order.begin(), order.end(), 0u);
  std::nth_element(order.begin(), order.begin() + static_cast<ptrdiff_t>(most), order.end(),
                   [&](uint32_t a, uint32_t b) { return worth[a] != worth[b] ? worth[a] > worth[b] : a < b; });
  order.resize(most);
  std::sort(order.begin(), order.end());
  NgramClassifier smaller{{}, {}, classifier.bias, classifier.stride};
  std::vector<std::string> names;
  for (const uint32_t ngram : order) {
    names.push_back(classifier.ngrams.names()[ngram]);
    const auto first = classifier.weights.begin() + static_cast<ptrdiff_t>(ngram * C);
    smaller.weights.insert(smaller.weights.end(), first, first + static_cast<ptrdiff_t>(C));
  }
  smaller.ngrams = Ngrams(names);
  return smaller;
}

}  // namespace eddy
