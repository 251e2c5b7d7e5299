#include <vector>

#include "eddy/error.h"
#include "loss/crf_shape.h"
#include "loss/log_space.h"
#include "loss/mean_loss.h"

namespace eddy {
namespace {

struct Field {
  Tensor transitions, start, end;
};

// A row's d loss / d input, which is the expected number of times that a tag or a pair of tags occurs, less the number of
// times that it does.
struct RowSlopes {
  CrfRow scores;
  double *transitions, *start, *end;  // [K, K], [K], [K]
};

// The score of the tags, tag(t) being that of step t.
template <class Tag>
double ScoreOf(const CrfRow& row, const Field& field, const Tag& tag) {
  double score = static_cast<double>(field.start[tag(0)]) + field.end[tag(row.steps - 1)] + row.at(0)[tag(0)];
  for (size_t t = 1; t < row.steps; ++t) {
    score += static_cast<double>(field.transitions[tag(t - 1) * row.tags + tag(t)]) + row.at(t)[tag(t)];
  }
  return score;
}

template <class Tag>
void SubtractCounts(const CrfRow& row, const Tag& tag, const RowSlopes& slopes) {
  slopes.start[tag(0)] -= 1;
  slopes.end[tag(row.steps - 1)] -= 1;
  for (size_t t = 0; t < row.steps; ++t) slopes.scores.at(t)[tag(t)] -= 1;
  for (size_t t = 1; t < row.steps; ++t) slopes.transitions[tag(t - 1) * row.tags + tag(t)] -= 1;
}

// forward[t, k]: log of the sum, over all tags up to t that end in k, of exp of their score.
std::vector<double> Forward(const CrfRow& row, const Field& field) {
  const size_t K = row.tags;
  const Real* transitions = field.transitions.data();
  std::vector<double> forward(row.steps * K);
  for (size_t k = 0; k < K; ++k) forward[k] = static_cast<double>(field.start[k]) + row.at(0)[k];
  for (size_t t = 1; t < row.steps; ++t) {
    const double* before = forward.data() + (t - 1) * K;
    for (size_t k = 0; k < K; ++k) {
      forward[t * K + k] = row.at(t)[k] + LogSum(K, [=](size_t i) { return before[i] + transitions[i * K + k]; });
    }
  }
  return forward;
}

// Goes from the end to the start. Probabilities are normalised at each step, so that they are such whatever the rounding.
void AddExpectedCounts(const CrfRow& row, const Field& field, const std::vector<double>& forward, const RowSlopes& slopes) {
  const size_t K = row.tags;
  const Real* transitions = field.transitions.data();
  std::vector<double> after(field.end.values().begin(), field.end.values().end());  // the logs of what follows each tag
  std::vector<double> from(K), tags(K), pairs(K * K);
  for (size_t t = row.steps; t-- > 0;) {
    for (size_t k = 0; k < K; ++k) tags[k] = forward[t * K + k] + after[k];
    Normalize(tags.data(), K);
    for (size_t k = 0; k < K; ++k) {
      slopes.scores.at(t)[k] += static_cast<Real>(tags[k]);
      if (t == 0) slopes.start[k] += tags[k];
      if (t + 1 == row.steps) slopes.end[k] += tags[k];
    }
    if (t == 0) return;
    for (size_t k = 0; k < K; ++k) from[k] = row.at(t)[k] + after[k];
    for (size_t i = 0; i < K; ++i) {
      const auto on = [&](size_t k) { return transitions[i * K + k] + from[k]; };
      for (size_t k = 0; k < K; ++k) pairs[i * K + k] = forward[(t - 1) * K + i] + on(k);
      after[i] = LogSum(K, on);
    }
    Normalize(pairs.data(), K * K);
    for (size_t i = 0; i < K * K; ++i) slopes.transitions[i] += pairs[i];
  }
}

// Throws Error for a tag out of range. Returns the number of rows that count.
size_t CheckTags(std::span<const int32_t> tags, const Sequence& sequence, size_t K) {
  const size_t B = sequence.rows;
  if (tags.size() != sequence.steps * B) {
    Fail("crf loss", "tags", "one a step and row (" + std::to_string(sequence.steps * B) + ")", std::to_string(tags.size()));
  }
  size_t counted = 0;
  for (size_t row = 0; row < B; ++row) {
    for (size_t t = 0; t < sequence.Length(row); ++t) {
      const int32_t tag = tags[t * B + row];
      if (tag >= 0 && static_cast<size_t>(tag) < K) continue;
      Fail("crf loss", "a tag", "in [0, " + std::to_string(K) + ")", std::to_string(tag));
    }
    counted += sequence.Length(row) > 0;
  }
  return counted;
}

}  // namespace

Var CrfLoss(Tape& tape, Var scores, Var transitions, Var start, Var end, std::span<const int32_t> tags,
            const Sequence& sequence) {
  const Tensor x = tape.Value(scores);
  const Field field = {tape.Value(transitions), tape.Value(start), tape.Value(end)};
  CheckCrf("crf loss", x.shape(), field.transitions.shape(), field.start.shape(), field.end.shape(), sequence);
  const size_t B = sequence.rows, K = x.dim(2), counted = CheckTags(tags, sequence, K);
  const bool training = tape.training();

  // A row's [K, K] pairs, [K] first and [K] last tags side by side.
  const size_t width = K * (K + 2);
  const auto counts = std::make_shared<std::vector<double>>(training ? B * width : 0);
  const Tensor slopes = training ? Tensor(x.shape()) : Tensor();
  std::vector<double> losses(B);
  tape.threads().For(B, 1, [&](size_t begin, size_t stop) {
    for (size_t b = begin; b < stop; ++b) {
      if (sequence.Length(b) == 0) continue;
      const CrfRow row = RowOf(x, b, sequence);
      const auto tag = [&](size_t t) { return static_cast<size_t>(tags[t * B + b]); };
      const std::vector<double> forward = Forward(row, field);
      const double* last = forward.data() + (row.steps - 1) * K;
      losses[b] = LogSum(K, [&](size_t k) { return last[k] + field.end[k]; }) - ScoreOf(row, field, tag);
      if (!training) continue;
      double* own = counts->data() + b * width;
      const RowSlopes row_slopes = {RowOf(slopes, b, sequence), own, own + K * K, own + K * K + K};
      SubtractCounts(row, tag, row_slopes);
      AddExpectedCounts(row, field, forward, row_slopes);
    }
  });

  const double weight = counted > 0 ? 1 / static_cast<double>(counted) : 0;
  Tensor mean{Shape{}};
  mean[0] = Finite(weight * Sum(B, [&](size_t b) { return losses[b]; }));
  return tape.Record(mean, {scores, transitions, start, end}, [=, &tape](const Tensor& grad) {
    const double dy = grad[0] * weight;
    if (tape.Needs(scores)) {
      ForEach(tape.threads(), slopes.size(),
              [dx = tape.Grad(scores).data(), slope = slopes.data(), factor = static_cast<Real>(dy)](size_t i) {
                dx[i] += factor * slope[i];
              });
    }
    const auto pass = [&](Var to, size_t first, size_t cols) {
      if (!tape.Needs(to)) return;
      AddColumnSums(tape.threads(), B, cols, tape.Grad(to).data(),
                    [&](size_t b, size_t i) { return dy * (*counts)[b * width + first + i]; });
    };
    pass(transitions, 0, K * K);
    pass(start, K * K, K);
    pass(end, K * K + K, K);
  });
}

}  // namespace eddy
