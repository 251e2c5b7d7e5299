#include "model/stack_fits.h"

#include <algorithm>

#include "eddy/cell.h"
#include "eddy/error.h"

namespace eddy {

double LeastWeights(const StackOptions& options) {
  const RecurrentOptions& layer = options.layer;
  const CellFacts facts = FactsOf(FindCell(layer.cell));
  const auto hidden = static_cast<double>(layer.hidden), projection = static_cast<double>(layer.projection);
  const double directions = options.bidirectional ? 2 : 1;
  const double output = layer.projection > 0 ? projection : hidden;
  // Some gates of a cell of two products read the unprojected state: this counts the narrower one for all of them.
  const double recurrent = facts.products > 0 ? std::min(output, hidden) : 0;
  double needed = 0, input = static_cast<double>(layer.input);
  for (size_t i = 0; i < options.layers; ++i) {
    needed += directions * (facts.gates * hidden * (input + recurrent) + projection * hidden);
    input = output * directions;
  }
  return needed;
}

void RequireStored(double weights, const NamedTensors& tensors) {
  double stored = 0;
  for (const auto& [name, tensor] : tensors) stored += static_cast<double>(tensor.size());
  Require(weights <= stored, "model", "the size of its layers", "that of the tensors stored", "larger");
}

void RequireFits(const StackOptions& options, const NamedTensors& tensors) { RequireStored(LeastWeights(options), tensors); }

}  // namespace eddy
