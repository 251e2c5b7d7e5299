// Recurrent layers over arrays that another framework owns and gives by their addresses: what eddy_rnn.torch stands on. The
// caller checks types, shapes and layouts (float32, C order), and keeps every array until the backward has run.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "layers.h"

namespace eddy::python {
namespace {

using Addresses = std::vector<uintptr_t>;

Tensor At(uintptr_t address, const Shape& shape) {
  return Tensor::Over(shape, std::shared_ptr<Real[]>(std::shared_ptr<void>(), reinterpret_cast<Real*>(address)));
}

// Where a framework's state stands in a row of a layer's: torch's lstm has h and c apart.
struct Part {
  size_t offset, width;
};

using NamedShape = std::pair<std::string, Shape>;

// One layer in one direction.
struct Unit {
  RecurrentOptions options;
  std::vector<NamedShape> shapes;    // of its parameters
  size_t width;                      // of a row of its state
  std::vector<Tensor> no_gradients;  // stand for the parameters' in inference, where none is written: memory never touched
};

// Weights, and in training the places of their gradients, to be taken in order.
class Weights {
 public:
  // Without gradients, or with one a value. Both must outlive it.
  Weights(const Addresses& values, const Addresses& gradients) : values_(values), gradients_(gradients) {}

  Parameter Take(const NamedShape& shape, const Tensor& no_gradient) {
    Require(next_ < values_.size(), "layers", "weights", "more", std::to_string(values_.size()));
    Parameter parameter;
    parameter.name = shape.first;
    parameter.value = At(values_[next_], shape.second);
    parameter.grad = gradients_.empty() ? no_gradient : At(gradients_[next_], shape.second);
    ++next_;
    return parameter;
  }

  void RequireNoMore() const {
    Require(next_ == values_.size(), "layers", "weights", std::to_string(next_), std::to_string(values_.size()));
  }

 private:
  const Addresses &values_, &gradients_;
  size_t next_ = 0;
};

// What a forward leaves for its backward.
struct ForeignRun {
  ForeignRun(std::shared_ptr<Team> team, Tape::Mode mode, uint64_t seed)
      : team(std::move(team)), tape(this->team->threads, mode, seed) {}

  std::shared_ptr<Team> team;
  Tape tape;
  std::vector<std::pair<Tensor, Tensor>> copies;  // of a bias's gradient to that of torch's other one
  Var x, y;
  std::vector<Var> before, after;
  size_t rows = 0;
};

class ForeignStack {
 public:
  // `torch_layout`: the layer is torch.nn's, whose weights are W, U, with `biases` b_ih and b_hh, and P; and whose state is
  // h and, of an lstm, c. Otherwise weights are those of Recurrent::ParameterShapes(), and the state is one array.
  ForeignStack(const StackOptions& options, bool torch_layout, bool biases)
      : bidirectional_(options.bidirectional), residual_(options.residual), torch_(torch_layout), biases_(biases) {
    RecurrentOptions layer = options.layer;
    for (size_t i = 0; i < options.layers; ++i) {
      for (const bool reverse : {false, true}) {
        if (reverse && !bidirectional_) continue;
        layer.reverse = options.layer.reverse != reverse;
        units_.push_back({layer, Recurrent::ParameterShapes(layer), 0, {}});
        for (const auto& shape : units_.back().shapes)
          units_.back().no_gradients.push_back(Tensor::Uninitialized(shape.second));
      }
      output_ = (layer.projection ? layer.projection : layer.hidden) * (bidirectional_ ? 2 : 1);
      layer.input = output_;
    }
    const CellFacts facts = FactsOf(FindCell(layer.cell));
    const size_t H = layer.hidden, S = static_cast<size_t>(facts.states), R = layer.projection;
    for (Unit& unit : units_) unit.width = S * H + R;
    two_ = facts.recurrent_bias;
    if (!torch_) {
      parts_ = {{0, S * H + R}};
    } else {
      parts_ = {R ? Part{S * H, R} : Part{0, H}};
      if (S > 1) parts_.push_back({H, H});
    }
  }

