// Convolutions and their gradients are PyTorch's (scripts/goldens/convolution.py).
#include "eddy/convolution.h"
#include "laws/golden.h"

namespace eddy {
namespace convolution_golden_test {

using Json = nlohmann::json;

Padding PaddingOf(const std::string& name) {
  return name == "causal" ? Padding::kCausal : name == "same" ? Padding::kSame : Padding::kNone;
}

TEST(convolutions, are_those_of_pytorch_with_their_gradients) {
  const Json golden = ReadGolden("convolution");
  const size_t T = golden["T"], B = golden["B"], D = golden["D"], N = golden["N"];
  ASSERT_FALSE(golden["cases"].empty());
  for (const Json& run : golden["cases"]) {
    const size_t K = run["kernel"], groups = run["groups"];
    const ConvolutionOptions options{run["dilation"], run["stride"], groups, PaddingOf(run["padding"])};
    Threads threads;
    Tape tape(threads);
    const Var x = tape.Differentiable(GoldenTensor({T, B, D}, run["x"]));
    const Var weight = tape.Differentiable(GoldenTensor({N, K, D / groups}, run["weight"]));
    const Var bias = tape.Differentiable(GoldenTensor({N}, run["bias"]));
    const Var y = Convolution(tape, x, weight, bias, options, {T, B, {}, {}});
    const Tensor value = tape.Value(y);
    ASSERT_EQ(value.shape(), (Shape{run["steps"], B, N}));
    ExpectGolden("y", value, run["y"]);
    tape.Backward(LossWithGradient(tape, y, GoldenTensor(value.shape(), run["upstream"])));
    ExpectGolden("x", tape.Grad(x), run["gradients"]["x"]);
    ExpectGolden("weight", tape.Grad(weight), run["gradients"]["weight"]);
    ExpectGolden("bias", tape.Grad(bias), run["gradients"]["bias"]);
  }
}

}  // namespace convolution_golden_test
}  // namespace eddy
