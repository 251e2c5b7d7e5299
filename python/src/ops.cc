#include "eddy/ops.h"

#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/vector.h>

#include "eddy/error.h"
#include "tape.h"

namespace eddy::python {
namespace {

// What stands for an operand in signatures.
#define EDDY_OPERAND "Var | Parameter | numpy.typing.NDArray[numpy.float32]"

std::vector<size_t> Lengths(nb::handle lengths) {
  std::vector<size_t> result;
  if (lengths.is_none()) return result;
  for (const int64_t length : Integers(lengths, "lengths")) {
    Require(length >= 0, "lengths", "values", "at least 0", std::to_string(length));
    result.push_back(static_cast<size_t>(length));
  }
  return result;
}

void BindActivation(nb::module_& m, const char* name, Var (*op)(Tape&, Var), const char* doc) {
  m.def(
      name,
      [name, op](const PyVar& x) { return Operate(name, {nb::cast(x)}, [&](Tape& t, Var* v) { return op(t, v[0]); }); },
      nb::arg("x"), doc);
}

}  // namespace

void BindOps(nb::module_& m) {
  m.def(
      "linear",
      [](nb::handle x, nb::handle weight, nb::handle bias) {
        return Operate("linear", {x, weight, bias}, [](Tape& t, Var* v) { return Linear(t, v[0], v[1], v[2]); });
      },
      nb::arg("x"), nb::arg("weight"), nb::arg("bias") = nb::none(),
      nb::sig("def linear(x: " EDDY_OPERAND ", weight: " EDDY_OPERAND ", bias: " EDDY_OPERAND " | None = None) -> Var"),
      "x [..., K], weight [N, K], bias [N] -> x weight^T + bias [..., N].");
  m.def(
      "embedding",
      [](std::shared_ptr<PyTape> tape, Parameter& table, nb::handle indices) {
        Require(!tape->done, "embedding", "the tape", "one whose backward has not run", "one that has");
        const std::vector<int32_t> labels = Labels(indices, "embedding");
        tape->kept.push_back(nb::find(table));
        const Var rows = tape->tape.Use(table);
        return PyVar{tape, Work(*tape->team, [&] { return Embedding(tape->tape, rows, labels); })};
      },
      nb::arg("tape"), nb::arg("table"), nb::arg("indices"), "table [V, D], indices of any shape -> [count, D].");
  BindActivation(m, "tanh", Tanh, "Element by element.");
  BindActivation(m, "sigmoid", Sigmoid, "Element by element.");
  BindActivation(m, "relu", Relu, "Element by element.");
  BindActivation(m, "gelu", Gelu, "x Phi(x), by the error function.");
  m.def(
      "max_over_time",
      [](nb::handle x, nb::handle lengths) {
        const std::vector<size_t> steps = Lengths(lengths);
        return Operate("max over time", {x}, [&](Tape& t, Var* v) { return MaxOverTime(t, v[0], steps); });
      },
      nb::arg("x"), nb::arg("lengths") = nb::none(),
      nb::sig("def max_over_time(x: Var, lengths: collections.abc.Sequence[int] | numpy.typing.NDArray[typing.Any] | None "
              "= None) -> Var"),
      "x [T, B, D] -> [B, D], over the steps of each row that exist; 0 for a row of none.");
  m.def(
      "mean_over_time",
      [](nb::handle x, nb::handle lengths) {
        const std::vector<size_t> steps = Lengths(lengths);
        return Operate("mean over time", {x}, [&](Tape& t, Var* v) { return MeanOverTime(t, v[0], steps); });
      },
      nb::arg("x"), nb::arg("lengths") = nb::none(),
      nb::sig("def mean_over_time(x: Var, lengths: collections.abc.Sequence[int] | numpy.typing.NDArray[typing.Any] | None "
              "= None) -> Var"),
      "x [T, B, D] -> [B, D], over the steps of each row that exist; 0 for a row of none.");
  m.def(
      "dropout",
      [](nb::handle x, double probability) {
        return Operate("dropout", {x}, [&](Tape& t, Var* v) { return Dropout(t, v[0], probability); });
      },
      nb::arg("x"), nb::arg("probability"), nb::sig("def dropout(x: Var, probability: float) -> Var"),
      "Sets elements to 0 with this probability and scales the others by 1 / (1 - probability).");
  m.def(
      "layer_norm",
      [](nb::handle x, nb::handle gain, nb::handle shift) {
        return Operate("layer norm", {x, gain, shift}, [](Tape& t, Var* v) { return LayerNorm(t, v[0], v[1], v[2]); });
      },
      nb::arg("x"), nb::arg("gain"), nb::arg("shift") = nb::none(),
      nb::sig("def layer_norm(x: " EDDY_OPERAND ", gain: " EDDY_OPERAND ", shift: " EDDY_OPERAND " | None = None) -> Var"),
      "(x - mean) / sqrt(variance + 1e-5) * gain + shift over the last dimension.");
  m.def(
      "add",
      [](nb::handle a, nb::handle b) {
        return Operate("add", {a, b}, [](Tape& t, Var* v) { return Add(t, v[0], v[1]); });
      },
      nb::arg("a"), nb::arg("b"), nb::sig("def add(a: " EDDY_OPERAND ", b: " EDDY_OPERAND ") -> Var"), "Of one shape.");
  m.def(
      "multiply",
      [](nb::handle a, nb::handle b) {
        return Operate("multiply", {a, b}, [](Tape& t, Var* v) { return Multiply(t, v[0], v[1]); });
      },
      nb::arg("a"), nb::arg("b"), nb::sig("def multiply(a: " EDDY_OPERAND ", b: " EDDY_OPERAND ") -> Var"),
      "Element by element, of one shape.");
  m.def(
      "scale",
      [](nb::handle x, float factor) {
        return Operate("scale", {x}, [&](Tape& t, Var* v) { return Scale(t, v[0], factor); });
      },
      nb::arg("x"), nb::arg("factor"), nb::sig("def scale(x: Var, factor: float) -> Var"));
  m.def(
      "concat",
      [](nb::handle a, nb::handle b) {
        return Operate("concat", {a, b}, [](Tape& t, Var* v) { return Concat(t, v[0], v[1]); });
      },
      nb::arg("a"), nb::arg("b"), nb::sig("def concat(a: " EDDY_OPERAND ", b: " EDDY_OPERAND ") -> Var"),
      "Side by side in the last dimension.");
  m.def(
      "reshape",
      [](nb::handle x, const std::vector<size_t>& shape) {
        return Operate("reshape", {x}, [&](Tape& t, Var* v) { return Reshape(t, v[0], ShapeFrom(shape)); });
      },
      nb::arg("x"), nb::arg("shape"), nb::sig("def reshape(x: Var, shape: collections.abc.Sequence[int]) -> Var"),
      "The same elements in another shape.");
  m.def(
      "slice",
      [](nb::handle x, size_t begin, size_t end) {
        return Operate("slice", {x}, [&](Tape& t, Var* v) { return Slice(t, v[0], begin, end); });
      },
      nb::arg("x"), nb::arg("begin"), nb::arg("end"), nb::sig("def slice(x: Var, begin: int, end: int) -> Var"),
      "Steps [begin, end) of x [T, ...].");
}

}  // namespace eddy::python
