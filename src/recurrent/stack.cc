#include "eddy/error.h"
#include "eddy/ops.h"
#include "eddy/recurrent.h"

namespace eddy {

RecurrentStack::RecurrentStack(const StackOptions& options, const std::string& name, Random& random) : options_(options) {
  Require(options.layers >= 1 && options.layers <= 1000, "recurrent stack", "layers", "between 1 and 1000",
          std::to_string(options.layers));
  Require(options.dropout >= 0 && options.dropout < 1, "recurrent stack", "dropout", "in [0, 1)",
          std::to_string(options.dropout));
  RecurrentOptions layer = options.layer;
  for (size_t i = 0; i < options.layers; ++i) {
    const std::string layer_name = name + "." + std::to_string(i);
    layer.reverse = options.layer.reverse;
    layers_.emplace_back(layer, layer_name, random);
    if (options.bidirectional) {
      layer.reverse = !layer.reverse;
      layers_.emplace_back(layer, layer_name + "r", random);
    }
    layer.input = output_width();
  }
}

size_t RecurrentStack::output_width() const {
  const size_t width = options_.layer.projection > 0 ? options_.layer.projection : options_.layer.hidden;
  return width * (options_.bidirectional ? 2 : 1);
}

RecurrentStack::Output RecurrentStack::Forward(Tape& tape, Var x, const Sequence& sequence, const std::vector<Var>& state,
                                               const Bptt& bptt, std::vector<Trace>* traces) const {
  Require(!layers_.empty(), "recurrent stack", "its layers", "there", "gone with the stack it was moved to");
  Require(state.empty() || state.size() == layers_.size(), "recurrent stack", "state",
          std::to_string(layers_.size()) + " values", std::to_string(state.size()));
  if (traces != nullptr) traces->resize(layers_.size());
  const size_t directions = options_.bidirectional ? 2 : 1;
  Output output{x, {}};
  for (size_t i = 0; i < layers_.size(); i += directions) {
    const Var below = i > 0 ? Dropout(tape, output.y, options_.dropout) : output.y;
    Bptt layer_bptt = bptt;
    if (i + directions < layers_.size()) layer_bptt.outputs = true;
    const auto run = [&](size_t n) {
      const Recurrent::Output made = layers_[n].Forward(tape, below, sequence, state.empty() ? Var() : state[n], layer_bptt,
                                                        traces != nullptr ? &(*traces)[n] : nullptr);
      output.state.push_back(made.state);
      return made.y;
    };
    Var y = run(i);
    if (options_.bidirectional) {
      const Var reversed = run(i + 1);
      if (y) y = Concat(tape, y, reversed);
    }
    if (y && options_.residual && tape.Value(y).shape() == tape.Value(output.y).shape()) y = Add(tape, y, output.y);
    output.y = y;
  }
  return output;
}

void RecurrentStack::Freeze(Threads& threads) {
  for (Recurrent& layer : layers_) layer.Freeze(options_.precision, threads);
}

void RecurrentStack::Thaw() {
  for (Recurrent& layer : layers_) layer.Thaw();
}

std::vector<Parameter*> RecurrentStack::parameters() {
  std::vector<Parameter*> all;
  for (Recurrent& layer : layers_) {
    for (Parameter* parameter : layer.parameters()) all.push_back(parameter);
  }
  return all;
}

}  // namespace eddy
