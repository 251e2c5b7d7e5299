#include <vector>

#include "eddy/loss.h"
#include "loss/crf_shape.h"

namespace eddy {
namespace {

struct Best {
  double score;
  uint32_t tag;
};

// The highest score(k) over k in [0, K), the lowest k among equals.
template <class Score>
Best Highest(size_t K, const Score& score) {
  Best best = {score(0), 0};
  for (size_t k = 1; k < K; ++k) {
    if (const double value = score(k); value > best.score) best = {value, static_cast<uint32_t>(k)};
  }
  return best;
}

}  // namespace

CrfTags Viterbi(const Tensor& scores, const Tensor& transitions, const Tensor& start, const Tensor& end,
                const Sequence& sequence) {
  CheckCrf("viterbi", scores.shape(), transitions.shape(), start.shape(), end.shape(), sequence);
  const size_t B = sequence.rows, K = scores.dim(2);
  CrfTags result{std::vector<int32_t>(sequence.steps * B, kIgnore), std::vector<double>(B)};
  for (size_t b = 0; b < B; ++b) {
    const CrfRow row = RowOf(scores, b, sequence);
    if (row.steps == 0) continue;
    std::vector<double> here(K), next(K);  // the best scores of tags that end in each tag
    std::vector<uint32_t> came_from(row.steps * K);
    for (size_t k = 0; k < K; ++k) here[k] = static_cast<double>(start[k]) + row.at(0)[k];
    for (size_t t = 1; t < row.steps; ++t) {
      for (size_t k = 0; k < K; ++k) {
        const Best best = Highest(K, [&](size_t i) { return here[i] + transitions[i * K + k]; });
        next[k] = best.score + row.at(t)[k];
        came_from[t * K + k] = best.tag;
      }
      here.swap(next);
    }
    const Best last = Highest(K, [&](size_t k) { return here[k] + end[k]; });
    result.scores[b] = last.score;
    uint32_t tag = last.tag;
    for (size_t t = row.steps; t-- > 0; tag = came_from[t * K + tag]) {
      result.tags[t * B + b] = static_cast<int32_t>(tag);
    }
  }
  return result;
}

}  // namespace eddy
