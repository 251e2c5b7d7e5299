// MultiHeadAttention (Vaswani 2017, section 3.2.2): attention (attention.h) between projections, and its stream, which keeps
// the keys and values of the steps that a query sees.
//     y = Wo Attention(Wq x + bq, Wk m + bk, Wv m + bv) + bo,   m the memory, or x itself in self attention.
// Shapes: D the width of queries and outputs, M of the memory, H of queries, keys and values over all heads.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "eddy/attention.h"
#include "eddy/random.h"
#include "eddy/segment.h"

EDDY_API_BEGIN
namespace eddy {

struct MultiHeadAttentionOptions {
  size_t input = 0;   // D, at least 1
  size_t memory = 0;  // M; 0 for D
  size_t hidden = 0;  // H; 0 for D
  AttentionOptions attention;
};

class MultiHeadAttention {
 public:
  // Weights uniform in +-sqrt(3 / inputs), which keeps the inputs' variance; biases 0. Throws Error for options out of
  // range.
  MultiHeadAttention(const MultiHeadAttentionOptions& options, const std::string& name, Random& random);

  // x [Tq, B, D], memory [Tk, B, M] -> [Tq, B, D], zeros beyond the queries' lengths. `weights` as in Attention().
  Var Forward(Tape& tape, Var x, Var memory, const Sequence& queries, const Sequence& memory_sequence,
              Tensor* weights = nullptr) const;
  // Self attention, of a layer with M = D. In segments where it is causal and has a window, else throws Error; `weights` are
  // of a whole sequence only.
  Var Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment = nullptr, Tensor* weights = nullptr) const;
  std::vector<size_t> state_widths() const;  // of what segments hand on

  const MultiHeadAttentionOptions& options() const { return options_; }  // widths of 0 replaced by what they stand for
  std::vector<Parameter*> parameters();                                  // Wq, bq, Wk, bk, Wv, bv, Wo, bo
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

 private:
  friend class AttentionStep;
  MultiHeadAttentionOptions options_;
  OwnedParameter Wq_, bq_, Wk_, bk_, Wv_, bv_, Wo_, bo_;
};

// Runs causal self attention a step at a time: the same numbers, bit for bit, as running the whole sequence. After
// construction a step allocates nothing, locks nothing and throws nothing; its time grows with the steps that it sees. The
// weights are packed at construction; the layer may then change or go. A stream is for one thread.
class AttentionStream {
 public:
  // `steps` is the most that it will run, 1 to 2^23; 0, for no limit, where the layer has a window. The memory for all steps
  // that can be seen is taken at once: 2 B H each. Throws Error unless attention is causal and M = D.
  AttentionStream(const MultiHeadAttention& layer, size_t steps, size_t rows = 1, Precision precision = Precision::kFloat32);
  ~AttentionStream();
  AttentionStream(AttentionStream&&) noexcept;

  // input [B, D] -> output [B, D], valid until the next call; empty, and nothing done, once `steps` have been run.
  std::span<const Real> Step(const Real* input) noexcept;

  // A value: copy it, keep it, put it back. Places in time, and the keys and values of the steps seen.
  std::span<Real> state();
  void Reset();

 private:
  std::unique_ptr<class AttentionStep> step_;
  std::vector<Real> state_, output_;
};

}  // namespace eddy
EDDY_API_END
