// Conv1d: a convolution over time (convolution.h) with its weights, and its stream, which keeps the window of steps that an
// output sees.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "eddy/convolution.h"
#include "eddy/random.h"
#include "eddy/segment.h"

EDDY_API_BEGIN
namespace eddy {

struct Conv1dOptions {
  size_t input = 0;   // D, at least 1
  size_t output = 0;  // N, at least 1
  size_t kernel = 1;  // K, 1 to 2^20
  ConvolutionOptions convolution;
  bool bias = true;
  // Trains the length and the direction of each output's weights apart (Salimans 2016).
  bool weight_norm = false;
};

// A causal convolution of each channel by itself, as it stands before the recurrence of many hybrids.
inline Conv1dOptions EachChannel(size_t channels, size_t kernel) {
  return {.input = channels, .output = channels, .kernel = kernel, .convolution = {.groups = channels}};
}

class Conv1d {
 public:
  // Weights uniform in +-sqrt(3 groups / (K D)), which keeps the inputs' variance; biases 0. Throws Error for options out of
  // range.
  Conv1d(const Conv1dOptions& options, const std::string& name, Random& random);

  // x [T, B, D] -> [T', B, N], as Convolution(). In segments where padding is causal and stride 1, else throws Error.
  Var Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment = nullptr) const;
  std::vector<size_t> state_widths() const;  // of what segments hand on

  Tensor Weight() const;                      // [N, K, D / groups], weight norm applied
  Tensor bias() const { return b_.value(); }  // [N], or empty
  const Conv1dOptions& options() const { return options_; }
  std::vector<Parameter*> parameters();  // W [N, K, D / groups], or V of this shape and g [N] with weight norm; b [N]
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

 private:
  Conv1dOptions options_;
  OwnedParameter W_, g_, b_;  // W_ is the direction V with weight norm
};

// Runs a causal convolution a step at a time: the same numbers, bit for bit, as running the whole sequence. After
// construction a step allocates nothing, locks nothing and throws nothing; it costs one output and a copy of what that sees.
// The weights are packed at construction; the layer may then change or go. A stream is for one thread.
class Conv1dStream {
 public:
  // Throws Error unless padding is causal.
  explicit Conv1dStream(const Conv1d& layer, size_t rows = 1, Precision precision = Precision::kFloat32);
  ~Conv1dStream();
  Conv1dStream(Conv1dStream&&) noexcept;

  // input [B, D] -> output [B, N], valid until the next call; empty at the steps that the stride passes over.
  std::span<const Real> Step(const Real* input) noexcept;

  // A value: copy it, keep it, put it back. The place in the window and in the stride, and the window [span, B, D] as a
  // ring.
  std::span<Real> state();
  void Reset();

 private:
  std::unique_ptr<class ConvolutionStep> step_;
  std::vector<Real> state_, output_;
};

}  // namespace eddy
EDDY_API_END
