#include "tasks/reserve/features.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace eddy {
namespace {

float Limited(double value) { return static_cast<float>(std::clamp(value, -kMostUnits, kMostUnits)); }

std::vector<float> FeaturesOf(const OriginView& view, const CompanyView& company, double premium, size_t references) {
  const size_t N = view.unit.size();
  std::vector<float> features(N * kReserveFeatures, 0);
  for (size_t t = 0; t < N; ++t) {
    float* f = &features[t * kReserveFeatures];
    if (t < view.known) {
      f[0] = 1;
      f[1] = static_cast<float>(std::clamp(view.paid[t] / view.unit[t] - 1, -4.0, 4.0));
      f[2] = static_cast<float>(std::clamp(view.outstanding[t], -2.0, 4.0));
    } else {
      const double* of = &view.references[t * references];
      f[3] = static_cast<float>(std::clamp(of[0] / view.unit[t] - 1, -4.0, 4.0));
      if (references > 2) f[4] = static_cast<float>(std::clamp(of[2] / view.unit[t] - 1, -4.0, 4.0));
      f[5] = t == view.known ? 1 : 0;  // the first that is not known
    }
    f[6] = static_cast<float>(t) / static_cast<float>(N);
    f[7] = static_cast<float>(view.known) / static_cast<float>(N);
    f[8] = static_cast<float>(std::clamp(company.loss_ratio, 0.0, 4.0));
    f[9] = static_cast<float>(std::clamp(premium, -3.0, 3.0));
    f[10] = static_cast<float>(std::log(view.unit[t]) / 3 + 1);
  }
  return features;
}

}  // namespace

double LogMeanPremium(const Triangle& triangle) {
  double sum = 0, count = 0;
  for (const double premium : triangle.premiums) {
    sum += premium;
    count += premium > 0 ? 1 : 0;
  }
  return std::log(sum / count);
}

std::vector<ReserveView> ViewsAt(const TriangleSet& set, size_t triangle_index, size_t calendar,
                                 const ReserveDesign& design) {
  const Triangle& triangle = set.triangles[triangle_index];
  const size_t N = design.developments, K = design.references();
  const size_t line = design.LineIndex(triangle.line);
  std::optional<LinePattern> own;  // of a line that the design does not know: its table's
  if (line == 0) {
    for (LinePattern& each : FitPatterns(set)) {
      if (each.line == triangle.line) own = std::move(each);
    }
  }
  const LinePattern& pattern = own ? *own : design.patterns[line - 1];
  const CompanyView company = ViewCompany(triangle, pattern, calendar, N);
  const double premium = (LogMeanPremium(triangle) - design.premium_mean) / design.premium_deviation;
  std::vector<ReserveView> views;
  for (size_t i = 0; i <= std::min(calendar, set.calendar); ++i) {
    const size_t d = triangle.known(i, calendar);
    if (d == 0 || d == N) continue;
    const OriginView origin = ViewOrigin(triangle, company, pattern, i, calendar);
    ReserveView& view = views.emplace_back();
    view.triangle = triangle_index;
    view.origin = i;
    view.calendar = calendar;
    view.known = d;
    view.company = static_cast<int32_t>(design.CompanyIndex(triangle.line, triangle.company));
    view.line = static_cast<int32_t>(line);
    view.features = FeaturesOf(origin, company, premium, K);
    view.references.assign(N * K, 0);
    view.targets.assign(N, 0);
    view.has_target.assign(N, 0);
    for (size_t t = 0; t < N; ++t) {
      view.unit.push_back(origin.unit[t] * triangle.premiums[i]);
      for (size_t k = 0; k < K; ++k) view.references[t * K + k] = Limited(origin.references[t * K + k] / origin.unit[t]);
      if (t < d || t >= triangle.paid[i].size()) continue;
      view.has_target[t] = 1;
      view.targets[t] = Limited((triangle.paid[i][t] - triangle.paid[i][t - 1]) / view.unit[t]);
    }
  }
  return views;
}

}  // namespace eddy
