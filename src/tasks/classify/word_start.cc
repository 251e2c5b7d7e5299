#include "tasks/classify/word_start.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

constexpr double kScale = 0.5;
constexpr double kMostRatio = 3;

}  // namespace

void StartFromRatios(const Tensor& vectors, const EncodedExamples& examples, std::span<const int32_t> targets,
                     size_t classes) {
  const size_t V = vectors.dim(0), D = vectors.dim(1);
  const size_t columns = std::min(classes, D / 4);
  std::vector<double> inside(V * classes), everywhere(V), totals(classes, static_cast<double>(V));
  for (size_t i = 0; i < examples.size(); ++i) {
    const std::span<const int32_t> tokens = examples[i].tokens;
    std::vector<int32_t> words(tokens.begin(), tokens.end());  // each once
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    const auto c = static_cast<size_t>(targets[i]);
    for (const int32_t word : words) {
      inside[static_cast<size_t>(word) * classes + c] += 1;
      everywhere[static_cast<size_t>(word)] += 1;
      totals[c] += 1;
    }
  }
  double total = static_cast<double>(V);
  for (const double in_class : totals) total += in_class - static_cast<double>(V);
  for (size_t word = 0; word < V; ++word) {
    for (size_t c = 0; c < columns; ++c) {
      const double p = inside[word * classes + c], q = everywhere[word] - p;
      const double others = total - totals[c] + static_cast<double>(V);
      const double ratio = std::log((p + 1) / totals[c]) - std::log((q + 1) / others);
      vectors[word * D + c] = static_cast<Real>(kScale * std::clamp(ratio, -kMostRatio, kMostRatio));
    }
  }
}

}  // namespace eddy
