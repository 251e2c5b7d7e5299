#include "eddy/crf.h"

#include "eddy/error.h"

namespace eddy {

Crf::Crf(size_t tags, const std::string& name) {
  constexpr size_t kMostTags = size_t{1} << 16;
  Require(tags >= 1 && tags <= kMostTags, "crf", "tags", "between 1 and 2^16", std::to_string(tags));
  transitions_ = Parameter(name + ".transitions", Tensor({tags, tags}));
  start_ = Parameter(name + ".start", Tensor({tags}));
  end_ = Parameter(name + ".end", Tensor({tags}));
}

Var Crf::Loss(Tape& tape, Var scores, std::span<const int32_t> tags, const Sequence& sequence) const {
  return CrfLoss(tape, scores, tape.Use(*transitions_), tape.Use(*start_), tape.Use(*end_), tags, sequence);
}

CrfTags Crf::Decode(const Tensor& scores, const Sequence& sequence) const {
  return Viterbi(scores, transitions_->value, start_->value, end_->value, sequence);
}

std::vector<Parameter*> Crf::parameters() { return {&*transitions_, &*start_, &*end_}; }

}  // namespace eddy
