// AttentiveRecurrent: attention over a recurrent stack's own outputs, combined with them as by Luong 2015:
//     h = stack(x);   c = attention of h to h (multi_head_attention.h);   y = tanh(Wc [c, h] + bc)    (equation 5)
// Causal, a step sees those up to it and the whole streams; otherwise it sees all. Shapes: T steps, B rows, D inputs, R the
// width of the stack's outputs.
#pragma once

#include "eddy/multi_head_attention.h"
#include "eddy/recurrent.h"

EDDY_API_BEGIN
namespace eddy {

struct AttentiveRecurrentOptions {
  StackOptions recurrent;
  AttentionOptions attention;  // heads divide R
};

class AttentiveRecurrent {
 public:
  // Weights as in the parts, and Wc uniform in +-sqrt(3 / 2 R). Throws Error for options out of range.
  AttentiveRecurrent(const AttentiveRecurrentOptions& options, const std::string& name, Random& random);

  // x [T, B, D] -> [T, B, R], zeros beyond a row's length. Segments and `weights` as in MultiHeadAttention.
  Var Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment = nullptr, Tensor* weights = nullptr) const;
  std::vector<size_t> state_widths() const;  // of what segments hand on

  size_t output_width() const { return recurrent_.output_width(); }
  std::vector<Parameter*> parameters();  // the stack's, attention's, Wc, bc
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

 private:
  friend class AttentiveRecurrentStream;
  RecurrentStack recurrent_;
  MultiHeadAttention attention_;
  OwnedParameter Wc_, bc_;
};

// Runs a layer a step at a time. After construction a step allocates nothing, locks nothing and throws nothing. The weights
// are packed at construction; the layer may then change or go. A stream is for one thread.
class AttentiveRecurrentStream {
 public:
  // `steps` as in AttentionStream. Throws Error unless attention is causal and the stack runs forward.
  AttentiveRecurrentStream(const AttentiveRecurrent& layer, size_t steps, size_t rows = 1,
                           Precision precision = Precision::kFloat32);
  ~AttentiveRecurrentStream();
  AttentiveRecurrentStream(AttentiveRecurrentStream&&) noexcept;

  // input [B, D] -> output [B, R], valid until the next call; empty, and nothing done, once `steps` have been run.
  std::span<const Real> Step(const Real* input) noexcept;

  std::span<Real> state();  // the stack's and attention's, as one value
  void Reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::vector<Real> state_;
};

}  // namespace eddy
EDDY_API_END
