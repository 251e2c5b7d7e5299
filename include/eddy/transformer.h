// Transformer (Vaswani 2017): a residual stack (residual_stack.h) whose mixers are multi-head self attention. As defaults it
// has what later work found better: pre-norm by root mean squares (Xiong 2020, Zhang 2019), rotary positions (Su 2021) and
// gated feed forwards (Shazeer 2020).
#pragma once

#include "eddy/attention.h"
#include "eddy/residual_stack.h"

EDDY_API_BEGIN
namespace eddy {

struct TransformerOptions {
  size_t input = 0;    // D, at least 1
  size_t hidden = 0;   // H, at least 1
  size_t blocks = 1;   // 1 to 1000
  size_t heads = 1;    // divides H
  size_t window = 0;   // steps that a step sees, its own among them; 0 for all up to it
  double dropout = 0;  // in [0, 1), in training: of what a block adds
  bool causal = true;  // if not, every step sees all, and the transformer cannot be streamed
  Positions positions = Positions::kRotary;
  Normalization norm = Normalization::kRms;
  FeedForwardKind feed_forward = FeedForwardKind::kSwiGlu;
  size_t feed_forward_width = 0;  // as FeedForwardOptions::inner
};

class Transformer : public ResidualStack {
 public:
  // Weights as in MultiHeadAttention and FeedForward. Throws Error for options out of range.
  Transformer(const TransformerOptions& options, const std::string& name, Random& random);
};

// Without a window `steps` must be given, 1 to 2^23: the memory for keys and values, 2 B H a step and block, is taken at
// once.
using TransformerStream = ResidualStream;

}  // namespace eddy
EDDY_API_END
