// What a network of risk puts out at an origin, and the loss that it is trained by. All is in units of a reference
// deviation, that of the floor at the origin. A position's numbers are
//
//     s, and one or two of the density; then two a level, from the lowest level to the highest:  g_q, d_q
//
// With sigma = exp(s), and softplus(x) = log(1 + exp(x)), the tails are, from the highest level Q downwards,
//     v_Q = -sigma softplus(g_Q),   e_Q = v_Q - sigma softplus(d_Q)
//     e_q = e_(q+1) - sigma softplus(d_q),   v_q = v_(q+1) - logistic(g_q) (v_(q+1) - e_q):
// neither values nor shortfalls cross, no shortfall is above its value, and all are losses.
#pragma once

#include <span>
#include <vector>

#include "eddy/tape.h"
#include "eddy/tasks/risk.h"
#include "floors/tail_risk.h"

namespace eddy {

inline constexpr double kMostLogScale = 5;  // of s, either way

double RiskScale(const Real* raw);  // sigma

// raw: the 2 Q numbers of the levels; tails [Q].
void DecodeTails(const Real* raw, double sigma, std::span<TailRisk> tails);
// The numbers whose tails these are for sigma = 1. `tails` [Q] fall and are below 0.
void EncodeTails(std::span<const TailRisk> tails, Real* raw);
// The density's numbers at the start: little heavier tails than the normal's.
void EncodeDensity(ReturnDensity density, Real* raw);

// raw [N..., density + 2 Q], targets [N...]: returns, weights [N...]. The mean over positions of the likelihood's loss,
// -log density with deviation sigma and mean 0, and of the mean over levels of the joint score (metrics/risk_tests.h).
//     Student's t: 2.1 + softplus(n) degrees of freedom. A mixture of normals: shares 1 - p and p, p = logistic(n), the
//     second's deviation 1 + softplus(k) times the first's.
Var RiskLoss(Tape& tape, Var raw, const Tensor& targets, const Tensor& weights, std::span<const double> levels,
             ReturnDensity density);

}  // namespace eddy
