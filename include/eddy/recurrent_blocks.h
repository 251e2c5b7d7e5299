// RecurrentBlocks: a residual stack (residual_stack.h) around any cell, after the blocks that xLSTM has around its sLSTM
// (Beck 2024, figure 3). Its mixer is
//     y = GroupNorm(cell(swish(Convolution(x)))),   swish(z) = z sigmoid(z),
// the convolution being causal, of `kernel` taps and a channel at a time. The paper's cell has the convolution before two of
// its four gates only.
#pragma once

#include "eddy/residual_stack.h"

EDDY_API_BEGIN
namespace eddy {

struct RecurrentBlocksOptions {
  size_t input = 0;               // D, at least 1
  size_t hidden = 0;              // H, at least 1
  size_t blocks = 1;              // 1 to 1000
  std::string cell = "lstm";      // of the table (cell.h)
  size_t groups = 4;              // of the norm behind the cell; divides H
  size_t kernel = 4;              // taps of the convolutions, 1 to 2^20
  double dropout = 0;             // in [0, 1), in training: of what a block adds
  size_t feed_forward_width = 0;  // as FeedForwardOptions::inner; 0 for 4/3 H
};

class RecurrentBlocks : public ResidualStack {
 public:
  // Layer norms, and gated feed forwards (GeGLU). Throws Error for options out of range.
  RecurrentBlocks(const RecurrentBlocksOptions& options, const std::string& name, Random& random);
};

}  // namespace eddy
EDDY_API_END
