// A streaming step of a layer that is not recurrent, or not only, allocates nothing.
#include <gtest/gtest.h>

#include "allocations.h"
#include "eddy/attentive_recurrent.h"
#include "eddy/griffin.h"
#include "eddy/multi_head_attention.h"
#include "eddy/recurrent_blocks.h"
#include "eddy/tcn.h"
#include "eddy/transformer.h"
#include "eddy/windowed_recurrent.h"

namespace eddy {
namespace stream_allocation_test {

template <class Stream>
void ExpectNoAllocation(Stream& stream, const std::vector<Real>& x) {
  stream.Step(x.data());
  const long before = allocations;
  for (int i = 0; i < 100; ++i) stream.Step(x.data());
  stream.Reset();
  EXPECT_EQ(allocations - before, 0);
  static_assert(noexcept(stream.Step(nullptr)));
}

TEST(streams, a_step_allocates_nothing) {
  Random random(1);
  const std::vector<Real> x(2 * 40, Real{0.5});
  for (Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    const Conv1d layer({.input = 40, .output = 70, .kernel = 5, .convolution = {3, 2, 10}}, "conv", random);
    Conv1dStream layer_stream(layer, 2, precision);
    ExpectNoAllocation(layer_stream, x);
    const Tcn network({.input = 40, .hidden = 70, .blocks = 3, .kernel = 3}, "tcn", random);
    TcnStream network_stream(network, 2, precision);
    ExpectNoAllocation(network_stream, x);
    const Griffin griffin({.input = 40, .hidden = 60, .heads = 3, .window = 20}, "g", random);
    ResidualStream griffin_stream(griffin, 0, 2, precision);
    ExpectNoAllocation(griffin_stream, x);
    const RecurrentBlocks blocks({.input = 40, .hidden = 60, .blocks = 2, .cell = "gru_reset_before"}, "b", random);
    ResidualStream blocks_stream(blocks, 0, 2, precision);
    ExpectNoAllocation(blocks_stream, x);
    RecurrentOptions recurrent;
    recurrent.input = 40;
    recurrent.hidden = 60;
    const AttentiveRecurrent attentive({{recurrent}, {2, 0, true}}, "a", random);
    AttentiveRecurrentStream attentive_stream(attentive, 200, 2, precision);
    ExpectNoAllocation(attentive_stream, x);
    recurrent.cell = "qrnn";
    const WindowedRecurrent windowed({recurrent, 3}, "w", random);
    WindowedRecurrentStream windowed_stream(windowed, 2, precision);
    ExpectNoAllocation(windowed_stream, x);
    for (size_t window : {0, 20}) {
      const MultiHeadAttention attention({40, 40, 60, {3, 0, true, window}}, "attention", random);
      AttentionStream attention_stream(attention, window == 0 ? 200 : 0, 2, precision);
      ExpectNoAllocation(attention_stream, x);
      const Transformer transformer({.input = 40, .hidden = 60, .blocks = 2, .heads = 3, .window = window}, "t", random);
      TransformerStream transformer_stream(transformer, window == 0 ? 200 : 0, 2, precision);
      ExpectNoAllocation(transformer_stream, x);
    }
  }
}

}  // namespace stream_allocation_test
}  // namespace eddy
