#include "eddy/recurrent.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "eddy/error.h"
#include "layers.h"

namespace eddy::python {
namespace {

// A layer and a stack run alike: what they put out, and their states.
struct Made {
  Var y;
  std::vector<Var> states;
};

Made Forward(Recurrent& layer, Tape& tape, Var x, const Sequence& sequence, const std::vector<Var>& state,
             const Bptt& bptt) {
  Require(state.size() <= 1, "recurrent", "state", "one array", std::to_string(state.size()));
  const Recurrent::Output made = layer.Forward(tape, x, sequence, state.empty() ? Var() : state[0], bptt);
  return {made.y, {made.state}};
}

Made Forward(RecurrentStack& stack, Tape& tape, Var x, const Sequence& sequence, const std::vector<Var>& state,
             const Bptt& bptt) {
  RecurrentStack::Output made = stack.Forward(tape, x, sequence, state, bptt);
  return {made.y, std::move(made.state)};
}

// A layer's only state stands alone, a stack's in a list.
template <class Layer>
nb::object StatesOf(const nb::list& states) {
  if constexpr (std::is_same_v<Layer, Recurrent>) return states[0];
  return states;
}

template <class Layer>
nb::tuple RunArrays(Layer& layer, const Input& x, nb::handle state, nb::handle lengths, nb::handle resets,
                    const std::string& precision, int threads) {
  const std::shared_ptr<Team> team = TeamOf(threads);
  const Tensor input = Borrowed(x);
  const Sequence sequence = SequenceOf(input.shape(), lengths, resets);
  Tape tape(team->threads, Tape::Mode::kInference, 0, PrecisionFromName(precision));
  std::vector<Input> kept;
  const std::vector<Var> before = Constants(tape, ListOf(state), kept);
  const Made made = Work(*team, [&] { return Forward(layer, tape, tape.Constant(input), sequence, before, Bptt{}); });
  nb::list states;
  for (Var after : made.states) states.append(ToArray(tape.Value(after)));
  return nb::make_tuple(ToArray(tape.Value(made.y)), StatesOf<Layer>(states));
}

template <class Layer>
nb::tuple RunVars(nb::handle_t<Layer> self, const PyVar& x, nb::handle state, nb::handle lengths, nb::handle resets,
                  size_t memory_bytes) {
  Layer& layer = nb::cast<Layer&>(self);
  const std::shared_ptr<PyTape> tape = TapeOf("recurrent", {nb::cast(x)});
  const Sequence sequence = SequenceOf(tape->tape.Value(x.var).shape(), lengths, resets);
  const std::vector<Var> before = OnTape(*tape, ListOf(state));
  tape->kept.push_back(nb::borrow(self));
  const Made made = Work(
      *tape->team, [&] { return Forward(layer, tape->tape, x.var, sequence, before, Bptt{.memory_bytes = memory_bytes}); });
  nb::list states;
  for (Var after : made.states) states.append(PyVar{tape, after});
  return nb::make_tuple(PyVar{tape, made.y}, StatesOf<Layer>(states));
}

// The two ways to call a layer: on arrays for inference, and on a tape's values for training.
template <class Layer, class Class>
void BindCalls(Class& c, const std::string& state) {
  const std::string arrays = "def __call__(self, x: " EDDY_FLOATS ", state: ";
  const std::string floats = state == "one" ? EDDY_FLOATS : "collections.abc.Sequence[" EDDY_FLOATS "]";
  const std::string float_result = state == "one" ? EDDY_ARRAY : "list[" EDDY_ARRAY "]";
  const std::string vars = state == "one" ? "Var | " EDDY_FLOATS : "collections.abc.Sequence[Var | " EDDY_FLOATS "]";
  const std::string var_result = state == "one" ? "Var" : "list[Var]";
  c.def("__call__", &RunArrays<Layer>, nb::arg("x"), nb::arg("state") = nb::none(), nb::arg("lengths") = nb::none(),
        nb::arg("resets") = nb::none(), nb::kw_only(), nb::arg("precision") = "float32", nb::arg("threads") = 1,
        nb::sig(Keep("def __call__(self, x: " EDDY_FLOATS ", state: " + floats +
                     " | None = None, lengths: " EDDY_INTEGERS ", resets: " EDDY_INTEGERS
                     ", *, precision: str = \"float32\", threads: int = 1) -> tuple[" EDDY_ARRAY ", " +
                     float_result + "]")),
        "x [T, B, D] -> the outputs [T, B, output_width] and the states after each row's last step [B, state_width], for "
        "inference. `state` is an earlier call's. lengths [B]: how many steps a row has; outputs beyond them are 0. resets "
        "[T, "
        "B]: where a row starts afresh before that step. Results do not depend on `threads`. A float32 array in C order is "
        "not "
        "copied.");
  c.def("__call__", &RunVars<Layer>, nb::arg("x"), nb::arg("state") = nb::none(), nb::arg("lengths") = nb::none(),
        nb::arg("resets") = nb::none(), nb::kw_only(), nb::arg("memory_bytes") = 0,
        nb::sig(Keep("def __call__(self, x: Var, state: " + vars +
                     " | None = None, lengths: " EDDY_INTEGERS ", resets: " EDDY_INTEGERS
                     ", *, memory_bytes: int = 0) -> tuple[Var, " +
                     var_result + "]")),
        "The same on the values of a tape, for training. With `memory_bytes` about so much is kept for the backward, which "
        "makes the rest again from states kept at intervals.");
  c.def(
      "freeze",
      [](Layer& layer, const std::string& precision, int threads) {
        const std::shared_ptr<Team> team = TeamOf(threads);
        Work(*team, [&] {
          if constexpr (std::is_same_v<Layer, Recurrent>) {
            layer.Freeze(PrecisionFromName(precision), team->threads);
          } else {
            layer.SetPrecision(PrecisionFromName(precision));
            layer.Freeze(team->threads);
          }
        });
      },
      nb::arg("precision") = "float32", nb::kw_only(), nb::arg("threads") = 1,
      "Packs the weights once for all calls on arrays in this precision, \"float32\", \"bf16\" or \"int8\", with the "
      "weights "
      "as they are, until thaw(). Otherwise every call packs them anew.");
  c.def("thaw", &Layer::Thaw);
  c.def(
      "parameters", [](nb::handle_t<Layer> self) { return ParametersOf(self, nb::cast<Layer&>(self).parameters()); },
      nb::sig("def parameters(self) -> list[Parameter]"));
  c.def_prop_ro("output_width", [](const Layer& layer) { return layer.output_width(); });
  c.def_prop_ro(
      "options", [](const Layer& layer) { return ToDict(layer.options()); },
      nb::sig("def options(self) -> dict[str, typing.Any]"));
}

constexpr const char* kRecurrentDoc =
    "One recurrent layer in one direction, of any cell of cells().\n\n"
    ">>> layer = eddy_rnn.Recurrent(\"lstm\", input=3, hidden=4, layer_norm=True)\n"
    ">>> y, state = layer(np.ones((7, 2, 3)), lengths=[7, 5])\n"
    ">>> y.shape, state.shape\n"
    "((7, 2, 4), (2, 8))\n"
    ">>> bool((y[5:, 1] == 0).all())\n"
    "True\n"
    ">>> more, state = layer(np.ones((1, 2, 3)), state)  # goes on where they ended\n\n"
    "Options: `projection` is the width of what recurs and is put out, 0 for `hidden`. `reverse` runs each sequence from "
    "its\n"
    "end. `layer_norm` normalises the gates' two products. `variational_dropout`, `recurrent_dropout` and `zoneout` are\n"
    "probabilities, in training only. States are kept within +-`state_clip`, 0 for no limit. `learned_state` trains the\n"
    "initial state. `forget_bias` is what the forget gate's bias begins at. `seed` draws the weights.";

constexpr const char* kStackDoc =
    "Recurrent layers stacked, in one or two directions.\n\n"
    ">>> stack = eddy_rnn.RecurrentStack(\"gru\", 3, 4, layers=2, bidirectional=True)\n"
    ">>> y, states = stack(np.ones((7, 2, 3)))\n"
    ">>> y.shape, len(states)\n"
    "((7, 2, 8), 4)\n\n"
    "Options are those of Recurrent for each layer, and: `layers`; `bidirectional`, whose outputs are the two directions'\n"
    "side by side; `dropout` between layers, in training; `residual`, which adds a layer's input to its output where their\n"
    "widths agree; `precision`, in which streams run.";

void BindLayer(nb::module_& m) {
  nb::class_<Recurrent> c(m, "Recurrent", kRecurrentDoc);
  c.def(
      "__init__",
      [](Recurrent* self, const nb::args& in_order, uint64_t seed, const std::string& name, const nb::kwargs& options) {
        Random random(seed);
        new (self) Recurrent(FromKeywords<RecurrentOptions>("recurrent", in_order, options), name, random);
      },
      nb::arg("in_order"), nb::arg("seed") = 0, nb::arg("name") = "recurrent", nb::arg("options"),
      nb::sig(Signature<RecurrentOptions>("self", "seed: int = 0, name: str = \"recurrent\"", 3)));
  BindCalls<Recurrent>(c, "one");
  c.def_prop_ro("state_width", &Recurrent::state_width);
  c.def(
      "initial_state", [](const Recurrent& layer, size_t rows) { return ToArray(layer.InitialState(rows)); },
      nb::arg("rows"));
  c.def("__repr__", [](const Recurrent& layer) {
    return nb::str("Recurrent({!r}, input={}, hidden={})")
        .format(layer.options().cell, layer.options().input, layer.options().hidden);
  });
  c.def("__getstate__", [](nb::handle_t<Recurrent> self) -> Pickle {
    Recurrent& layer = nb::cast<Recurrent&>(self);
    return nb::make_tuple(ToDict(layer.options()), ValuesOf(layer.parameters()));
  });
  c.def("__setstate__", [](Recurrent& self, const Pickle& state) {
    const auto options = FromKeywords<RecurrentOptions>("recurrent", {}, nb::borrow<nb::kwargs>(state[0]));
    std::vector<Parameter> parameters;
    for (const auto& [name, value] : nb::cast<nb::dict>(state[1]))
      parameters.emplace_back(nb::cast<std::string>(name), Copied(nb::cast<Input>(value)));
    new (&self) Recurrent(options, std::move(parameters));
  });
}

void BindStack(nb::module_& m) {
  nb::class_<RecurrentStack> c(m, "RecurrentStack", kStackDoc);
  c.def(
      "__init__",
      [](RecurrentStack* self, const nb::args& in_order, uint64_t seed, const std::string& name, const nb::kwargs& options) {
        Random random(seed);
        new (self) RecurrentStack(FromKeywords<StackOptions>("recurrent stack", in_order, options), name, random);
      },
      nb::arg("in_order"), nb::arg("seed") = 0, nb::arg("name") = "stack", nb::arg("options"),
      nb::sig(Signature<StackOptions>("self", "seed: int = 0, name: str = \"stack\"", 3)));
  BindCalls<RecurrentStack>(c, "list");
  c.def_prop_ro(
      "layers",
      [](nb::handle_t<RecurrentStack> self) {
        nb::list layers;
        for (Recurrent& layer : nb::cast<RecurrentStack&>(self).layers())
          layers.append(nb::cast(&layer, nb::rv_policy::reference_internal, self));
        return layers;
      },
      nb::sig("def layers(self) -> list[Recurrent]"), "Forward and reverse of the first layer, then of the second ...");
  c.def("__repr__", [](const RecurrentStack& stack) {
    const StackOptions& o = stack.options();
    return nb::str("RecurrentStack({!r}, input={}, hidden={}, layers={}, bidirectional={})")
        .format(o.layer.cell, o.layer.input, o.layer.hidden, o.layers, o.bidirectional);
  });
  c.def("__getstate__", [](RecurrentStack& stack) -> Pickle {
    const std::string first = stack.parameters().front()->name;
    return nb::make_tuple(ToDict(stack.options()), first.substr(0, first.rfind(".0.")), ValuesOf(stack.parameters()));
  });
  c.def("__setstate__", [](RecurrentStack& self, const Pickle& state) {
    Random random(0);
    const auto options = FromKeywords<StackOptions>("recurrent stack", {}, nb::borrow<nb::kwargs>(state[0]));
    new (&self) RecurrentStack(options, nb::cast<std::string>(state[1]), random);
    SetValues(self.parameters(), nb::cast<nb::dict>(state[2]));
  });
}

}  // namespace

void BindRecurrent(nb::module_& m) {
  BindLayer(m);
  BindStack(m);
}

}  // namespace eddy::python
