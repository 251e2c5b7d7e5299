// Hybrid layers and their gradients are those that their equations give in PyTorch (scripts/goldens/hybrid.py).
#include "eddy/attentive_recurrent.h"
#include "eddy/griffin.h"
#include "eddy/recurrent_blocks.h"
#include "eddy/windowed_recurrent.h"
#include "laws/golden.h"

namespace eddy {
namespace hybrid_golden_test {

using Json = nlohmann::json;

template <class Layer>
void ExpectGoldenLayer(const Json& golden, const char* name, Layer layer) {
  SCOPED_TRACE(name);
  const Json run = golden[name];
  const size_t T = golden["T"], B = golden["B"], D = golden["D"], H = golden["H"];
  const auto golden_name = [](const Parameter& parameter) { return parameter.name.substr(6); };  // after "layer."
  ASSERT_EQ(layer.parameters().size(), run["weights"].size());
  for (Parameter* parameter : layer.parameters()) {
    parameter->value = GoldenTensor(parameter->value.shape(), run["weights"].at(golden_name(*parameter)));
  }
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Differentiable(GoldenTensor({T, B, D}, run["x"]));
  const Var y = layer.Forward(tape, x, {T, B, {}, {}});
  ExpectGolden("y", tape.Value(y), run["y"]);
  tape.Backward(LossWithGradient(tape, y, GoldenTensor({T, B, H}, run["upstream"])));
  ExpectGolden("x", tape.Grad(x), run["gradients"]["x"]);
  for (Parameter* parameter : layer.parameters()) {
    ExpectGolden(parameter->name, parameter->grad, run["gradients"].at(golden_name(*parameter)));
  }
}

TEST(hybrids, are_what_their_equations_give_in_pytorch_with_their_gradients) {
  const Json golden = ReadGolden("hybrid");
  const size_t D = golden["D"], H = golden["H"];
  RecurrentOptions lstm, qrnn;
  lstm.input = qrnn.input = D;
  lstm.hidden = qrnn.hidden = H;
  qrnn.cell = "qrnn";
  Random random(1);
  const GriffinOptions griffin{.input = D, .hidden = H, .blocks = 3, .heads = 2, .window = 4, .kernel = 3};
  const RecurrentBlocksOptions blocks{.input = D, .hidden = H, .groups = 2, .kernel = 3};
  ExpectGoldenLayer(golden, "griffin", Griffin(griffin, "layer", random));
  ExpectGoldenLayer(golden, "recurrent_blocks", RecurrentBlocks(blocks, "layer", random));
  ExpectGoldenLayer(golden, "attentive", AttentiveRecurrent({{lstm}, {2, 0, true}}, "layer", random));
  ExpectGoldenLayer(golden, "qrnn", WindowedRecurrent({qrnn, 2}, "layer", random));
}

}  // namespace hybrid_golden_test
}  // namespace eddy
