// Tcn: the temporal convolutional network of Bai 2018, a causal stand-in for recurrent layers. Each block has two dilated
// causal convolutions with weight norm, and a way around them:
//     y = Dropout(ReLU(Conv(x)))   z = Dropout(ReLU(Conv(y)))   output = ReLU(z + x), or ReLU(z + W x) where widths differ.
// The dilation is 1 in the first block and doubles with each. Shapes: T steps, B rows, D inputs, H hidden channels.
//
// The laws are those of recurrent layers: a row's forward is the same, bit for bit, for any batch around it, any number of
// threads, and whether it is run whole or a step at a time.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "eddy/conv1d.h"

EDDY_API_BEGIN
namespace eddy {

struct TcnOptions {
  size_t input = 0;    // D, at least 1
  size_t hidden = 0;   // H, at least 1
  size_t blocks = 1;   // 1 to 20
  size_t kernel = 2;   // K of every convolution, 1 to 2^20
  double dropout = 0;  // in [0, 1), in training: of a channel of a sequence, the same at all steps (Tompson 2015)
};

class Tcn {
 public:
  // Weights as in Conv1d. The paper's are smaller; its blocks begin closer to the identity. Throws Error for options out of
  // range.
  Tcn(const TcnOptions& options, const std::string& name, Random& random);
  Tcn(Tcn&&) noexcept = default;
  Tcn& operator=(Tcn&&) noexcept = default;

  // x [T, B, D] -> [T, B, H], zeros beyond a row's length. No output sees past the latest reset.
  Var Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment = nullptr) const;
  std::vector<size_t> state_widths() const;  // of what segments hand on

  // Steps that an output sees: 1 + 2 (K - 1) (2^blocks - 1).
  size_t receptive_field() const;
  size_t output_width() const { return options_.hidden; }
  const TcnOptions& options() const { return options_; }
  std::vector<Parameter*> parameters();
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

  struct Block {
    Conv1d first, second;
    std::optional<Conv1d> around;  // of one tap, where widths differ
  };
  const std::vector<Block>& blocks() const { return blocks_; }

 private:
  TcnOptions options_;
  std::vector<Block> blocks_;
};

// Runs a network a step at a time. After construction a step allocates nothing, locks nothing and throws nothing. It does
// one step's operations, however long the receptive field; the windows take that field's memory. The network may then change
// or go. A stream is for one thread.
class TcnStream {
 public:
  explicit TcnStream(const Tcn& network, size_t rows = 1, Precision precision = Precision::kFloat32);
  ~TcnStream();
  TcnStream(TcnStream&&) noexcept;

  // input [B, D] -> output [B, H], valid until the next call.
  std::span<const Real> Step(const Real* input) noexcept;

  std::span<Real> state();  // the windows of all convolutions, as one value
  void Reset();

 private:
  struct Block;
  std::vector<Block> blocks_;
  std::vector<Real> state_;
};

}  // namespace eddy
EDDY_API_END
