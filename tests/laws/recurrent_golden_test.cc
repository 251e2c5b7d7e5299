// Recurrent layers against PyTorch: outputs, final states and every gradient. The goldens and their format are made by
// scripts/goldens/recurrent.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "eddy/recurrent.h"

namespace eddy {
namespace recurrent_golden_test {

using Json = nlohmann::json;

// Relative to the largest value of an array.
constexpr double kTolerance = std::is_same_v<Real, double> ? 1e-9 : 1e-5;

std::vector<Real> Numbers(const Json& array) { return array.get<std::vector<Real>>(); }

void ExpectNear(const std::string& what, std::span<const Real> got, const Json& golden) {
  const std::vector<double> want = golden.get<std::vector<double>>();
  ASSERT_EQ(got.size(), want.size()) << what;
  double largest = 0;
  for (double value : want) largest = std::max(largest, std::abs(value));
  for (size_t i = 0; i < want.size(); ++i) {
    EXPECT_NEAR(got[i], want[i], kTolerance * std::max(largest, 1e-3)) << what << "[" << i << "]";
  }
}

struct Golden {
  std::string cell;
  Json run;
};

void PrintTo(const Golden& golden, std::ostream* out) { *out << golden.cell << " " << golden.run.at("name"); }

std::vector<Golden> Goldens() {
  std::vector<Golden> goldens;
  for (const char* cell : {"rnn_tanh", "rnn_relu", "lstm", "gru"}) {
    std::ifstream file(std::string(EDDY_SOURCE_DIR) + "/tests/goldens/recurrent_" + cell + ".json");
    const Json golden = Json::parse(file);
    for (const Json& run : golden.at("cases")) goldens.push_back({cell, run});
  }
  return goldens;
}

// Our state of a layer is the rows' [h, c, projected h], PyTorch's is an array for each of h and c of all layers, where h is
// the projected one if there is a projection.
class StateLayout {
 public:
  explicit StateLayout(const Json& run)
      : rows_(run.at("lengths").size()),
        hidden_(run.at("hidden")),
        projection_(run.at("projection")),
        cell_(run.contains("c0")) {}

  size_t width() const { return hidden_ * (cell_ ? 2 : 1) + projection_; }

  // The state [B, width()] of a layer from values named `h` and `c`.
  Tensor Pack(const Json& values, const std::string& h, const std::string& c, size_t layer) const {
    Tensor state({rows_, width()});
    CopyRows(Numbers(values.at(h)), layer, h_begin(), h_width(), state);
    if (cell_) CopyRows(Numbers(values.at(c)), layer, hidden_, hidden_, state);
    return state;
  }

  // Checks that the layers' states hold the values named `h` and `c`.
  void ExpectStates(const std::vector<Tensor>& states, const Json& values, const std::string& h,
                    const std::string& c) const {
    ExpectNear(h, Columns(states, h_begin(), h_width()), values.at(h));
    if (cell_) ExpectNear(c, Columns(states, hidden_, hidden_), values.at(c));
  }

 private:
  size_t h_begin() const { return projection_ ? width() - projection_ : 0; }
  size_t h_width() const { return projection_ ? projection_ : hidden_; }

  void CopyRows(const std::vector<Real>& all, size_t layer, size_t begin, size_t count, Tensor& state) const {
    for (size_t row = 0; row < rows_; ++row) {
      std::copy_n(all.data() + (layer * rows_ + row) * count, count, state.data() + row * width() + begin);
    }
  }

  std::vector<Real> Columns(const std::vector<Tensor>& states, size_t begin, size_t count) const {
    std::vector<Real> columns;
    for (const Tensor& state : states) {
      for (size_t row = 0; row < rows_; ++row) {
        const Real* from = state.data() + row * width() + begin;
        columns.insert(columns.end(), from, from + count);
      }
    }
    return columns;
  }

