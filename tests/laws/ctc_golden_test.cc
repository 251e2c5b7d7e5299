// The CTC loss and its gradient are PyTorch's (scripts/goldens/ctc.py).
#include "eddy/ctc.h"
#include "laws/golden.h"

namespace eddy {
namespace ctc_golden_test {

using Json = nlohmann::json;

TEST(ctc, is_that_of_pytorch_with_its_gradient) {
  const Json goldens = ReadGolden("ctc");
  ASSERT_FALSE(goldens.empty());
  for (const Json& golden : goldens) {
    const auto lengths = golden["lengths"].get<std::vector<size_t>>();
    const Sequence sequence{golden["T"], lengths.size(), lengths, {}};
    Threads threads;
    Tape tape(threads);
    const Var x = tape.Differentiable(GoldenTensor({sequence.steps, sequence.rows, golden["V"]}, golden["logits"]));
    const auto targets = golden["targets"].get<std::vector<std::vector<int32_t>>>();
    const Var loss = CtcLoss(tape, x, targets, sequence, golden["blank"]);
    ExpectGolden("loss", tape.Value(loss), Json::array({golden["loss"]}));
    tape.Backward(loss);
    ExpectGolden("logits", tape.Grad(x), golden["grad"]);
  }
}

}  // namespace ctc_golden_test
}  // namespace eddy
