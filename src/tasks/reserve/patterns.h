// What is said of an origin's further payments without a network: the references that the network starts from. All are in
// shares of the origin's premium.
//
// A company's own factors are few and noisy, so each is a mean of its own, by the number of origins that show it, and of its
// line's (credibility; Buehlmann 1967). By such factors there are
//     the chain ladder's payments: what is paid times the factors less one,
//     the Cape Cod's: one loss ratio of the company times the share of losses that each development brings,
//     and, where what is incurred is known, the incurred chain ladder's: what is incurred times its factors, less what is
//     paid, spread over the developments as the Cape Cod's are.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tasks/reserve/design.h"

namespace eddy {

// Of every line of the set, by what is known at its valuation.
std::vector<LinePattern> FitPatterns(const TriangleSet& set);

// A company as it was known at a calendar.
struct CompanyView {
  std::vector<double> paid_factors, incurred_factors;  // [N - 1]
  std::vector<double> shares;                          // [N]: of losses paid until each development
  double loss_ratio = 0;                               // of the Cape Cod method
};
CompanyView ViewCompany(const Triangle& triangle, const LinePattern& pattern, size_t calendar, size_t developments);

struct OriginView {
  size_t known = 0;                 // d, at least 1
  std::vector<double> paid;         // [d]: in each development, not cumulative
  std::vector<double> outstanding;  // [d]: incurred less paid; 0 without that column
  std::vector<double> unit;         // [N]: the Cape Cod's payments, but not next to nothing
  std::vector<double> references;   // [N, K]; 0 for developments that are known
};
// The origin has begun at the calendar.
OriginView ViewOrigin(const Triangle& triangle, const CompanyView& company, const LinePattern& pattern, size_t origin,
                      size_t calendar);

}  // namespace eddy
