#include "eddy/feed_forward.h"

#include "eddy/error.h"
#include "eddy/ops.h"
#include "nn/weights.h"

namespace eddy {
namespace {

FeedForwardOptions Checked(FeedForwardOptions o) {
  constexpr size_t kMost = size_t{1} << 20;
  if (o.width < 1 || o.width > kMost) Fail("feed forward", "width", "between 1 and 2^20", std::to_string(o.width));
  if (o.inner == 0) o.inner = o.kind == FeedForwardKind::kGelu ? 4 * o.width : (8 * o.width + 2) / 3;
  if (o.inner > 4 * kMost) Fail("feed forward", "inner", "at most 2^22", std::to_string(o.inner));
  return o;
}

}  // namespace

FeedForward::FeedForward(const FeedForwardOptions& options, const std::string& name, Random& random)
    : options_(Checked(options)) {
  const auto& [H, F, kind] = options_;
  const bool gated = kind != FeedForwardKind::kGelu;
  W_ = UniformWeights(name + ".W", F, H, random);
  if (gated) V_ = UniformWeights(name + ".V", F, H, random);
  W2_ = UniformWeights(name + ".W2", H, F, random);
  if (gated) return;
  b_ = Parameter(name + ".b", Tensor({F}));
  b2_ = Parameter(name + ".b2", Tensor({H}));
}

Var FeedForward::Forward(Tape& tape, Var x) const {
  if (options_.kind == FeedForwardKind::kGelu) {
    const Var inner = Gelu(tape, Linear(tape, x, tape.Use(*W_), tape.Use(*b_)));
    return Linear(tape, inner, tape.Use(*W2_), tape.Use(*b2_));
  }
  const Var z = Linear(tape, x, tape.Use(*W_));
  const Var gate = options_.kind == FeedForwardKind::kGeGlu ? Gelu(tape, z) : Multiply(tape, z, Sigmoid(tape, z));
  return Linear(tape, Multiply(tape, gate, Linear(tape, x, tape.Use(*V_))), tape.Use(*W2_));
}

std::vector<Parameter*> FeedForward::parameters() {
  if (options_.kind == FeedForwardKind::kGelu) return {&*W_, &*b_, &*W2_, &*b2_};
  return {&*W_, &*V_, &*W2_};
}

}  // namespace eddy
