// WindowedRecurrent: a recurrent layer whose gates see the last K inputs side by side, which makes its input product a
// masked convolution. With the cell "qrnn" it is the quasi-recurrent network of Bradbury 2017, but that zoneout keeps a
// unit's h beside its c, where the paper keeps c alone. Shapes: T steps, B rows, D inputs, R outputs.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "eddy/recurrent.h"
#include "eddy/segment.h"

EDDY_API_BEGIN
namespace eddy {

struct WindowedRecurrentOptions {
  RecurrentOptions recurrent;  // input is D; not reversed
  size_t kernel = 2;           // K, 1 to 2^20, K D at most 2^20
};

class WindowedRecurrent {
 public:
  // Weights as in Recurrent, whose W is [G*H, K D], the oldest step first. Throws Error for options out of range.
  WindowedRecurrent(const WindowedRecurrentOptions& options, const std::string& name, Random& random);

  // x [T, B, D] -> [T, B, R], zeros beyond a row's length. No output sees past the latest reset.
  Var Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment = nullptr) const;
  std::vector<size_t> state_widths() const;  // of what segments hand on

  size_t output_width() const { return recurrent_.output_width(); }
  std::vector<Parameter*> parameters() { return recurrent_.parameters(); }
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

 private:
  friend class WindowedRecurrentStream;
  WindowedRecurrentOptions options_;
  RecurrentStack recurrent_;
};

// Runs a layer a step at a time. After construction a step allocates nothing, locks nothing and throws nothing. The weights
// are packed at construction; the layer may then change or go. A stream is for one thread.
class WindowedRecurrentStream {
 public:
  explicit WindowedRecurrentStream(const WindowedRecurrent& layer, size_t rows = 1,
                                   Precision precision = Precision::kFloat32);
  ~WindowedRecurrentStream();
  WindowedRecurrentStream(WindowedRecurrentStream&&) noexcept;

  // input [B, D] -> output [B, R], valid until the next call or a change of the state.
  std::span<const Real> Step(const Real* input) noexcept;

  std::span<Real> state();  // the windows [B, K, D] and the recurrent layer's, as one value
  void Reset();

 private:
  size_t rows_, inputs_, seen_, output_size_;  // B, D, K D, B R
  std::unique_ptr<class StackStep> step_;
  std::vector<Real> state_;
};

}  // namespace eddy
EDDY_API_END
