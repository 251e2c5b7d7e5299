#include "tape.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include "eddy/error.h"

namespace eddy::python {
namespace {

const Tensor& ValueOf(const PyVar& v) {
  const Tensor& value = v.tape->tape.Value(v.var);
  Require(!value.empty(), "value", "the tape", "one whose backward has not run", "one that has let its values go");
  return value;
}

nb::typed<nb::tuple, int, nb::ellipsis> ToTuple(const Shape& shape) {
  nb::list dims;
  for (size_t i = 0; i < shape.rank(); ++i) dims.append(shape[i]);
  return nb::tuple(dims);
}

double Backward(const std::shared_ptr<PyTape>& tape, const PyVar& loss) {
  Require(loss.tape == tape, "backward", "the loss", "a value of this tape", "one of another");
  Require(!tape->done, "backward", "the tape", "one whose backward has not run", "one that has");
  const double value = ValueOf(loss)[0];
  Work(*tape->team, [&] { tape->tape.Backward(loss.var); });
  tape->done = true;
  return value;
}

PyVar Leaf(const std::shared_ptr<PyTape>& tape, const Input& array, bool differentiable) {
  Require(!tape->done, "tape", "the tape", "one whose backward has not run", "one that has");
  Tensor value = Shared(array);
  return {tape, differentiable ? tape->tape.Differentiable(std::move(value)) : tape->tape.Constant(std::move(value))};
}

void BindParameter(nb::module_& m) {
  nb::class_<Parameter>(m, "Parameter",
                        "A trained array and its gradient, as arrays that share their memory.\n\n"
                        ">>> weight = eddy_rnn.Parameter(np.zeros((2, 3)), \"weight\")\n"
                        ">>> weight.value[0] = 1\n"
                        ">>> weight\n"
                        "Parameter('weight', shape=(2, 3))")
      .def(
          "__init__",
          [](Parameter* self, const Input& value, std::string name) { new (self) Parameter(name, Copied(value)); },
          nb::arg("value"), nb::arg("name") = "parameter", "Copies `value`.")
      .def_ro("name", &Parameter::name)
      .def_prop_rw(
          "value", [](const Parameter& p) { return ToArray(p.value); },
          [](Parameter& p, const Input& value) { CopyInto(p.value, value, "parameter"); }, nb::rv_policy::reference,
          "Assigning copies into it.")
      .def_prop_rw(
          "grad", [](const Parameter& p) { return ToArray(p.grad); },
          [](Parameter& p, const Input& grad) { CopyInto(p.grad, grad, "gradient"); }, nb::rv_policy::reference,
          "Tape.backward adds to it; Optimizer.zero_grad zeroes it.")
      .def_prop_ro("shape", [](const Parameter& p) { return ToTuple(p.value.shape()); })
      .def("__repr__",
           [](const Parameter& p) { return nb::str("Parameter({!r}, shape={})").format(p.name, ToTuple(p.value.shape())); });
}

void BindVar(nb::module_& m) {
  nb::class_<PyVar>(m, "Var", "A value on a tape.")
      .def_prop_ro(
          "value", [](const PyVar& v) { return ToReadOnly(ValueOf(v)); },
          nb::sig("def value(self) -> numpy.typing.NDArray[numpy.float32]"),
          "As an array that shares the tape's memory and may not be written to. A tape lets the values of operations go as "
          "its "
          "backward runs.")
      .def_prop_ro(
          "grad",
          [](const PyVar& v) -> std::optional<Output> {
            if (!v.tape->tape.Needs(v.var) || !v.tape->tape.HasGrad(v.var)) return std::nullopt;
            return ToArray(v.tape->tape.Grad(v.var));
          },
          nb::rv_policy::reference, "Of a differentiable leaf, after backward; None where none arrived.")
      .def_prop_ro("shape", [](const PyVar& v) { return ToTuple(ValueOf(v).shape()); })
      .def("__float__",
           [](const PyVar& v) {
             const Tensor& value = ValueOf(v);
             Require(value.size() == 1, "float", "the value", "one element", value.shape().ToString());
             return static_cast<double>(value[0]);
           })
      .def("__repr__", [](const PyVar& v) { return nb::str("Var(shape={})").format(ToTuple(ValueOf(v).shape())); });
}

}  // namespace

std::shared_ptr<PyTape> TapeOf(const char* operation, std::initializer_list<nb::handle> operands) {
  std::shared_ptr<PyTape> tape;
  for (const nb::handle operand : operands) {
    const PyVar* v = nullptr;
    if (!nb::try_cast(operand, v) || v == nullptr) continue;
    Require(tape == nullptr || tape == v->tape, operation, "operands", "of one tape", "of several");
    tape = v->tape;
  }
  Require(tape != nullptr, operation, "operands", "at least one value of a tape", "none");
  Require(!tape->done, operation, "the tape", "one whose backward has not run", "one that has");
  return tape;
}

Var OnTape(PyTape& tape, nb::handle operand) {
  if (operand.is_none()) return {};
  if (PyVar* v = nullptr; nb::try_cast(operand, v)) return v->var;
  if (Parameter* p = nullptr; nb::try_cast(operand, p)) {
    tape.kept.push_back(nb::borrow(operand));
    return tape.tape.Use(*p);
  }
  if (Input array; nb::try_cast(operand, array)) return tape.tape.Constant(Shared(array));
  throw nb::type_error("an operand must be a Var, a Parameter or an array");
}

void BindTape(nb::module_& m) {
  BindParameter(m);
  BindVar(m);
  nb::class_<PyTape>(m, "Tape",
                     "What a training step computes, recorded so that gradients can be propagated back.\n\n"
                     ">>> layer = eddy_rnn.Recurrent(\"gru\", input=2, hidden=4)\n"
                     ">>> tape = eddy_rnn.Tape(seed=1)\n"
                     ">>> y, state = layer(tape.constant(np.ones((5, 3, 2))))\n"
                     ">>> loss = eddy_rnn.squared_error(y, np.zeros((5, 3, 4)))\n"
                     ">>> tape.backward(loss) > 0\n"
                     "True\n"
                     ">>> layer.parameters()[0].grad.shape\n"
                     "(12, 2)\n")
      .def(
          "__init__",
          [](PyTape* self, uint64_t seed, int threads, const std::string& precision) {
            new (self) PyTape(TeamOf(threads), Tape::Mode::kTraining, seed, PrecisionFromName(precision));
          },
          nb::kw_only(), nb::arg("seed") = 0, nb::arg("threads") = 1, nb::arg("precision") = "float32",
          "`seed` keys every dropout mask. Results do not depend on `threads`. `precision` is \"float32\" or \"bf16\".")
      .def(
          "constant", [](std::shared_ptr<PyTape> t, const Input& array) { return Leaf(t, array, false); }, nb::arg("array"),
          "A value that receives no gradient. A float32 array in C order is not copied, and must not change until backward.")
      .def(
          "differentiable", [](std::shared_ptr<PyTape> t, const Input& array) { return Leaf(t, array, true); },
          nb::arg("array"), "As constant(), with a gradient, Var.grad.")
      .def("backward", &Backward, nb::arg("loss"),
           "Propagates d loss / d loss = 1 to every leaf and parameter; once a tape. Returns the loss.");
}

}  // namespace eddy::python
