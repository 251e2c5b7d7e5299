// Losses: each is the mean over the positions that count, a scalar on the tape, finite and with finite gradients for any
// finite input. Sums are made in double, in an order that does not depend on the number of threads. `weights`, where given,
// has an entry a position: its weight in the mean (0 leaves it out). A loss with no position that counts is 0.
#pragma once

#include <cstdint>
#include <span>

#include "eddy/tape.h"

namespace eddy {

inline constexpr int32_t kIgnore = -1;  // a target that does not count

// logits [N, V], targets [N] in [0, V) or kIgnore: -log softmax(logits)[target], natural logarithm. With smoothing e the
// target distribution is (1 - e) one-hot + e / V (Szegedy 2016).
Var SoftmaxCrossEntropy(Tape& tape, Var logits, std::span<const int32_t> targets, double smoothing = 0);

// prediction and target [N...] of one shape; weights [N...] or empty.
Var SquaredError(Tape& tape, Var prediction, const Tensor& target, const Tensor& weights = {});
Var AbsoluteError(Tape& tape, Var prediction, const Tensor& target, const Tensor& weights = {});
Var Huber(Tape& tape, Var prediction, const Tensor& target, double delta, const Tensor& weights = {});

// Pinball loss. prediction [N, Q], target [N], quantiles [Q] in (0, 1): the mean over positions of the sum over quantiles
// of max(q (y - p), (q - 1) (y - p)) (Koenker 1978). weights [N] or empty.
Var Pinball(Tape& tape, Var prediction, const Tensor& target, std::span<const double> quantiles, const Tensor& weights = {});

// Negative log-likelihoods, target [N], weights [N] or empty; parameters side by side in the last dimension, positive ones
// before a softplus:
Var GaussianLoss(Tape& tape, Var parameters, const Tensor& target, const Tensor& weights = {});  // [N, 2]: mean, deviation
Var StudentTLoss(Tape& tape, Var parameters, const Tensor& target,
                 const Tensor& weights = {});  // [N, 3]: location, scale, degrees of freedom - 2
Var NegativeBinomialLoss(Tape& tape, Var parameters, const Tensor& target,
                         const Tensor& weights = {});  // [N, 2]: mean, dispersion; targets are counts (DeepAR, Salinas 2020)

// logits [N, K], targets [N, K] in {0, 1}: the sum over keys of the Bernoulli negative log-likelihood, mean over N, as for
// polyphonic music (Boulanger-Lewandowski 2012). weights [N] or empty.
Var BernoulliLoss(Tape& tape, Var logits, const Tensor& targets, const Tensor& weights = {});

}  // namespace eddy
