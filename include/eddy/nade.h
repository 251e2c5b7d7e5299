// Joint probabilities of many yes-or-no outputs, such as the keys of a piano in one frame: each output depends on those
// before it (Larochelle and Murray 2011, "The neural autoregressive distribution estimator", equations 9 to 13), and all of
// them on what a network says at that step (Boulanger-Lewandowski 2012, RNN-NADE). Chords are then more than independent
// coin tosses. Shapes: N positions, K outputs, H hidden units of the estimator.
//
//     h_k = sigmoid(hidden + the sum of read_j over the outputs j < k that are 1)
//     p(output k is 1 | those before it) = sigmoid(bias_k + write_k . h_k)
//
// h changes only behind an output that is 1: a position with n of those costs (n + 1) H sigmoids and K H multiplications.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

// bias [N..., K], hidden [N..., H], write and read [K, H], targets [N..., K] of 0 and 1, weights [N...] or empty: the
// negative log-likelihood of a position's outputs together, in nats, weighted mean over positions; a scalar. Positions of
// weight 0 are left out. The bits of value and gradients do not depend on the number of threads. Throws Error for shapes
// that do not fit and targets that are neither 0 nor 1.
Var NadeLoss(Tape& tape, Var bias, Var hidden, Var write, Var read, const Tensor& targets, const Tensor& weights = {});

// One position's outputs, in order: what NadeLoss sums, for drawing them. Allocates at construction alone.
class NadeStep {
 public:
  // write and read [K, H], which are shared, not copied.
  NadeStep(const Tensor& write, const Tensor& read);

  void Begin(std::span<const Real> bias, std::span<const Real> hidden);  // [K], [H]; both must stay until the last Set()
  size_t next() const { return next_; }                                  // the output that is asked for, K when all are set
  double Logit() const;                                                  // of the next output; throws Error when all are set
  void Set(bool on);                                                     // what it is, and on to the one behind it

 private:
  Tensor write_, read_;
  std::span<const Real> bias_;
  std::vector<Real> sum_, h_;  // [H]
  size_t next_ = 0;
};

}  // namespace eddy
EDDY_API_END
