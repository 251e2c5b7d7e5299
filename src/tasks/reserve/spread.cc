#include "tasks/reserve/spread.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "data/even_sample.h"
#include "eddy/random.h"
#include "floors/tail_risk.h"
#include "metrics/normal.h"

namespace eddy {
namespace {

constexpr size_t kFewest = 40;  // errors; of fewer, normal ones of their deviation say more of the tails
constexpr size_t kNormalErrors = 399;
constexpr size_t kMostKept = 2000;  // of a model file
constexpr size_t kDraws = 10'000;
constexpr uint64_t kSeed = 29;

double MeanOf(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

double DeviationOf(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return values.empty() ? 1 : std::sqrt(sum / static_cast<double>(values.size()));
}

std::vector<double> NormalErrors(double deviation) {
  std::vector<double> errors;
  for (size_t i = 1; i <= kNormalErrors; ++i) {
    errors.push_back(deviation * NormalQuantile(static_cast<double>(i) / static_cast<double>(kNormalErrors + 1)));
  }
  return errors;
}

double QuantileOf(const std::vector<double>& sorted, double probability) { return TailOfSorted(sorted, probability).value; }

std::vector<double> Prepared(std::vector<double> errors) {
  if (errors.size() < kFewest) return NormalErrors(DeviationOf(errors));
  std::sort(errors.begin(), errors.end());
  return errors;
}

std::vector<double> Kept(const std::vector<double>& errors, size_t most) {
  if (errors.empty()) return {};
  std::vector<double> kept;
  for (const size_t place : EvenSample(errors.size(), static_cast<double>(most))) kept.push_back(errors[place]);
  return kept;
}

}  // namespace

ReserveErrors MeasureErrors(TrainedReserve& reserve, const TriangleSet& set, Threads& threads, ProcessGroup& group) {
  ReserveErrors errors;
  const size_t N = set.developments;
  for (size_t before = std::max<size_t>(1, N / 4); before <= std::max<size_t>(1, N / 2) && before <= set.calendar;
       ++before) {
    struct Sums {
      double error = 0, variance = 0;
    };
    std::map<size_t, Sums> companies;
    for (const OriginForecast& each : reserve.Forecast(set, set.calendar - before, true, threads, group)) {
      const std::vector<double>& paid = set.triangles[each.triangle].paid[each.origin];
      Sums origin;
      for (size_t t = each.known; t < paid.size(); ++t) {
        origin.error += paid[t] - paid[t - 1] - each.payments[t - each.known];
        origin.variance += each.variances[t - each.known];
      }
      if (!(origin.variance > 0)) continue;
      errors.origins.push_back(origin.error / std::sqrt(origin.variance));
      companies[each.triangle].error += origin.error;
      companies[each.triangle].variance += origin.variance;
    }
    std::vector<double>& of_calendar = errors.companies.emplace_back();
    for (const auto& [triangle, sums] : companies) of_calendar.push_back(sums.error / std::sqrt(sums.variance));
    of_calendar = Kept(of_calendar, kMostKept);
    if (of_calendar.empty()) errors.companies.pop_back();
  }
  errors.origins = Kept(errors.origins, kMostKept);
  const double mean = MeanOf(errors.origins);
  for (double& each : errors.origins) each -= mean;
  std::vector<double> all;
  for (const std::vector<double>& each : errors.companies) all.insert(all.end(), each.begin(), each.end());
  const double mean_of_companies = MeanOf(all);
  for (std::vector<double>& each : errors.companies) {
    for (double& error : each) error -= mean_of_companies;
  }
  return errors;
}

ReserveSpread::ReserveSpread(const ReserveErrors& errors) : origins_(Prepared(errors.origins)) {
  std::vector<double> all;
  for (const std::vector<double>& each : errors.companies) all.insert(all.end(), each.begin(), each.end());
  company_deviation_ = DeviationOf(all);
  companies_ = Prepared(all);
  if (all.size() < kFewest) {
    calendars_ = {companies_};
  } else {
    calendars_ = errors.companies;
  }
}

double ReserveSpread::Company(double probability) const { return QuantileOf(companies_, probability); }
double ReserveSpread::Origin(double probability) const { return QuantileOf(origins_, probability); }

std::vector<double> ReserveSpread::OfSum(std::span<const double> scales, std::span<const double> probabilities) const {
  Random random(kSeed);
  std::vector<double> sums(kDraws, 0);
  for (double& sum : sums) {
    const std::vector<double>& errors = calendars_[random.Below(calendars_.size())];
    for (const double scale : scales) sum += scale * errors[random.Below(errors.size())];
  }
  std::vector<double> numbers = {DeviationOf(sums)};
  std::sort(sums.begin(), sums.end());
  for (const double probability : probabilities) numbers.push_back(QuantileOf(sums, probability));
  return numbers;
}

}  // namespace eddy
