#include "decode/sampling.h"

#include <algorithm>
#include <cmath>

#include "eddy/error.h"

namespace eddy {

Sampler::Sampler(const SamplingOptions& options, int32_t never, uint64_t seed)
    : options_(options), never_(never), random_(seed) {
  const auto require = [](bool holds, const char* argument, const char* expected, double given) {
    if (!holds) Fail("generate", argument, expected, std::to_string(given));
  };
  require(options.temperature >= 0 && std::isfinite(options.temperature), "the temperature", "at least 0",
          options.temperature);
  require(options.top_p > 0 && options.top_p <= 1, "top-p", "above 0 and at most 1", options.top_p);
}

int32_t Sampler::Draw(std::span<const Real> logits) {
  candidates_.clear();
  for (size_t i = 0; i < logits.size(); ++i) {
    const auto token = static_cast<int32_t>(i);
    if (token != never_) candidates_.push_back({token, double{logits[i]}});
  }
  Require(!candidates_.empty(), "generate", "the vocabulary", "of tokens to draw", "empty");
  KeepLikeliest();
  if (options_.temperature == 0) return candidates_.front().token;

  double sum = 0;
  for (const Candidate& candidate : candidates_) sum += candidate.weight;
  double left = random_.Uniform() * sum;
  for (const Candidate& candidate : candidates_) {
    left -= candidate.weight;
    if (left < 0) return candidate.token;
  }
  return candidates_.back().token;
}

// Sorts by falling logit, makes probabilities of them, and drops what top-k and top-p exclude.
void Sampler::KeepLikeliest() {
  const auto likelier = [](const Candidate& a, const Candidate& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.token < b.token;
  };
  const bool greedy = options_.temperature == 0;
  size_t kept = greedy ? 1 : options_.top_k == 0 ? candidates_.size() : std::min(options_.top_k, candidates_.size());
  const auto kept_end = candidates_.begin() + static_cast<ptrdiff_t>(kept);
  std::partial_sort(candidates_.begin(), kept_end, candidates_.end(), likelier);
  candidates_.resize(kept);
  if (greedy) return;

  const double highest = candidates_.front().weight;
  double sum = 0;
  for (Candidate& candidate : candidates_) {
    candidate.weight = std::exp((candidate.weight - highest) / options_.temperature);
    sum += candidate.weight;
  }
  double mass = 0;
  for (kept = 0; kept < candidates_.size() && mass < options_.top_p * sum; ++kept) mass += candidates_[kept].weight;
  candidates_.resize(std::max<size_t>(kept, 1));
}

}  // namespace eddy
