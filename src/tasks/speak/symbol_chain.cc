#include "tasks/speak/symbol_chain.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace eddy {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();
constexpr float kNothing = -30;  // e to this is lost in a sum with 1

float AddLogs(float a, float b) {
  const float larger = std::max(a, b), off = std::min(a, b) - larger;
  return larger == kNever || off < kNothing ? larger : larger + std::log1p(std::exp(off));
}

// Gives each symbol a frame at least, from the longer of those beside it that have one to spare, or else from the longest.
void TakeFromNeighbours(std::vector<size_t>& durations) {
  for (size_t i = 0; i < durations.size(); ++i) {
    if (durations[i] > 0) continue;
    size_t from = i == 0 ? 1 : i - 1;
    if (i > 0 && i + 1 < durations.size() && durations[i + 1] > durations[from]) from = i + 1;
    if (durations[from] < 2) from = static_cast<size_t>(std::ranges::max_element(durations) - durations.begin());
    --durations[from];
    ++durations[i];
  }
}

}  // namespace

SymbolChain::SymbolChain(std::vector<bool> silent, const std::vector<size_t>& states) : silent_(std::move(silent)) {
  const size_t S = silent_.size();
  bool after_optional = false;
  for (size_t s = 0; s < S; ++s) {
    if (silent_[s]) {
      if (s > 0 && silent_[s - 1]) continue;
      size_t end = s;
      while (end < S && silent_[end]) ++end;
      after_optional = s > 0 && end < S;
      states_.push_back(kSilentState);
      way_.push_back({s, false});
      least_frames_ += !after_optional;
      continue;
    }
    for (size_t k = 0; k < kSymbolStates; ++k) {
      states_.push_back(states[s] + k);
      way_.push_back({s, k == 0 ? after_optional : k == 2});
    }
    least_frames_ += 2;
    after_optional = false;
  }
}

void SymbolChain::ToProbabilities(std::span<float> scores) const {
  const size_t P = places(), T = scores.size() / P;
  std::vector<float> forward(T * P, kNever), next(P, kNever), now(P);
  for (size_t t = 0; t < T; ++t) {
    const float* before = forward.data() + (t == 0 ? 0 : (t - 1) * P);
    float* to = forward.data() + t * P;
    for (size_t p = 0; p < P; ++p) {
      float sum = p == 0 ? 0 : kNever;
      if (t > 0) {
        sum = before[p];
        if (p > 0) sum = AddLogs(sum, before[p - 1]);
        if (way_[p].skips) sum = AddLogs(sum, before[p - 2]);
      }
      to[p] = sum + scores[t * P + p];
    }
  }
  next[P - 1] = 0;  // of what follows frame t when it is at each place
  const float all = forward[T * P - 1];
  for (size_t t = T; t-- > 0;) {
    if (t + 1 < T) {
      // `scores` of the frame after this one are still needed here, and are then no more.
      for (size_t p = 0; p < P; ++p) {
        float sum = next[p];
        if (p + 1 < P) sum = AddLogs(sum, next[p + 1]);
        if (p + 2 < P && way_[p + 2].skips) sum = AddLogs(sum, next[p + 2]);
        now[p] = sum;
      }
      std::swap(now, next);
    }
    for (size_t p = 0; p < P; ++p) {
      const float density = scores[t * P + p];
      scores[t * P + p] = std::exp(std::min(forward[t * P + p] + next[p] - all, 0.0F));
      next[p] += density;
    }
  }
}

std::vector<size_t> SymbolChain::Durations(std::span<const float> scores) const {
  const size_t P = places(), T = scores.size() / P;
  std::vector<float> best(P, kNever), before(P);
  std::vector<uint8_t> steps(T * P);  // how many places back the frame before is
  for (size_t t = 0; t < T; ++t) {
    std::swap(best, before);
    for (size_t p = 0; p < P; ++p) {
      float from = t == 0 ? (p == 0 ? 0 : kNever) : before[p];
      uint8_t step = 0;
      if (t > 0 && p > 0 && before[p - 1] > from) from = before[p - 1], step = 1;
      if (t > 0 && way_[p].skips && before[p - 2] > from) from = before[p - 2], step = 2;
      steps[t * P + p] = step;
      best[p] = from + scores[t * P + p];
    }
  }
  std::vector<size_t> durations(silent_.size());
  for (size_t t = T, p = P - 1; t-- > 0;) {
    ++durations[way_[p].symbol];
    p -= steps[t * P + p];
  }
  for (size_t s = 0; s < silent_.size(); ++s) {  // what is silent together was counted with the first of it
    if (!silent_[s]) continue;
    const size_t begin = s, frames = durations[s];
    while (s + 1 < silent_.size() && silent_[s + 1]) ++s;
    const size_t count = s + 1 - begin;
    for (size_t i = 0; i < count; ++i) durations[begin + i] = frames * (i + 1) / count - frames * i / count;
  }
  TakeFromNeighbours(durations);
  return durations;
}

}  // namespace eddy
