#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "eddy/encoder.h"
#include "eddy/error.h"
#include "eddy/stream.h"
#include "layers.h"

namespace eddy::python {
namespace {

// What both streams know of themselves: rows, widths, and the team that they run on.
struct StreamShape {
  size_t rows, inputs, outputs;
  std::shared_ptr<Team> team;
};

struct PyRecurrentStream : StreamShape {
  PyRecurrentStream(const RecurrentStack& stack, size_t rows, int threads)
      : StreamShape{rows, stack.options().layer.input, stack.output_width(), TeamOf(threads)},
        stream(stack, rows, &team->threads) {
    for (const Recurrent& layer : stack.layers()) widths.push_back(layer.state_width());
  }
  std::vector<size_t> widths;  // of the layers' states
  RecurrentStream stream;
};

struct PyEncoderStream : StreamShape {
  PyEncoderStream(const Encoder& encoder, size_t rows)
      : StreamShape{rows, encoder.options().input, encoder.output_width(), TeamOf(1)}, stream(encoder, rows) {}
  EncoderStream stream;
};

template <class Stream>
Output Step(Stream& s, const Input& x) {
  const Tensor input = Borrowed(x);
  if (input.shape() != Shape{s.rows, s.inputs})
    Fail("stream", "x", Shape{s.rows, s.inputs}.ToString(), input.shape().ToString());
  Tensor output;
  Work(*s.team, [&] { output = Tensor::From({s.rows, s.outputs}, s.stream.Step(input.data())); });
  return ToArray(output);
}

nb::typed<nb::list, Output> States(PyRecurrentStream& s) {
  nb::list states;
  const Real* from = s.stream.state().data();
  for (const size_t width : s.widths) {
    states.append(ToArray(Tensor::From({s.rows, width}, {from, s.rows * width})));
    from += s.rows * width;
  }
  return states;
}

void SetStates(PyRecurrentStream& s, const std::vector<Input>& states) {
  Require(states.size() == s.widths.size(), "stream", "state", "one array a layer (" + std::to_string(s.widths.size()) + ")",
          std::to_string(states.size()));
  std::vector<Real> all;
  for (size_t i = 0; i < states.size(); ++i) {
    const Tensor state = Borrowed(states[i]);
    if (state.shape() != Shape{s.rows, s.widths[i]})
      Fail("stream", "state", Shape{s.rows, s.widths[i]}.ToString(), state.shape().ToString());
    all.insert(all.end(), state.values().begin(), state.values().end());
  }
  std::copy(all.begin(), all.end(), s.stream.state().begin());
}

Output State(PyEncoderStream& s) {
  Tensor state({s.stream.state_size()});
  s.stream.SaveState(state.values());
  return ToArray(state);
}

void SetState(PyEncoderStream& s, const Input& state) {
  const Tensor copied({s.stream.state_size()});
  CopyInto(copied, state, "stream");
  s.stream.LoadState(copied.values());
}

}  // namespace

void BindStreams(nb::module_& m) {
  nb::class_<PyRecurrentStream>(
      m, "RecurrentStream",
      "Runs a stack a step at a time: bit for bit what the whole sequence gives.\n\n"
      ">>> stack = eddy_rnn.RecurrentStack(\"lstm\", 3, 4, layers=2)\n"
      ">>> stream = eddy_rnn.RecurrentStream(stack)\n"
      ">>> x = np.linspace(-1, 1, 15, dtype=np.float32).reshape(5, 1, 3)\n"
      ">>> steps = [stream.step(frame) for frame in x]\n"
      ">>> bool((np.stack(steps) == stack(x)[0]).all())\n"
      "True\n\n"
      "The weights are packed at construction; the stack may then change. A stream is for one thread.")
      .def(nb::init<const RecurrentStack&, size_t, int>(), nb::arg("stack"), nb::arg("rows") = 1, nb::kw_only(),
           nb::arg("threads") = 1)
      .def("step", &Step<PyRecurrentStream>, nb::arg("x"), "x [B, D] -> [B, output_width].")
      .def(
          "reset", [](PyRecurrentStream& s) { s.stream.Reset(); }, "Back to the initial state.")
      .def_prop_rw("state", &States, &SetStates,
                   "One array [B, state_width] a layer, as a stack returns and takes them. It is a copy: keep it, carry it, "
                   "assign it to this or another stream.");
  nb::class_<PyEncoderStream>(m, "EncoderStream",
                              "Runs an encoder whose layers see no later step, a step at a time. The weights are packed at "
                              "construction; the encoder may then change. A stream is for one thread.")
      .def(nb::init<const Encoder&, size_t>(), nb::arg("encoder"), nb::arg("rows") = 1)
      .def("step", &Step<PyEncoderStream>, nb::arg("x"), "x [B, D] -> [B, output_width].")
      .def(
          "reset", [](PyEncoderStream& s) { s.stream.Reset(); }, "Back to the initial state.")
      .def_prop_rw("state", &State, &SetState, nb::rv_policy::reference,
                   "As one array, a copy: keep it, assign it to come to this point again.");
}

}  // namespace eddy::python
