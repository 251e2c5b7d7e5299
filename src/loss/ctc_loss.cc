#include <utility>
#include <vector>

#include "eddy/error.h"
#include "loss/ctc_frames.h"
#include "loss/log_space.h"
#include "loss/mean_loss.h"

namespace eddy {
namespace {

void CheckTarget(const std::vector<int32_t>& labels, size_t row, size_t steps, size_t classes, int32_t blank) {
  for (int32_t label : labels) {
    if (label >= 0 && static_cast<size_t>(label) < classes && label != blank) continue;
    Fail("ctc loss", "a label", "in [0, " + std::to_string(classes) + ") and not the blank " + std::to_string(blank),
         std::to_string(label));
  }
  const size_t needed = CtcSteps(labels);
  if (needed > steps) {
    Fail("ctc loss", "the length of row " + std::to_string(row),
         "at least " + std::to_string(needed) + " steps for its " + std::to_string(labels.size()) + " labels",
         std::to_string(steps));
  }
}

// The frames of a row, [steps, V], `stride` apart.
struct Frames {
  Real* data;
  size_t steps, classes, stride;
  Real* at(size_t t) const { return data + t * stride; }
};

// A row's labels with blanks around each, and the log probability of each of these at every step.
struct Trellis {
  std::vector<int32_t> states;       // [S], S = 2 labels + 1
  std::vector<SoftmaxScale> scales;  // [steps]
  std::vector<double> emissions;     // [steps, S]

  Trellis(const Frames& logits, const std::vector<int32_t>& labels, int32_t blank)
      : states(2 * labels.size() + 1, blank), scales(logits.steps), emissions(logits.steps * states.size()) {
    for (size_t i = 0; i < labels.size(); ++i) states[2 * i + 1] = labels[i];
    for (size_t t = 0; t < logits.steps; ++t) {
      const auto [max, sum] = scales[t] = ScaleOfSoftmax(logits.at(t), logits.classes);
      const double log_sum = std::log(sum);
      for (size_t s = 0; s < size(); ++s) {
        emissions[t * size() + s] = static_cast<double>(logits.at(t)[states[s]]) - max - log_sum;
      }
    }
  }
  size_t size() const { return states.size(); }
  const double* at(size_t t) const { return emissions.data() + t * size(); }
  // Whether s may follow s - 2: a blank may be passed over between different labels.
  bool Skips(size_t s) const { return s >= 2 && s < size() && s % 2 == 1 && states[s] != states[s - 2]; }
};

// -log p(labels), and where `posteriors` [steps, S] is not null, p(state at t | labels).
double NegativeLogLikelihood(const Trellis& trellis, double* posteriors) {
  const size_t S = trellis.size(), steps = trellis.scales.size();
  if (steps == 0) return 0;  // no labels, or there were no alignment
  // forward[t, s]: log p of what begins any alignment and is at s at step t (Graves 2006, equations 6 and 7).
  std::vector<double> forward(steps * S, kLogZero);
  for (size_t s = 0; s < std::min<size_t>(2, S); ++s) forward[s] = trellis.at(0)[s];
  for (size_t t = 1; t < steps; ++t) {
    const double* before = forward.data() + (t - 1) * S;
    for (size_t s = 0; s < S; ++s) {
      const size_t ways = 1 + (s >= 1) + trellis.Skips(s);
      forward[t * S + s] = trellis.at(t)[s] + LogSum(ways, [=](size_t way) { return before[s - way]; });
    }
  }
  const double* last = forward.data() + (steps - 1) * S;
  const double likelihood = LogSum(std::min<size_t>(2, S), [=](size_t way) { return last[S - 1 - way]; });
  if (posteriors == nullptr) return -likelihood;

  // backward[s]: log p of what ends any alignment after s at step t (equations 9 and 10, without the emission at t).
  std::vector<double> backward(S, kLogZero), after(S);
  for (size_t s = S - std::min<size_t>(2, S); s < S; ++s) backward[s] = 0;
  for (size_t t = steps; t-- > 0;) {
    double* to = posteriors + t * S;
    for (size_t s = 0; s < S; ++s) to[s] = forward[t * S + s] + backward[s];
    Normalize(to, S);
    for (size_t s = 0; s < S; ++s) after[s] = backward[s] + trellis.at(t)[s];
    for (size_t s = 0; s < S; ++s) {
      const size_t ways = 1 + (s + 1 < S) + trellis.Skips(s + 2);
      backward[s] = LogSum(ways, [&](size_t way) { return after[s + way]; });
    }
  }
  return -likelihood;
}

// slopes, zeros so far, += weight d loss / d logits = weight (p(class at t) - p(class at t | labels)).
void WriteSlopes(const Frames& logits, const Trellis& trellis, const double* posteriors, double weight,
                 const Frames& slopes) {
  std::vector<double> expected(logits.classes);
  for (size_t t = 0; t < logits.steps; ++t, posteriors += trellis.size()) {
    const auto [max, sum] = trellis.scales[t];
    AddScaledExp(logits.at(t), logits.classes, max, static_cast<Real>(weight / sum), 0, slopes.at(t));
    for (size_t s = 0; s < trellis.size(); ++s) expected[static_cast<size_t>(trellis.states[s])] += posteriors[s];
    for (int32_t state : trellis.states) {  // those that occur more than once have nothing left the second time
      slopes.at(t)[state] -= static_cast<Real>(weight * std::exchange(expected[static_cast<size_t>(state)], 0));
    }
  }
}

}  // namespace

size_t CtcSteps(std::span<const int32_t> labels) {
  size_t steps = labels.size();
  for (size_t i = 1; i < labels.size(); ++i) steps += labels[i] == labels[i - 1];
  return steps;
}

Var CtcLoss(Tape& tape, Var logits, const std::vector<std::vector<int32_t>>& targets, const Sequence& sequence,
            int32_t blank) {
  const Tensor x = tape.Value(logits);
  CheckFrames("ctc loss", x.shape(), sequence, blank);
  const size_t B = sequence.rows, V = x.dim(2);
  if (targets.size() != B) {
    Fail("ctc loss", "targets", "one a row (" + std::to_string(B) + ")", std::to_string(targets.size()));
  }
  for (size_t row = 0; row < B; ++row) CheckTarget(targets[row], row, sequence.Length(row), V, blank);

  const bool training = tape.Needs(logits);
  const Tensor slopes = training ? Tensor(x.shape()) : Tensor();
  const double weight = B > 0 ? 1 / static_cast<double>(B) : 0;
  std::vector<double> losses(B);
  tape.threads().For(B, 1, [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; ++row) {
      const auto frames = [&](const Tensor& all) -> Frames {
        return {all.data() + row * V, sequence.Length(row), V, B * V};
      };
      const Trellis trellis(frames(x), targets[row], blank);
      std::vector<double> posteriors(training ? trellis.emissions.size() : 0);
      losses[row] = NegativeLogLikelihood(trellis, training ? posteriors.data() : nullptr);
      if (training) WriteSlopes(frames(x), trellis, posteriors.data(), weight, frames(slopes));
    }
  });

  Tensor mean{Shape{}};
  mean[0] = Finite(weight * Sum(B, [&](size_t row) { return losses[row]; }));
  return tape.Record(mean, {logits}, [=, &tape](const Tensor& grad) {
    ForEach(tape.threads(), slopes.size(),
            [dx = tape.Grad(logits).data(), slope = slopes.data(), dy = grad[0]](size_t i) { dx[i] += dy * slope[i]; });
  });
}

}  // namespace eddy
