#include "floors/chain_ladder.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

// Mack's sigma squared; that of a factor which one origin shows is extrapolated from the two before (Mack 1993, section 3).
std::vector<double> FactorVariances(const CumulativeTriangle& triangle, const std::vector<DevelopmentFactor>& factors) {
  std::vector<double> variances(factors.size(), 0);
  for (size_t k = 0; k < factors.size(); ++k) {
    if (factors[k].origins > 1) {
      for (const std::vector<double>& row : triangle.rows) {
        if (row.size() < k + 2 || !(row[k] > 0)) continue;
        variances[k] += row[k] * std::pow(row[k + 1] / row[k] - factors[k].factor, 2);
      }
      variances[k] /= static_cast<double>(factors[k].origins - 1);
    } else if (k >= 2) {
      const double before = variances[k - 1], earlier = variances[k - 2];
      variances[k] = earlier > 0 ? std::min({before * before / earlier, earlier, before}) : 0;
    }
  }
  return variances;
}

}  // namespace

std::vector<DevelopmentFactor> DevelopmentFactors(const CumulativeTriangle& triangle) {
  std::vector<DevelopmentFactor> factors(triangle.developments > 0 ? triangle.developments - 1 : 0);
  for (const std::vector<double>& row : triangle.rows) {
    for (size_t k = 0; k + 1 < row.size(); ++k) {
      factors[k].volume += row[k];
      factors[k].later += row[k + 1];
      ++factors[k].origins;
    }
  }
  for (DevelopmentFactor& each : factors) {
    if (each.volume > 0) each.factor = each.later / each.volume;
  }
  return factors;
}

ChainLadder MackChainLadder(const CumulativeTriangle& triangle) {
  ChainLadder result;
  result.factors = DevelopmentFactors(triangle);
  result.variances = FactorVariances(triangle, result.factors);
  const size_t O = triangle.rows.size(), K = result.factors.size();
  // sigma^2 / f^2 of each step, over the volume that the factor was estimated from.
  const auto step = [&](size_t k) { return result.variances[k] / std::pow(result.factors[k].factor, 2); };
  double total = 0, later = 0;  // mean squared error of the sum; ultimates of the younger origins
  result.ultimates.assign(O, 0);
  result.errors.assign(O, 0);
  for (size_t i = O; i-- > 0;) {
    const std::vector<double>& row = triangle.rows[i];
    if (row.empty()) continue;
    double value = row.back(), own = 0, shared = 0;
    for (size_t k = row.size() - 1; k < K; ++k) {
      if (result.factors[k].factor != 0) {
        if (value > 0) own += step(k) / value;
        if (result.factors[k].volume > 0) shared += step(k) / result.factors[k].volume;
      }
      value *= result.factors[k].factor;
    }
    const double error = value * value * (own + shared);
    total += error + 2 * value * later * shared;
    later += value;
    result.ultimates[i] = value;
    result.errors[i] = std::sqrt(std::max(0.0, error));
    result.ultimate += value;
  }
  result.error = std::sqrt(std::max(0.0, total));
  return result;
}

std::vector<double> DevelopedShares(std::span<const double> factors) {
  std::vector<double> shares(factors.size() + 1, 1);
  for (size_t k = factors.size(); k-- > 0;) shares[k] = factors[k] != 0 ? shares[k + 1] / factors[k] : shares[k + 1];
  return shares;
}

double CapeCodRatio(const CumulativeTriangle& triangle, std::span<const double> premiums, std::span<const double> shares) {
  double paid = 0, used = 0;
  for (size_t i = 0; i < triangle.rows.size(); ++i) {
    if (triangle.rows[i].empty()) continue;
    paid += triangle.rows[i].back();
    used += premiums[i] * shares[triangle.rows[i].size() - 1];
  }
  return used > 0 ? paid / used : 0;
}

double CapeCodUltimate(const CumulativeTriangle& triangle, std::span<const double> premiums) {
  std::vector<double> factors;
  for (const DevelopmentFactor& each : DevelopmentFactors(triangle)) factors.push_back(each.factor);
  const std::vector<double> shares = DevelopedShares(factors);
  const double ratio = CapeCodRatio(triangle, premiums, shares);
  double ultimate = 0;
  for (size_t i = 0; i < triangle.rows.size(); ++i) {
    const std::vector<double>& row = triangle.rows[i];
    if (!row.empty()) ultimate += row.back() + premiums[i] * ratio * (1 - shares[row.size() - 1]);
  }
  return ultimate;
}

}  // namespace eddy
