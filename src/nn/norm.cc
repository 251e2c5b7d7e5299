#include "eddy/norm.h"

#include "eddy/error.h"
#include "eddy/ops.h"

namespace eddy {

Norm::Norm(Normalization kind, size_t width, const std::string& name) : kind_(kind) {
  if (width < 1 || width > size_t{1} << 20) Fail("norm", "width", "between 1 and 2^20", std::to_string(width));
  gain_ = Parameter(name + ".gain", Tensor({width}));
  gain_->value.Fill(1);
  if (kind == Normalization::kLayer) shift_ = Parameter(name + ".shift", Tensor({width}));
}

Var Norm::Forward(Tape& tape, Var x) const {
  if (kind_ == Normalization::kRms) return RmsNorm(tape, x, tape.Use(*gain_));
  return LayerNorm(tape, x, tape.Use(*gain_), tape.Use(*shift_));
}

std::vector<Parameter*> Norm::parameters() {
  if (kind_ == Normalization::kRms) return {&*gain_};
  return {&*gain_, &*shift_};
}

}  // namespace eddy
