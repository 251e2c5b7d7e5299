#include "tasks/reserve/patterns.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

constexpr double kCredibility = 2;  // origins that a line's factor counts for
constexpr double kMostAway = 5;     // times or parts of the line's factor that a company's own may be
constexpr double kLeastUnit = 0.002;
constexpr double kLeastRatio = 0.01;  // of losses to premium

double Median(std::vector<double> values, double otherwise) {
  if (values.empty()) return otherwise;
  const size_t middle = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(middle), values.end());
  const double upper = values[middle];
  if (values.size() % 2 == 1) return upper;
  return (upper + *std::max_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(middle))) / 2;
}

// [N - 1]: of each factor, those of all companies that have one above 0.
std::vector<double> MedianFactors(const std::vector<CumulativeTriangle>& triangles, size_t developments) {
  std::vector<std::vector<double>> factors(developments - 1);
  for (const CumulativeTriangle& triangle : triangles) {
    const std::vector<DevelopmentFactor> own = DevelopmentFactors(triangle);
    for (size_t k = 0; k < own.size(); ++k) {
      if (own[k].volume > 0 && own[k].later > 0) factors[k].push_back(own[k].factor);
    }
  }
  std::vector<double> medians;
  for (const std::vector<double>& each : factors) medians.push_back(Median(each, 1));
  return medians;
}

std::vector<double> CredibleFactors(const CumulativeTriangle& triangle, const std::vector<double>& of_line) {
  std::vector<double> factors;
  const std::vector<DevelopmentFactor> own = DevelopmentFactors(triangle);
  for (size_t k = 0; k < own.size(); ++k) {
    const auto origins = static_cast<double>(own[k].origins);
    const double weight = own[k].volume > 0 && own[k].later > 0 ? origins / (origins + kCredibility) : 0;
    const double factor = std::clamp(own[k].factor, of_line[k] / kMostAway, of_line[k] * kMostAway);
    factors.push_back(weight * factor + (1 - weight) * of_line[k]);
  }
  return factors;
}

// Payments over what is incurred at the last development that any origin shows, over the companies.
double Settled(const std::vector<const Triangle*>& triangles, size_t developments) {
  std::vector<double> ratios;
  for (const Triangle* triangle : triangles) {
    for (size_t i = 0; i < triangle->paid.size(); ++i) {
      if (triangle->paid[i].size() != developments) continue;
      const double paid = triangle->paid[i].back(), incurred = triangle->incurred[i].back();
      if (paid > 0 && incurred > 0) ratios.push_back(paid / incurred);
    }
  }
  return std::clamp(Median(std::move(ratios), 1), 0.2, 1.0);
}

}  // namespace

std::vector<LinePattern> FitPatterns(const TriangleSet& set) {
  std::vector<LinePattern> patterns;
  const size_t N = set.developments;
  for (size_t begin = 0; begin < set.triangles.size();) {
    LinePattern& pattern = patterns.emplace_back();
    pattern.line = set.triangles[begin].line;
    std::vector<CumulativeTriangle> paid, incurred;
    std::vector<const Triangle*> of_line;
    for (; begin < set.triangles.size() && set.triangles[begin].line == pattern.line; ++begin) {
      const Triangle& triangle = set.triangles[begin];
      of_line.push_back(&triangle);
      paid.push_back(triangle.PaidAt(set.calendar, N));
      if (!set.columns.incurred.empty()) incurred.push_back(triangle.IncurredAt(set.calendar, N));
    }
    pattern.paid = MedianFactors(paid, N);
    pattern.incurred = MedianFactors(incurred, N);
    if (!set.columns.incurred.empty()) pattern.settled = Settled(of_line, N);
  }
  return patterns;
}

CompanyView ViewCompany(const Triangle& triangle, const LinePattern& pattern, size_t calendar, size_t developments) {
  CompanyView view;
  const CumulativeTriangle paid = triangle.PaidAt(calendar, developments);
  view.paid_factors = CredibleFactors(paid, pattern.paid);
  if (!triangle.incurred.empty()) {
    view.incurred_factors = CredibleFactors(triangle.IncurredAt(calendar, developments), pattern.incurred);
  }
  view.shares = DevelopedShares(view.paid_factors);
  view.loss_ratio = std::max(kLeastRatio, CapeCodRatio(paid, triangle.premiums, view.shares));
  return view;
}

OriginView ViewOrigin(const Triangle& triangle, const CompanyView& company, const LinePattern& pattern, size_t origin,
                      size_t calendar) {
  const size_t N = company.shares.size();
  const bool incurred = !triangle.incurred.empty();
  const size_t K = incurred ? 3 : 2;
  const double premium = triangle.premiums[origin];
  OriginView view;
  view.known = triangle.known(origin, calendar);
  const std::vector<double>& row = triangle.paid[origin];
  for (size_t t = 0; t < view.known; ++t) {
    view.paid.push_back((row[t] - (t == 0 ? 0 : row[t - 1])) / premium);
    view.outstanding.push_back(incurred ? (triangle.incurred[origin][t] - row[t]) / premium : 0);
  }
  std::vector<double> cape_cod(N);
  for (size_t t = 0; t < N; ++t) {
    cape_cod[t] = company.loss_ratio * (company.shares[t] - (t == 0 ? 0 : company.shares[t - 1]));
    view.unit.push_back(std::max(kLeastUnit, cape_cod[t]));
  }
  const size_t last = view.known - 1;
  double ladder = row[last] / premium, left = 0;
  double unsettled = incurred ? triangle.incurred[origin][last] / premium * pattern.settled : 0;
  for (size_t t = last; incurred && t + 1 < N; ++t) unsettled *= company.incurred_factors[t];
  unsettled -= ladder;
  for (size_t t = view.known; t < N; ++t) left += view.unit[t];
  view.references.assign(N * K, 0);
  for (size_t t = view.known; t < N; ++t) {
    const double next = ladder * company.paid_factors[t - 1];
    view.references[t * K] = next - ladder;
    view.references[t * K + 1] = cape_cod[t];
    if (incurred) view.references[t * K + 2] = unsettled * view.unit[t] / left;
    ladder = next;
  }
  return view;
}

}  // namespace eddy