  // x [T, B, D]; `lengths` of the rows, or none; `before`: an array [layers and directions, B, width] a part of the state,
  // or none. Fills `after` like it. `d_weights`, in training, are where the backward adds the weights' gradients; they are
  // not touched before. Returns y [T, B, output] and, in training, the run.
  nb::typed<nb::tuple, nb::any, nb::ellipsis> Forward(bool training, int threads, uint64_t seed, uintptr_t x, size_t steps,
                                                      size_t rows, const std::vector<size_t>& lengths,
                                                      const Addresses& before, const Addresses& weights,
                                                      const Addresses& d_weights, const Addresses& after) const {
    auto run =
        std::make_unique<ForeignRun>(TeamOf(threads), training ? Tape::Mode::kTraining : Tape::Mode::kInference, seed);
    Require(before.empty() || before.size() == parts_.size(), "layers", "states", std::to_string(parts_.size()),
            std::to_string(before.size()));
    Require(after.size() == parts_.size(), "layers", "states", std::to_string(parts_.size()), std::to_string(after.size()));
    Require(d_weights.size() == (training ? weights.size() : 0), "layers", "gradients", "one a weight in training",
            std::to_string(d_weights.size()));
    Work(*run->team, [&] { Run(*run, x, {steps, rows, lengths, {}}, before, Weights(weights, d_weights), after); });
    const nb::object y = nb::cast(ToArray(run->tape.Value(run->y)));
    return nb::make_tuple(y, training ? nb::cast(run.release(), nb::rv_policy::take_ownership) : nb::none());
  }

  // Gradients by address, 0 for none: of y and the states `after`, given; of x and the states `before`, to be added to
  // zeros, as those of the weights, where the forward was told. Once a run.
  void Backward(ForeignRun& run, uintptr_t dy, const Addresses& d_after, uintptr_t dx, const Addresses& d_before) const {
    Require(d_after.size() == parts_.size() && d_before.size() == parts_.size(), "layers", "gradients of states",
            std::to_string(parts_.size()), std::to_string(d_after.size()));
    Work(*run.team, [&] { RunBack(run, dy, d_after, dx, d_before); });
  }

  // How many elements each weight has, in the order in which they are given.
  std::vector<size_t> WeightSizes() const {
    std::vector<size_t> sizes;
    for (const Unit& unit : units_) {
      const auto size = [&](const char* name) { sizes.push_back(unit.shapes[Index(unit, name)].second.size()); };
      if (!torch_) {
        for (const auto& shape : unit.shapes) sizes.push_back(shape.second.size());
        continue;
      }
      for (const char* name : {".W", ".U"}) size(name);
      for (int i = 0; biases_ && i < 2; ++i) size(".b");
      if (unit.options.projection) size(".P");
    }
    return sizes;
  }

 private:
  void Run(ForeignRun& run, uintptr_t x, const Sequence& sequence, const Addresses& before, Weights weights,
           const Addresses& after) const {
    Tape& tape = run.tape;
    run.rows = sequence.rows;
    run.x = run.y = tape.Differentiable(At(x, {sequence.steps, sequence.rows, units_[0].options.input}));
    const size_t directions = bidirectional_ ? 2 : 1;
    for (size_t i = 0; i < units_.size(); i += directions) {
      const Var below = run.y;
      const auto layer = [&](size_t n) {
        const Recurrent recurrent(units_[n].options, Parameters(units_[n], weights, run));
        run.before.push_back(before.empty() ? Var() : tape.Differentiable(Gather(n, sequence.rows, before)));
        const Recurrent::Output made = recurrent.Forward(tape, below, sequence, run.before.back());
        run.after.push_back(made.state);
        Scatter(tape.Value(made.state), n, sequence.rows, after);
        return made.y;
      };
      Var y = layer(i);
      if (bidirectional_) y = Concat(tape, y, layer(i + 1));
      if (residual_ && tape.Value(y).shape() == tape.Value(below).shape()) y = Add(tape, y, below);
      run.y = y;
    }
    weights.RequireNoMore();
  }

  void RunBack(ForeignRun& run, uintptr_t dy, const Addresses& d_after, uintptr_t dx, const Addresses& d_before) const {
    Tape& tape = run.tape;
    if (dx != 0) tape.SetGrad(run.x, At(dx, tape.Value(run.x).shape()));
    if (dy != 0) tape.SetGrad(run.y, At(dy, tape.Value(run.y).shape()));
    if (std::any_of(d_after.begin(), d_after.end(), [](uintptr_t address) { return address != 0; })) {
      for (size_t n = 0; n < units_.size(); ++n) tape.SetGrad(run.after[n], Gather(n, run.rows, d_after));
    }
    tape.Backward();
    for (size_t n = 0; n < units_.size(); ++n) {
      if (tape.HasGrad(run.before[n])) Scatter(tape.Grad(run.before[n]), n, run.rows, d_before);
    }
    for (const auto& [from, to] : run.copies) std::copy_n(from.data(), from.size(), to.data());
  }

