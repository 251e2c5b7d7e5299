// A linear-chain conditional random field (Lafferty 2001) over tags: the probability of a sequence of tags is proportional
// to exp of its score,
//     start[y_0] + sum over t of scores[t, y_t] + sum over t > 0 of transitions[y_(t-1), y_t] + end[y_last].
// Shapes: scores [T, B, K] of each step's K tags, from a network; transitions [K, K], from the row's tag to the column's;
// start and end [K]; tags [T * B], each in [0, K), not looked at beyond a row's length. Rows of length 0 do not count.
// Cost: 2 T B K^2 exponentials for the loss with its gradients, T B K^2 additions for decoding; in double.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "eddy/sequence.h"
#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

// The mean over rows of -log p(tags | scores), natural logarithm, a scalar on the tape: all sequences of tags summed over by
// the forward algorithm, gradients by forward-backward. 0 where no row counts; finite with finite gradients for any finite
// input. Throws Error for tags out of range and shapes that do not fit.
Var CrfLoss(Tape& tape, Var scores, Var transitions, Var start, Var end, std::span<const int32_t> tags,
            const Sequence& sequence);

struct CrfTags {
  std::vector<int32_t> tags;   // [T * B]; kIgnore (loss.h) beyond a row's length
  std::vector<double> scores;  // [B]
};

// The tags of the highest score (Viterbi 1967). Equal scores go to the lower tag, the last step's first.
CrfTags Viterbi(const Tensor& scores, const Tensor& transitions, const Tensor& start, const Tensor& end,
                const Sequence& sequence);

// The field with its parameters, zeros at first: all tags are as likely as a step's scores say.
class Crf {
 public:
  explicit Crf(size_t tags, const std::string& name);  // Throws Error unless there are 1 to 2^16 tags.

  Var Loss(Tape& tape, Var scores, std::span<const int32_t> tags, const Sequence& sequence) const;
  CrfTags Decode(const Tensor& scores, const Sequence& sequence) const;
  std::vector<Parameter*> parameters();  // transitions, start, end
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

 private:
  OwnedParameter transitions_, start_, end_;
};

}  // namespace eddy
EDDY_API_END
