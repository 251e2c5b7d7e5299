#include "model/stack_fits.h"

#include "eddy/error.h"
#include "eddy/layers/recurrent.h"

namespace eddy {

void RequireStored(double weights, const NamedTensors& tensors) {
  double stored = 0;
  for (const auto& [name, tensor] : tensors) stored += static_cast<double>(tensor.size());
  Require(weights <= stored, "model", "the size of its layers", "that of the tensors stored", "larger");
}

void RequireFits(const StackOptions& options, const NamedTensors& tensors) {
  RequireStored(RecurrentKind::LeastWeights(options), tensors);
}

}  // namespace eddy