  size_t rows_, hidden_, projection_;
  bool cell_;
};

RecurrentStack MakeStack(const Golden& golden) {
  StackOptions options;
  options.layer.cell = golden.cell;
  options.layer.input = golden.run.at("input");
  options.layer.hidden = golden.run.at("hidden");
  options.layer.projection = golden.run.at("projection");
  options.layers = golden.run.at("layers");
  options.bidirectional = golden.run.at("bidirectional");
  Random random(1);
  return RecurrentStack(options, "stack", random);
}

// How PyTorch's names of this layer's weights end: _l<layer> and _reverse.
std::string Ending(const RecurrentStack& stack, size_t layer) {
  const size_t directions = stack.options().bidirectional ? 2 : 1;
  return "_l" + std::to_string(layer / directions) + (layer % directions ? "_reverse" : "");
}

// The parameter of a layer called `short_name`, or null.
Parameter* Find(Recurrent& layer, const std::string& short_name) {
  for (Parameter* parameter : layer.parameters()) {
    if (parameter->name.ends_with("." + short_name)) return parameter;
  }
  return nullptr;
}

// Our parameters with PyTorch's names. It has two biases everywhere, we where they are not merely added.
std::vector<std::pair<Parameter*, std::string>> Weights(Recurrent& layer, const std::string& ending) {
  std::vector<std::pair<Parameter*, std::string>> weights;
  for (const auto& [ours, theirs] :
       {std::pair{"W", "weight_ih"}, {"b", "bias_ih"}, {"U", "weight_hh"}, {"c", "bias_hh"}, {"P", "weight_hr"}}) {
    if (Parameter* parameter = Find(layer, ours)) weights.emplace_back(parameter, theirs + ending);
  }
  return weights;
}

void SetWeights(Recurrent& layer, const Json& golden, const std::string& ending) {
  for (const auto& [parameter, name] : Weights(layer, ending)) {
    const std::vector<Real> values = Numbers(golden.at(name));
    ASSERT_EQ(parameter->value.size(), values.size()) << name;
    std::copy(values.begin(), values.end(), parameter->value.data());
  }
  if (Find(layer, "c")) return;
  const std::vector<Real> recurrent_bias = Numbers(golden.at("bias_hh" + ending));
  Tensor& bias = Find(layer, "b")->value;
  for (size_t i = 0; i < bias.size(); ++i) bias[i] += recurrent_bias[i];
}

// A loss whose gradient by each output is the one given. Its value is of no use and stays 0.
Var LossWithGradients(Tape& tape, const std::vector<Var>& outputs, const std::vector<Tensor>& gradients) {
  return tape.Record(std::vector<Tensor>{Tensor(Shape{})}, outputs, [=, &tape](const std::vector<Var>&) {
    for (size_t i = 0; i < outputs.size(); ++i) {
      Tensor& gradient = tape.Grad(outputs[i]);
      for (size_t j = 0; j < gradient.size(); ++j) gradient[j] += gradients[i][j];
    }
  })[0];
}

class RecurrentGolden : public testing::TestWithParam<Golden> {};

TEST_P(RecurrentGolden, outputs_states_and_gradients_equal_pytorch) {
  const Json& run = GetParam().run;
  const StateLayout layout(run);
  RecurrentStack stack = MakeStack(GetParam());
  const size_t layers = stack.layers().size();
  for (size_t i = 0; i < layers; ++i) SetWeights(stack.layers()[i], run.at("weights"), Ending(stack, i));

  Sequence sequence;
  sequence.lengths = run.at("lengths").get<std::vector<size_t>>();
  sequence.rows = sequence.lengths.size();
  sequence.steps = *std::max_element(sequence.lengths.begin(), sequence.lengths.end());

  Threads threads;
  Tape tape(threads);
  const size_t input = stack.options().layer.input;
  const Var x = tape.Differentiable(Tensor::From({sequence.steps, sequence.rows, input}, Numbers(run.at("x"))));
  std::vector<Var> initial;
  for (size_t i = 0; i < layers; ++i) initial.push_back(tape.Differentiable(layout.Pack(run, "h0", "c0", i)));
  const RecurrentStack::Output output = stack.Forward(tape, x, sequence, initial);

  ExpectNear("y", tape.Value(output.y).values(), run.at("y"));
  std::vector<Tensor> final_states;
  for (Var state : output.state) final_states.push_back(tape.Value(state));
  layout.ExpectStates(final_states, run, "h_n", "c_n");

  std::vector<Var> outputs = {output.y};
  std::vector<Tensor> upstream = {Tensor::From(tape.Value(output.y).shape(), Numbers(run.at("upstream").at("y")))};
  for (size_t i = 0; i < layers; ++i) {
    outputs.push_back(output.state[i]);
    upstream.push_back(layout.Pack(run.at("upstream"), "h_n", "c_n", i));
  }
  tape.Backward(LossWithGradients(tape, outputs, upstream));

  const Json& gradients = run.at("gradients");
  ExpectNear("x", tape.Grad(x).values(), gradients.at("x"));
  std::vector<Tensor> initial_gradients;
  for (Var state : initial) initial_gradients.push_back(tape.Grad(state));
  layout.ExpectStates(initial_gradients, gradients, "h0", "c0");
  for (size_t i = 0; i < layers; ++i) {
    for (const auto& [parameter, name] : Weights(stack.layers()[i], Ending(stack, i))) {
      ExpectNear(name, parameter->grad.values(), gradients.at(name));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(PyTorch, RecurrentGolden, testing::ValuesIn(Goldens()), [](const auto& info) {
  return info.param.cell + "_" + info.param.run.at("name").template get<std::string>();
});

}  // namespace recurrent_golden_test
}  // namespace eddy
