// Temporal convolutional networks and their gradients are PyTorch's (scripts/goldens/tcn.py).
#include "eddy/tcn.h"
#include "laws/golden.h"

namespace eddy {
namespace tcn_golden_test {

using Json = nlohmann::json;

TEST(temporal_convolutional_networks, are_those_of_pytorch_with_their_gradients) {
  const Json golden = ReadGolden("tcn");
  const size_t T = golden["T"], B = golden["B"];
  ASSERT_FALSE(golden["cases"].empty());
  for (const Json& run : golden["cases"]) {
    TcnOptions options{.input = run["input"], .hidden = run["hidden"], .blocks = run["blocks"], .kernel = run["kernel"]};
    Random random(1);
    Tcn network(options, "tcn", random);
    const auto golden_name = [](const Parameter& parameter) { return parameter.name.substr(4); };
    ASSERT_EQ(network.parameters().size(), run["weights"].size());
    for (Parameter* parameter : network.parameters()) {
      parameter->value = GoldenTensor(parameter->value.shape(), run["weights"].at(golden_name(*parameter)));
    }
    Threads threads;
    Tape tape(threads);
    const Var x = tape.Differentiable(GoldenTensor({T, B, options.input}, run["x"]));
    const Var y = network.Forward(tape, x, {T, B, {}, {}});
    const Tensor value = tape.Value(y);
    ExpectGolden("y", value, run["y"]);
    tape.Backward(LossWithGradient(tape, y, GoldenTensor(value.shape(), run["upstream"])));
    ExpectGolden("x", tape.Grad(x), run["gradients"]["x"]);
    for (Parameter* parameter : network.parameters()) {
      ExpectGolden(parameter->name, parameter->grad, run["gradients"].at(golden_name(*parameter)));
    }
  }
}

}  // namespace tcn_golden_test
}  // namespace eddy
