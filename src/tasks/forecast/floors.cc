#include "tasks/forecast/floors.h"

#include "eddy/error.h"
#include "floors/croston.h"
#include "floors/damped_trend.h"
#include "floors/naive.h"
#include "model/json.h"
#include "tasks/forecast/design.h"

namespace eddy {
namespace {

constexpr size_t kOfAll = 5;  // the others are of intermittent series

const std::vector<ForecastFloor>& AllFloors() {
  static const std::vector<ForecastFloor> floors = {
      {"naive", "persistence", "persistence", false, true,
       [](Observations past, size_t, size_t horizon) { return Persistence(past, horizon); }},
      {"seasonal_naive", "seasonal naive", "seasonal naive", true, false,
       [](Observations past, size_t season, size_t horizon) { return SeasonalNaive(past, season, horizon); }},
      {"naive2", "Naive2", "Naive2", true, true,
       [](Observations past, size_t season, size_t horizon) { return Naive2(past, season, horizon); }},
      {"past_median", "past median", "the median of the past", false, false,
       [](Observations past, size_t, size_t horizon) { return PastMedian(past, horizon); }},
      {"damped_trend", "damped trend", "the damped trend", false, true,
       [](Observations past, size_t season, size_t horizon) { return DampedTrend(past, season, horizon); }},
      {"zeros", "zeros", "zeros alone", false, false,
       [](Observations past, size_t, size_t horizon) { return Zeros(past, horizon); }},
      {"croston", "Croston (SBA)", "Croston's method", false, false,
       [](Observations past, size_t, size_t horizon) { return Croston(past, horizon); }},
  };
  return floors;
}

}  // namespace

std::vector<ForecastFloor> FloorsOf(const ForecastDesign& design) {
  std::vector<ForecastFloor> floors = AllFloors();
  if (!design.intermittent) floors.resize(kOfAll);
  return floors;
}

FloorForecasts ForecastFloors(const ForecastDesign& design, std::span<const Observations> histories, Threads& threads,
                              ProcessGroup& group) {
  const std::vector<ForecastFloor> floors = FloorsOf(design);
  const std::span<const Observations> own = OwnShare(group).Of(histories);
  FloorForecasts forecasts(own.size());
  threads.For(own.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      threads.ThrowIfStopped();
      for (const ForecastFloor& floor : floors) {
        forecasts[i].push_back(floor.forecast(own[i], design.season, design.horizon));
      }
    }
  });
  return Joined(group, std::move(forecasts));
}

ForecastFloor FloorNamed(const std::string& key) {
  for (const ForecastFloor& floor : AllFloors()) {
    if (floor.key == key) return floor;
  }
  Fail("stored description", "\"floor\"", "that of a forecaster", Quoted(key));
}

}  // namespace eddy
