#include "tasks/ngram_classifier.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "tasks/logistic.h"

namespace eddy {
namespace {

constexpr int kPasses = 60;
constexpr double kOwnShare = 0.25;  // beta of Wang and Manning

// Words and pairs of words, numbered as they are first seen.
class Features {
 public:
  // The different features of a sentence; those never seen before are added or, unless `learn`, left out.
  std::vector<uint32_t> Of(const std::vector<std::string>& sentence, bool learn) {
    std::vector<uint32_t> row;
    for (size_t i = 0; i < sentence.size(); ++i) {
      Add(sentence[i], learn, row);
      if (i > 0) Add(sentence[i - 1] + '\n' + sentence[i], learn, row);  // no word has a line end
    }
    std::sort(row.begin(), row.end());
    row.erase(std::unique(row.begin(), row.end()), row.end());
    return row;
  }
  size_t size() const { return ids_.size(); }

 private:
  void Add(const std::string& feature, bool learn, std::vector<uint32_t>& row) {
    if (learn) {
      row.push_back(ids_.emplace(feature, static_cast<uint32_t>(ids_.size())).first->second);
    } else if (const auto found = ids_.find(feature); found != ids_.end()) {
      row.push_back(found->second);
    }
  }
  std::unordered_map<std::string, uint32_t> ids_;
};

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
  return 1 + static_cast<size_t>(words * kPasses * models / kMostNgramWork);
}

}  // namespace

std::vector<double> NgramProbabilities(const CutSentences& train, std::span<const int32_t> targets, size_t classes,
                                       const CutSentences& others, Threads& threads, size_t* stride) {
  const size_t step = StrideFor(train, classes);
  if (stride) *stride = step;
  Features features;
  SparseRows rows;
  std::vector<size_t> places;  // of the sentences trained on
  for (size_t i = 0; i < train.size(); i += step) {
    const std::vector<uint32_t> row = features.Of(train[i], true);
    rows.indices.insert(rows.indices.end(), row.begin(), row.end());
    rows.ends.push_back(rows.indices.size());
    places.push_back(i);
  }
  std::vector<std::vector<uint32_t>> asked;
  for (const auto& sentence : others) asked.push_back(features.Of(sentence, false));

  std::vector<double> probabilities(others.size() * classes);
  const size_t models = classes == 2 ? 1 : classes;  // of two classes, one is what the other is not
  threads.For(models, 1, [&](size_t begin, size_t end) {
    for (size_t c = begin; c < end; ++c) {
      std::vector<uint8_t> positive;
      for (const size_t place : places) positive.push_back(targets[place] == static_cast<int32_t>(c));
      LogisticOptions options;
      options.most_passes = kPasses;
      const std::vector<double> ratios = LogCountRatios(rows, positive, features.size());
      const LogisticModel model = FitLogistic(rows, ratios, positive, options);
      const std::vector<double> contributions = Interpolated(model, ratios);
      for (size_t i = 0; i < asked.size(); ++i) {
        double log_odds = model.bias;
        for (const uint32_t feature : asked[i]) log_odds += contributions[feature];
        const double p = 1 / (1 + std::exp(-log_odds));
        probabilities[i * classes + c] = p;
        if (models == 1) probabilities[i * classes + 1] = 1 - p;
      }
    }
  });
  for (size_t i = 0; i < others.size() && models > 1; ++i) {
    const std::span<double> row = std::span(probabilities).subspan(i * classes, classes);
    double sum = 1e-300;
    for (const double p : row) sum += p;
    for (double& p : row) p /= sum;
  }
  return probabilities;
}

}  // namespace eddy
