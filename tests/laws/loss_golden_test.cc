// The losses and their gradients are PyTorch's (scripts/goldens/losses.py).
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "eddy/loss.h"
#include "laws/gradient.h"

namespace eddy {
namespace loss_golden_test {

using Json = nlohmann::json;

Json Goldens() {
  std::ifstream file(EDDY_SOURCE_DIR "/tests/goldens/losses.json");
  return Json::parse(file);
}

Var LossOf(const Json& golden, Tape& tape, Var input) {
  const std::string name = golden["name"];
  const auto numbers = golden["target"].get<std::vector<Real>>();
  if (name == "softmax_cross_entropy") {
    const std::vector<int32_t> classes(numbers.begin(), numbers.end());
    return SoftmaxCrossEntropy(tape, input, classes, golden["options"]["smoothing"]);
  }
  const Shape shape = tape.Value(input).shape();
  const Tensor target = Tensor::From(numbers.size() == shape.size() ? shape : Shape{shape[0]}, numbers);
  if (name == "squared_error") return SquaredError(tape, input, target);
  if (name == "absolute_error") return AbsoluteError(tape, input, target);
  if (name == "huber") return Huber(tape, input, target, golden["options"]["delta"]);
  if (name == "gaussian") return GaussianLoss(tape, input, target);
  if (name == "student_t") return StudentTLoss(tape, input, target);
  if (name == "negative_binomial") return NegativeBinomialLoss(tape, input, target);
  if (name == "bernoulli") return BernoulliLoss(tape, input, target);
  ADD_FAILURE() << "unknown loss " << name;
  return input;
}

TEST(losses, are_those_of_pytorch_with_their_gradients) {
  const double tolerance = kDouble ? 1e-9 : 1e-5;
  const Json goldens = Goldens();
  ASSERT_FALSE(goldens.empty());
  for (const Json& golden : goldens) {
    SCOPED_TRACE(golden["name"].get<std::string>() + " " + golden["options"].dump());
    const auto dims = golden["shape"].get<std::vector<size_t>>();
    const Tensor input = Tensor::From({dims[0], dims[1]}, golden["input"].get<std::vector<Real>>());
    Threads threads;
    Tape tape(threads);
    const Var x = tape.Differentiable(input);
    const Var loss = LossOf(golden, tape, x);
    const double expected = golden["loss"];
    EXPECT_NEAR(tape.Value(loss)[0], expected, tolerance * (1 + std::fabs(expected)));
    tape.Backward(loss);
    const auto grads = golden["grad"].get<std::vector<double>>();
    double scale = 0;
    for (double g : grads) scale = std::max(scale, std::fabs(g));
    for (size_t i = 0; i < grads.size(); ++i) EXPECT_NEAR(tape.Grad(x)[i], grads[i], tolerance * scale) << "element " << i;
  }
}

}  // namespace loss_golden_test
}  // namespace eddy
