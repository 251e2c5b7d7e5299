#include "tasks/classify/scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace eddy {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kLeastProbability = 1e-15;
constexpr size_t kBins = 15;

double MacroF1(const std::vector<size_t>& confusion, size_t classes) {
  double sum = 0, counted = 0;
  for (size_t c = 0; c < classes; ++c) {
    size_t right = 0, predicted = 0;
    for (size_t other = 0; other < classes; ++other) {
      right += confusion[c * classes + other];
      predicted += confusion[other * classes + c];
    }
    if (right + predicted == 0) continue;
    sum += 2 * static_cast<double>(confusion[c * classes + c]) / static_cast<double>(right + predicted);
    counted += 1;
  }
  return counted > 0 ? sum / counted : kNone;
}

// The gap between confidence and accuracy in each bin, weighted by its share of examples.
double CalibrationError(std::span<const double> confidence, const std::vector<uint8_t>& correct) {
  double gaps[kBins] = {};  // the sum of confidence less right answers
  for (size_t i = 0; i < confidence.size(); ++i) {
    const auto bin = std::min(static_cast<size_t>(confidence[i] * kBins), kBins - 1);
    gaps[bin] += confidence[i] - correct[i];
  }
  double sum = 0;
  for (const double gap : gaps) sum += std::abs(gap);
  return sum / static_cast<double>(confidence.size());
}

}  // namespace

std::vector<Confused> MostConfused(const std::vector<size_t>& confusion, size_t classes, size_t most) {
  std::vector<Confused> confused;
  for (size_t i = 0; i < confusion.size(); ++i) {
    if (confusion[i] > 0 && i / classes != i % classes) confused.push_back({i / classes, i % classes, confusion[i]});
  }
  std::stable_sort(confused.begin(), confused.end(),
                   [](const Confused& a, const Confused& b) { return a.examples > b.examples; });
  confused.resize(std::min(confused.size(), most));
  return confused;
}

int32_t LikeliestClass(std::span<const double> probabilities) {
  return static_cast<int32_t>(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
}

void Softmax(std::span<const double> logits, std::span<double> probabilities) {
  const double most = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (size_t c = 0; c < logits.size(); ++c) sum += probabilities[c] = std::exp(logits[c] - most);
  for (double& p : probabilities) p /= sum;
}

ClassScores ScorePredictions(std::span<const int32_t> predicted, std::span<const int32_t> targets, size_t classes) {
  ClassScores scores;
  scores.examples = targets.size();
  scores.confusion.assign(classes * classes, 0);
  size_t right = 0;
  for (size_t i = 0; i < targets.size(); ++i) {
    ++scores.confusion[static_cast<size_t>(targets[i]) * classes + static_cast<size_t>(predicted[i])];
    right += predicted[i] == targets[i];
    scores.wrong.push_back(predicted[i] != targets[i]);
  }
  scores.accuracy = targets.empty() ? kNone : static_cast<double>(right) / static_cast<double>(targets.size());
  scores.macro_f1 = MacroF1(scores.confusion, classes);
  scores.log_loss = scores.calibration_error = kNone;
  return scores;
}

ClassScores ScoreProbabilities(std::span<const double> probabilities, std::span<const int32_t> targets, size_t classes) {
  std::vector<int32_t> predicted;
  std::vector<double> confidence;
  std::vector<uint8_t> correct;
  double loss = 0;
  for (size_t i = 0; i < targets.size(); ++i) {
    const std::span<const double> row = probabilities.subspan(i * classes, classes);
    predicted.push_back(LikeliestClass(row));
    confidence.push_back(row[static_cast<size_t>(predicted.back())]);
    correct.push_back(predicted.back() == targets[i]);
    loss -= std::log(std::max(row[static_cast<size_t>(targets[i])], kLeastProbability));
  }
  ClassScores scores = ScorePredictions(predicted, targets, classes);
  if (targets.empty()) return scores;
  scores.log_loss = loss / static_cast<double>(targets.size());
  scores.calibration_error = CalibrationError(confidence, correct);
  if (classes == 2) {
    std::vector<double> second;
    std::vector<uint8_t> positive;
    for (size_t i = 0; i < targets.size(); ++i) {
      second.push_back(probabilities[2 * i + 1]);
      positive.push_back(targets[i] == 1);
    }
    scores.binary = ScoreBinary(second, positive);
  }
  return scores;
}

ClassScores ScoreLogits(std::vector<double> logits, std::span<const int32_t> targets, size_t classes) {
  for (size_t i = 0; i < targets.size(); ++i) {
    const std::span<double> row = std::span(logits).subspan(i * classes, classes);
    Softmax(row, row);
  }
  return ScoreProbabilities(logits, targets, classes);
}

}  // namespace eddy
