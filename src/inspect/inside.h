// Looking inside a stack of recurrent layers while it reads a sample: how much gradient survives t steps back, how often
// activations are saturated, what the hidden units do. For reports and `eddy inspect`.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "eddy/recurrent.h"
#include "model/json.h"

namespace eddy {

struct LayerInside {
  std::string name;  // "layer 1"
  std::string cell;
  size_t hidden = 0;  // H

  // survival[t]: the norm of d loss / d state t + 1 steps before the end, relative to survival[0] = 1, for a loss on the
  // last step only. All 0 when no gradient reaches the layer's state.
  std::vector<double> survival;
  std::vector<Trace::Activation> activations;

  std::vector<float> states;  // [T, H]: the hidden state after each step of the sample's first row
  double mean_magnitude = 0;  // of the hidden state, over rows, steps and units
  size_t dead = 0;            // units whose hidden state stays within 0.01 of one value over all rows and steps
  size_t saturated = 0;       // units within 0.05 of -1 or 1 in at least nine of ten steps
};

struct Inside {
  std::vector<LayerInside> layers;
  std::vector<std::string> steps;  // [T]: what is read at each step, such as a character or a value
};

// `input` [T, B, D] is what the first layer reads, `steps` names its T steps. `last_loss` makes a scalar loss of the stack's
// output [T, B, output_width()], reading no step but the last. `parameters` are all those of the network: their gradients
// are zero afterwards. Gradients and activations are those of training, with its dropout; the states are without. Costs one
// forward and backward over the sample and one run of it as a stream. Throws Error for a bidirectional stack, whose last
// step has no past.
Inside LookInside(RecurrentStack& stack, const Tensor& input, std::vector<std::string> steps,
                  const std::function<Var(Tape& tape, Var output)>& last_loss, std::span<Parameter* const> parameters,
                  Threads& threads);

// How many steps back the gradient first is below half of survival[0]; none when it never is. `survival` is not all 0.
std::optional<size_t> GradientHalfLife(const std::vector<double>& survival);

// {"steps": T, "layers": [{"name", "cell", "hidden", "half_life", "survival": [...], "activations": [{"name", "low",
// "high"}], "mean_magnitude", "dead", "saturated"}]}; without the states.
Json ToJson(const Inside& inside);

}  // namespace eddy
