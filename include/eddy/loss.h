// Losses: each is the mean over the positions that count, a scalar on the tape, finite and with finite gradients for any
// finite input. Sums are made in double, in an order that does not depend on the number of threads. `weights`, where given,
// has an entry a position: its weight in the mean (0 leaves it out, and its target may then be NaN). A loss with no position
// that counts is 0. Throws Error for shapes that do not fit and for targets and weights out of range.
#pragma once

#include <cstdint>
#include <span>

#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

inline constexpr int32_t kIgnore = -1;  // a target that does not count

// logits [N..., V], targets [N] in [0, V) or kIgnore: -log softmax(logits)[target], natural logarithm. With smoothing e the
// target distribution is (1 - e) one-hot + e / V (Szegedy 2016). Keeps two numbers a row for backward.
Var SoftmaxCrossEntropy(Tape& tape, Var logits, std::span<const int32_t> targets, double smoothing = 0);

// prediction and target [N...] of one shape; weights [N...] or empty.
Var SquaredError(Tape& tape, Var prediction, const Tensor& target, const Tensor& weights = {});
Var AbsoluteError(Tape& tape, Var prediction, const Tensor& target, const Tensor& weights = {});
Var Huber(Tape& tape, Var prediction, const Tensor& target, double delta, const Tensor& weights = {});

// Pinball loss. prediction [N..., Q], target [N...], quantiles [Q] in (0, 1): the mean over positions of the sum over
// quantiles of max(q (y - p), (q - 1) (y - p)) (Koenker 1978). weights [N...] or empty.
Var Pinball(Tape& tape, Var prediction, const Tensor& target, std::span<const double> quantiles, const Tensor& weights = {});

double Softplus(double x);                   // log(1 + exp(x)), without overflow
inline constexpr double kLeastScale = 1e-6;  // keeps likelihoods bounded

// Negative log-likelihoods, target [N...], weights [N...] or empty. The raw parameters lie side by side in the last
// dimension; positive ones go through a softplus, and those that divide are kept from 0:
//     Positive(x) = Softplus(x) + kLeastScale.

// parameters [N..., 2] = (a, b): mean a, standard deviation Positive(b).
Var GaussianLoss(Tape& tape, Var parameters, const Tensor& target, const Tensor& weights = {});
// parameters [N..., 3] = (a, b, c): location a, scale Positive(b), degrees of freedom 2 + Softplus(c), so that the variance
// exists.
Var StudentTLoss(Tape& tape, Var parameters, const Tensor& target, const Tensor& weights = {});
// parameters [N..., 2] = (a, b): mean m = Softplus(a), dispersion d = Positive(b), variance m + d m^2 (DeepAR, Salinas 2020,
// equation 3); PyTorch's total_count is 1 / d, its probability d m / (1 + d m). Targets are counts, at least 0.
Var NegativeBinomialLoss(Tape& tape, Var parameters, const Tensor& target, const Tensor& weights = {});

// logits [N..., K], targets [N..., K] in [0, 1], mostly 0 or 1: the sum over keys of the Bernoulli negative log-likelihood,
// mean over N, as for polyphonic music (Boulanger-Lewandowski 2012). weights [N...] or empty.
Var BernoulliLoss(Tape& tape, Var logits, const Tensor& targets, const Tensor& weights = {});

// A short-time Fourier transform: Hann windows of so many samples (a multiple of 4, at most 16384), each so many after the
// one before.
struct SpectralWindow {
  size_t size = 512, hop = 128;
};

// How far the spectra of sound are from those of a target, whatever their phases: the mean over windows and rows of the
// spectral convergence plus the mean absolute difference of the logarithms of magnitudes (Yamamoto 2020, equations 3 to 6),
// where magnitudes are sqrt(re^2 + im^2 + least_power). sound and target [T, B, S]: T S samples of each of B rows, S of them
// a step; no window is longer than they are. Samples are taken to be within +-1e10. Costs a matrix product: 6 size^2
// operations a window with its gradient.
Var SpectralLoss(Tape& tape, Var sound, const Tensor& target, std::span<const SpectralWindow> windows,
                 double least_power = 1e-6);

}  // namespace eddy
EDDY_API_END
