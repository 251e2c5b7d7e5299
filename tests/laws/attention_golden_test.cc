// Attention and its gradients are PyTorch's (scripts/goldens/attention.py).
#include "eddy/multi_head_attention.h"
#include "laws/golden.h"

namespace eddy {
namespace attention_golden_test {

using Json = nlohmann::json;

TEST(attention, is_that_of_pytorch_with_its_gradients) {
  const Json golden = ReadGolden("attention");
  const size_t B = golden["B"], H = golden["H"], V = golden["V"];
  ASSERT_FALSE(golden["cases"].empty());
  for (const Json& run : golden["cases"]) {
    const size_t Tq = run["Tq"], Tk = run["Tk"];
    const Sequence queries{Tq, B, {}, {}}, memory{Tk, B, run["lengths"], {}};
    Threads threads;
    Tape tape(threads);
    const auto input = [&](const char* name, const Shape& shape) {
      return tape.Differentiable(GoldenTensor(shape, run[name]));
    };
    const Var query = input("query", {Tq, B, H}), key = input("key", {Tk, B, H}), value = input("value", {Tk, B, V});
    Var combine, y;
    if (run["additive"]) {
      combine = input("combine", {H});
      y = AdditiveAttention(tape, query, key, combine, value, queries, memory);
    } else {
      const AttentionOptions options{run["heads"], run["scale"], run["causal"], run["window"],
                                     static_cast<Positions>(run["positions"].get<int>())};
      y = Attention(tape, query, key, value, options, queries, memory);
    }
    ExpectGolden("y", tape.Value(y), run["y"]);
    tape.Backward(LossWithGradient(tape, y, GoldenTensor({Tq, B, V}, run["upstream"])));
    ExpectGolden("query", tape.Grad(query), run["gradients"]["query"]);
    ExpectGolden("key", tape.Grad(key), run["gradients"]["key"]);
    ExpectGolden("value", tape.Grad(value), run["gradients"]["value"]);
    if (combine) ExpectGolden("combine", tape.Grad(combine), run["gradients"]["combine"]);
  }
}

TEST(multi_head_attention, is_that_of_pytorch_with_its_gradients) {
  const Json golden = ReadGolden("attention"), run = golden["layer"];
  const size_t Tq = run["Tq"], Tk = run["Tk"], B = golden["B"], D = run["D"], M = run["M"];
  Random random(1);
  MultiHeadAttention layer({D, M, D, {run["heads"]}}, "attention", random);
  const auto golden_name = [](const Parameter& parameter) { return parameter.name.substr(10); };
  for (Parameter* parameter : layer.parameters()) {
    parameter->value = GoldenTensor(parameter->value.shape(), run["weights"].at(golden_name(*parameter)));
  }
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Differentiable(GoldenTensor({Tq, B, D}, run["x"]));
  const Var memory = tape.Differentiable(GoldenTensor({Tk, B, M}, run["memory"]));
  const Var y = layer.Forward(tape, x, memory, {Tq, B, {}, {}}, {Tk, B, run["lengths"], {}});
  ExpectGolden("y", tape.Value(y), run["y"]);
  tape.Backward(LossWithGradient(tape, y, GoldenTensor({Tq, B, D}, run["upstream"])));
  ExpectGolden("x", tape.Grad(x), run["gradients"]["x"]);
  ExpectGolden("memory", tape.Grad(memory), run["gradients"]["memory"]);
  for (Parameter* parameter : layer.parameters()) {
    ExpectGolden(parameter->name, parameter->grad, run["gradients"].at(golden_name(*parameter)));
  }
}

}  // namespace attention_golden_test
}  // namespace eddy
