// ResidualStack: blocks, each of which adds to what passes through it what a mixer makes of the steps so far, and what a
// feed forward makes of each step; every one reads through a norm ("pre-norm", Xiong 2020, figure 1b), and a norm is last:
//     x = W input + b, or the input where it is as wide as x
//     x = x + Dropout(Mixer(Norm(x)));   x = x + Dropout(FeedForward(Norm(x)))     for each block
//     output = Norm(x)
// Transformers (transformer.h) are such stacks: they differ from others in their mixers.
// Shapes: T steps, B rows, D inputs, H channels.
//
// The laws are those of recurrent layers: a row's forward is the same, bit for bit, for any batch around it, any number of
// threads, and whether it is run whole or a step at a time.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "eddy/feed_forward.h"
#include "eddy/mixer.h"
#include "eddy/norm.h"

EDDY_API_BEGIN
namespace eddy {

struct ResidualOptions {
  size_t input = 0;    // D, at least 1
  size_t hidden = 0;   // H, at least 1
  double dropout = 0;  // in [0, 1), in training: of what is added
  Normalization norm = Normalization::kRms;
  FeedForwardKind feed_forward = FeedForwardKind::kSwiGlu;
  size_t feed_forward_width = 0;  // as FeedForwardOptions::inner
};

class ResidualStack {
 public:
  // One block a mixer, at least one. Throws Error for options out of range.
  ResidualStack(const ResidualOptions& options, std::vector<std::unique_ptr<Mixer>> mixers, const std::string& name,
                Random& random);
  ResidualStack(ResidualStack&&) noexcept = default;
  ResidualStack& operator=(ResidualStack&&) noexcept = default;

  // x [T, B, D] -> [T, B, H], zeros beyond a row's length.
  Var Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment = nullptr) const;
  std::vector<size_t> state_widths() const;  // of what segments hand on

  size_t output_width() const { return options_.hidden; }
  const ResidualOptions& options() const { return options_; }
  std::vector<Parameter*> parameters();
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

 private:
  friend class ResidualStream;
  struct Block {
    Norm mixer_norm;
    std::unique_ptr<Mixer> mixer;
    Norm feed_forward_norm;
    FeedForward feed_forward;
  };
  ResidualOptions options_;
  OwnedParameter W_, b_;
  std::vector<Block> blocks_;
  Norm last_norm_;
};

// Runs a stack a step at a time. After construction a step allocates nothing, locks nothing and throws nothing. The weights
// are packed at construction; the stack may then change or go. A stream is for one thread.
class ResidualStream {
 public:
  // `steps` is the most that it will run, where a mixer must know (attention without a window), and 0, for no limit, where
  // none must. Throws Error for a stack that looks ahead.
  ResidualStream(const ResidualStack& stack, size_t steps, size_t rows = 1, Precision precision = Precision::kFloat32);
  ~ResidualStream();
  ResidualStream(ResidualStream&&) noexcept;

  // input [B, D] -> output [B, H], valid until the next call; empty, and nothing done, once `steps` have been run.
  std::span<const Real> Step(const Real* input) noexcept;

  std::span<Real> state();  // the mixers' states, as one value: copy it, keep it, put it back
  void Reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::vector<Real> state_;
};

}  // namespace eddy
EDDY_API_END
