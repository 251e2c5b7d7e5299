// Griffin (De 2024): a residual stack (residual_stack.h) of two gated linear recurrences and one local attention in turn.
// Memory and a step's time do not grow with what has been seen. Its recurrent mixer is (section 2.3, figure 2c)
//     y = Wo (gelu(Wg x) * h),   h = rg_lru(Convolution(Wx x)),
// the convolution being causal, of `kernel` taps and a channel at a time, and rg_lru a cell of the table. Its attention is
// multi-head attention with rotary positions in a window; the paper's heads share keys and values.
#pragma once

#include "eddy/residual_stack.h"

EDDY_API_BEGIN
namespace eddy {

struct GriffinOptions {
  size_t input = 0;               // D, at least 1
  size_t hidden = 0;              // H, at least 1
  size_t blocks = 3;              // 1 to 1000; every third attends
  size_t heads = 1;               // of attention; divides H to an even width
  size_t window = 1024;           // of attention: how many steps a step sees, its own among them; 1 to 2^23
  size_t kernel = 4;              // taps of the convolutions, 1 to 2^20
  double dropout = 0;             // in [0, 1), in training: of what a block adds
  size_t feed_forward_width = 0;  // as FeedForwardOptions::inner; 0 for 3 H
};

class Griffin : public ResidualStack {
 public:
  // Root mean square norms, and gated feed forwards (GeGLU). Throws Error for options out of range.
  Griffin(const GriffinOptions& options, const std::string& name, Random& random);
};

}  // namespace eddy
EDDY_API_END
