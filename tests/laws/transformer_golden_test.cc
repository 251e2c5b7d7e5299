// Transformers and their gradients are PyTorch's (scripts/goldens/transformer.py).
#include "eddy/transformer.h"
#include "laws/golden.h"

namespace eddy {
namespace transformer_golden_test {

using Json = nlohmann::json;

class TransformerGolden : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Every, TransformerGolden, testing::Values("older", "plain"),
                         [](const auto& info) { return info.param; });

TEST_P(TransformerGolden, is_that_of_pytorch_with_its_gradients) {
  const Json golden = ReadGolden("transformer"), run = golden[GetParam()];
  const size_t T = golden["T"], B = golden["B"];
  TransformerOptions options{.input = run["D"], .hidden = golden["H"], .blocks = golden["blocks"], .heads = golden["heads"]};
  options.feed_forward_width = run["inner"];
  if (GetParam() == std::string("older")) {
    options.positions = Positions::kNone;
    options.norm = Normalization::kLayer;
    options.feed_forward = FeedForwardKind::kGelu;
  }
  Random random(1);
  Transformer transformer(options, "stack", random);
  const auto golden_name = [](const Parameter& parameter) { return parameter.name.substr(6); };
  ASSERT_EQ(transformer.parameters().size(), run["weights"].size());
  for (Parameter* parameter : transformer.parameters()) {
    parameter->value = GoldenTensor(parameter->value.shape(), run["weights"].at(golden_name(*parameter)));
  }
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Differentiable(GoldenTensor({T, B, options.input}, run["x"]));
  const Var y = transformer.Forward(tape, x, {T, B, {}, {}});
  ExpectGolden("y", tape.Value(y), run["y"]);
  tape.Backward(LossWithGradient(tape, y, GoldenTensor({T, B, options.hidden}, run["upstream"])));
  ExpectGolden("x", tape.Grad(x), run["gradients"]["x"]);
  for (Parameter* parameter : transformer.parameters()) {
    ExpectGolden(parameter->name, parameter->grad, run["gradients"].at(golden_name(*parameter)));
  }
}

}  // namespace transformer_golden_test
}  // namespace eddy
