// The chain ladder on a triangle of cumulative payments, with Mack's standard error (Mack 1993, "Distribution-free
// calculation of the standard error of chain ladder reserve estimates"), and the Cape Cod method.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace eddy {

// rows[i]: cumulative payments of origin i from the first development on, as far as they are known; 1 to `developments`
// each, and none of an origin that has not begun.
struct CumulativeTriangle {
  size_t developments = 0;  // N
  std::vector<std::vector<double>> rows;
};

struct DevelopmentFactor {
  double factor = 1;  // from a development to the next, weighted by volume; 1 where no origin shows it
  double volume = 0;  // payments of the origins that show it, at the earlier development
  double later = 0;   // the same origins' at the later one
  size_t origins = 0;
};

std::vector<DevelopmentFactor> DevelopmentFactors(const CumulativeTriangle& triangle);  // [N - 1]

struct ChainLadder {
  std::vector<DevelopmentFactor> factors;  // [N - 1]
  std::vector<double> variances;           // [N - 1]: Mack's sigma squared; the last by his extrapolation
  std::vector<double> ultimates, errors;   // of each origin: at the last development, and its standard error
  double ultimate = 0, error = 0;          // of all together
};

ChainLadder MackChainLadder(const CumulativeTriangle& triangle);

// The share of the ultimate loss that is paid at each development, [N]: one over the product of the factors from there on.
std::vector<double> DevelopedShares(std::span<const double> factors);

// One expected loss ratio for all origins: payments over the premium that they have used up, premium times developed share
// (Buehlmann and Straub's "Cape Cod"). The ultimate is what is paid and the expected loss of the share that is not
// developed.
double CapeCodRatio(const CumulativeTriangle& triangle, std::span<const double> premiums, std::span<const double> shares);
double CapeCodUltimate(const CumulativeTriangle& triangle, std::span<const double> premiums);  // of all origins

}  // namespace eddy
