#include "eddy/residual_stack.h"

#include "eddy/error.h"
#include "eddy/ops.h"
#include "nn/run_segment.h"
#include "nn/weights.h"

namespace eddy {

Mixer::~Mixer() = default;
MixerStep::~MixerStep() = default;

ResidualStack::ResidualStack(const ResidualOptions& o, std::vector<std::unique_ptr<Mixer>> mixers, const std::string& name,
                             Random& random)
    : options_(o), last_norm_(o.norm, o.hidden, name + ".last_norm") {
  if (o.input < 1 || o.input > size_t{1} << 20) {
    Fail("residual stack", "input", "between 1 and 2^20", std::to_string(o.input));
  }
  Require(o.dropout >= 0 && o.dropout < 1, "residual stack", "dropout", "in [0, 1)", std::to_string(o.dropout));
  Require(!mixers.empty(), "residual stack", "blocks", "at least 1", "0");
  for (const auto& mixer : mixers) Require(mixer != nullptr, "residual stack", "a mixer", "one", "null");
  if (o.input != o.hidden) {
    W_ = UniformWeights(name + ".W", o.hidden, o.input, random);
    b_ = Parameter(name + ".b", Tensor({o.hidden}));
  }
  for (std::unique_ptr<Mixer>& mixer : mixers) {
    const std::string block = name + "." + std::to_string(blocks_.size());
    blocks_.push_back({Norm(o.norm, o.hidden, block + ".mixer_norm"), std::move(mixer),
                       Norm(o.norm, o.hidden, block + ".feed_forward_norm"),
                       FeedForward({o.hidden, o.feed_forward_width, o.feed_forward}, block + ".feed_forward", random)});
  }
}

Var ResidualStack::Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment) const {
  x = WithinLengths(tape, x, sequence);  // what goes around a block keeps nothing out
  if (W_) x = Linear(tape, x, tape.Use(*W_), tape.Use(*b_));
  const auto add = [&](Var made) { x = Add(tape, x, Dropout(tape, made, options_.dropout)); };
  for (const Block& block : blocks_) {
    add(block.mixer->Forward(tape, block.mixer_norm.Forward(tape, x), sequence, segment));
    add(block.feed_forward.Forward(tape, block.feed_forward_norm.Forward(tape, x)));
  }
  return WithinLengths(tape, last_norm_.Forward(tape, x), sequence);
}

std::vector<size_t> ResidualStack::state_widths() const {
  std::vector<size_t> all;
  for (const Block& block : blocks_) all = Joined(std::move(all), block.mixer->state_widths());
  return all;
}

std::vector<Parameter*> ResidualStack::parameters() {
  std::vector<Parameter*> all;
  const auto append = [&](auto&& layer) {
    for (Parameter* parameter : layer.parameters()) all.push_back(parameter);
  };
  if (W_) all = {&*W_, &*b_};
  for (Block& block : blocks_) {
    append(block.mixer_norm);
    append(*block.mixer);
    append(block.feed_forward_norm);
    append(block.feed_forward);
  }
  append(last_norm_);
  return all;
}

}  // namespace eddy