  // A unit's parameters over the next weights.
  std::vector<Parameter> Parameters(const Unit& unit, Weights& weights, ForeignRun& run) const {
    std::vector<Parameter> parameters(unit.shapes.size());
    const auto take = [&](size_t i) { return weights.Take(unit.shapes[i], unit.no_gradients[i]); };
    if (!torch_) {
      for (size_t i = 0; i < parameters.size(); ++i) parameters[i] = take(i);
      return parameters;
    }
    const size_t W = Index(unit, ".W"), U = Index(unit, ".U"), b = Index(unit, ".b"), c = Index(unit, ".c");
    parameters[W] = take(W);
    parameters[U] = take(U);
    if (!biases_) {
      parameters[b] = Parameter(".b", Tensor(unit.shapes[b].second));
      if (two_) parameters[c] = Parameter(".c", Tensor(unit.shapes[c].second));
    } else if (two_) {
      parameters[b] = take(b);
      parameters[c] = take(c);
    } else {  // the sum of torch's two, whose gradient is that of each
      parameters[b] = take(b);
      const Parameter second = take(b);
      const Tensor first = parameters[b].value, sum = Tensor::Uninitialized(first.shape());
      for (size_t i = 0; i < sum.size(); ++i) sum[i] = first[i] + second.value[i];
      parameters[b].value = sum;
      run.copies.emplace_back(parameters[b].grad, second.grad);
    }
    if (unit.options.projection) parameters[Index(unit, ".P")] = take(Index(unit, ".P"));
    return parameters;
  }

  static size_t Index(const Unit& unit, std::string_view name) {
    return static_cast<size_t>(
        std::find_if(unit.shapes.begin(), unit.shapes.end(), [&](const auto& shape) { return shape.first == name; }) -
        unit.shapes.begin());
  }

  // Unit n's state [B, width] from the parts; zeros where there is none.
  Tensor Gather(size_t n, size_t rows, const Addresses& parts) const {
    const size_t width = units_[n].width;
    const Tensor state({rows, width});
    for (size_t p = 0; p < parts_.size(); ++p) {
      if (parts[p] == 0) continue;
      const Real* from = reinterpret_cast<const Real*>(parts[p]) + n * rows * parts_[p].width;
      for (size_t r = 0; r < rows; ++r)
        std::copy_n(from + r * parts_[p].width, parts_[p].width, state.data() + r * width + parts_[p].offset);
    }
    return state;
  }

  void Scatter(const Tensor& state, size_t n, size_t rows, const Addresses& parts) const {
    for (size_t p = 0; p < parts_.size(); ++p) {
      if (parts[p] == 0) continue;
      Real* to = reinterpret_cast<Real*>(parts[p]) + n * rows * parts_[p].width;
      for (size_t r = 0; r < rows; ++r)
        std::copy_n(state.data() + r * state.dim(1) + parts_[p].offset, parts_[p].width, to + r * parts_[p].width);
    }
  }

  std::vector<Unit> units_;
  std::vector<Part> parts_;
  bool bidirectional_, residual_, torch_, biases_;
  bool two_ = false;  // whether the cell's u has a bias of its own
  size_t output_ = 0;
};

}  // namespace

void BindForeign(nb::module_& m) {
  m.def(
      "_parameter_shapes",
      [](const nb::kwargs& options) {
        nb::list shapes;
        for (const auto& [name, shape] :
             Recurrent::ParameterShapes(FromKeywords<RecurrentOptions>("recurrent", {}, options))) {
          nb::list dims;
          for (size_t i = 0; i < shape.rank(); ++i) dims.append(shape[i]);
          shapes.append(nb::make_tuple(name.substr(1), nb::tuple(dims)));
        }
        return shapes;
      },
      nb::arg("options"), nb::sig("def _parameter_shapes(**options: typing.Any) -> list[tuple[str, tuple[int, ...]]]"));
  nb::class_<ForeignRun>(m, "_ForeignRun");
  nb::class_<ForeignStack>(m, "_ForeignStack")
      .def(
          "__init__",
          [](ForeignStack* self, bool torch_layout, bool biases, const nb::kwargs& options) {
            new (self) ForeignStack(FromKeywords<StackOptions>("layers", {}, options), torch_layout, biases);
          },
          nb::arg("torch_layout"), nb::arg("biases"), nb::arg("options"),
          nb::sig("def __init__(self, torch_layout: bool, biases: bool, **options: typing.Any) -> None"))
      .def("weight_sizes", &ForeignStack::WeightSizes)
      .def("forward", &ForeignStack::Forward)
      .def("backward", &ForeignStack::Backward);
}

}  // namespace eddy::python
