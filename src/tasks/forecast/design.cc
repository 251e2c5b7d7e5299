#include "tasks/forecast/design.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "model/encoder_json.h"
#include "tasks/forecast/references.h"
#include "tasks/forecast/series.h"

namespace eddy {
namespace {

constexpr size_t kMostLongSeason = 1000;  // rows of a longer season beside a short one
constexpr size_t kSampledSeries = 50;

// Mean scaled error of each reference over the horizon, at some origins of some series. NaN where there are none.
std::vector<double> ReferenceErrors(const SeriesSet& set, std::span<const size_t> ends, const ForecastDesign& design) {
  const size_t count = design.references();
  std::vector<double> errors(count, 0);
  std::vector<float> references(design.horizon * count), targets(design.horizon), weights(design.horizon);
  double counted = 0;
  const size_t stride = (set.series.size() + kSampledSeries - 1) / kSampledSeries;
  for (size_t i = 0; i < set.series.size(); i += stride) {
    const size_t longest = design.seasons.back();
    if (ends[i] < 2 * longest + design.horizon) continue;
    const ForecastSeries series(set, set.series[i], design, ends[i]);
    const size_t step = std::max<size_t>(1, (ends[i] - 2 * longest - design.horizon) / 10);
    for (size_t origin = 2 * longest; origin + design.horizon <= ends[i]; origin += step) {
      series.ReferencesAt(origin, references.data());
      series.TargetsAt(origin, targets.data(), weights.data());
      for (size_t h = 0; h < design.horizon; ++h) {
        counted += weights[h];
        for (size_t k = 0; k < count; ++k) errors[k] += weights[h] * std::abs(references[h * count + k] - targets[h]);
      }
    }
  }
  for (double& error : errors) error /= counted;
  return errors;
}

Json ToJson(const SeriesColumns& columns) {
  Json json = {{"target", columns.target},
               {"time", columns.time},
               {"series", columns.series},
               {"covariates", columns.covariates},
               {"known", columns.known}};
  if (!columns.each.empty()) json["each"] = columns.each;
  if (columns.each_of_numbers) json["each_of_numbers"] = true;
  for (const Indicator& each : columns.indicators) {
    json["indicators"].push_back({{"name", each.name}, {"column", each.column}, {"value", each.value}});
  }
  return json;
}

SeriesColumns ColumnsFromJson(const Json& json) {
  SeriesColumns columns = {StringField(json, "target"), StringField(json, "time"), StringField(json, "series"),
                           StringsField(json, "covariates"), StringsField(json, "known")};
  if (json.contains("each")) columns.each = StringsField(json, "each");
  columns.each_of_numbers = json.contains("each_of_numbers");
  if (!json.contains("indicators")) return columns;
  for (const Json& each : ArrayField(json, "indicators")) {
    columns.indicators.push_back({StringField(each, "name"), StringField(each, "column"), StringField(each, "value")});
  }
  return columns;
}

Json ToJson(const Calendar& calendar) {
  return {{"cycle", calendar.unit == StepUnit::kOpenInWeek ? "week" : "month"},
          {"step", calendar.step},
          {"phase", calendar.phase},
          {"open", calendar.open}};
}

Calendar CalendarFromJson(const Json& json) {
  const bool week = StringField(json, "cycle") == "week";
  Calendar calendar{
      week ? StepUnit::kOpenInWeek : StepUnit::kOpenInMonth, NumberField(json, "step"), 1, NumberField(json, "phase"), {}};
  const double step = calendar.step, last = week ? kWeek / step - 1 : 31;
  const bool divides = week ? step >= 1 && step <= kDay && std::fmod(kDay, step) == 0 : step == 1;
  double before = week ? -1 : 0;
  bool rises = true;
  for (const double place : NumbersField(json, "open")) {
    rises = rises && place > before && place <= last && place == std::floor(place);
    if (!rises) break;
    before = place;
    calendar.open.push_back(static_cast<uint32_t>(place));
  }
  const bool in_phase = calendar.phase >= 0 && calendar.phase < (week ? step : kDay);
  if (!divides || !rises || !in_phase || calendar.open.empty()) {
    Fail("stored description", "\"open\"", "rising steps of a week or days of a month", "not");
  }
  return calendar;
}

}  // namespace

size_t ForecastDesign::inputs() const { return (trends ? 5 : 6) + seasons.size() + calendar + columns.covariates.size(); }
size_t ForecastDesign::references() const { return References::Count(seasons.size(), trends); }
size_t ForecastDesign::known_features() const { return columns.known.size() * (1 + seasons.size()); }
size_t ForecastDesign::trailing() const { return seasons.empty() ? std::min<size_t>(horizon, 32) : seasons.front(); }

size_t ForecastDesign::median() const {
  const auto nearer = [](double a, double b) { return std::abs(a - 0.5) < std::abs(b - 0.5); };
  return static_cast<size_t>(std::min_element(quantiles.begin(), quantiles.end(), nearer) - quantiles.begin());
}

void RequireValid(const ForecastDesign& design) {
  const auto require = [](bool holds, const char* argument, const std::string& expected, size_t given) {
    if (!holds) Fail("forecast", argument, expected, std::to_string(given));
  };
  require(design.horizon >= 1 && design.horizon <= kMostHorizon, "the horizon", fmt::format("1 to {}", kMostHorizon),
          design.horizon);
  require(design.window >= 1 && design.window <= kMostWindow, "the window", fmt::format("1 to {} rows", kMostWindow),
          design.window);
  require(design.season >= 1 && design.season <= kMostWindow, "the season", fmt::format("1 to {}", kMostWindow),
          design.season);
  size_t shorter = 1;
  for (size_t season : design.seasons) {
    require(season > shorter && season <= kMostWindow, "a season of the references", "above the one before", season);
    shorter = season;
  }
  require(!design.quantiles.empty(), "the number of quantiles", "at least 1", 0);
  double lower = 0;
  for (double q : design.quantiles) {
    if (!(q > lower && q < 1)) Fail("forecast", "the quantiles", "rising, each above 0 and below 1", fmt::format("{}", q));
    lower = q;
  }
  require(design.encoder.input == design.inputs(), "the inputs of the network", std::to_string(design.inputs()),
          design.encoder.input);
}

std::vector<size_t> ReferenceSeasons(const SeriesSet& set, std::span<const size_t> ends, size_t season, size_t horizon) {
  if (season <= 1) return {};
  std::vector<size_t> longer = set.axis.NaturalSeasons();
  if (longer.empty()) longer.push_back(7 * season);  // rows without times may be hours of days, and these make weeks
  constexpr double kAboutAsGood = 1.1;
  for (size_t candidate : longer) {
    if (candidate <= season || candidate % season != 0 || candidate > kMostLongSeason) continue;
    ForecastDesign design;
    design.columns = set.columns;
    design.calendar = set.axis.FeatureNames().size();
    design.horizon = horizon;
    design.seasons = {season, candidate};
    const std::vector<double> errors = ReferenceErrors(set, ends, design);
    const auto of_candidate = errors.begin() + static_cast<ptrdiff_t>(References::Count(1));  // those of `season` precede
    const double best = *std::min_element(of_candidate, errors.end());
    if (best <= kAboutAsGood * *std::min_element(errors.begin(), of_candidate)) return design.seasons;
  }
  return {season};
}

size_t DefaultWindow(const std::vector<size_t>& seasons, size_t horizon, std::span<const size_t> ends) {
  constexpr size_t kLeast = 16, kMostSeason = 200, kMost = 256;
  size_t window = std::max(kLeast, std::min(2 * horizon, kMost / 2));
  if (!seasons.empty()) window = std::max(window, 2 * seasons.front());
  for (size_t season : seasons) {
    if (season <= kMostSeason) window = std::max(window, season);
  }
  const size_t longest = ends.empty() ? 1 : *std::max_element(ends.begin(), ends.end());
  return std::max<size_t>(1, std::min({window, kMost, longest}));
}

Json ToJson(const ForecastDesign& design) {
  Json json = {{"columns", ToJson(design.columns)}, {"step", design.step},           {"calendar", design.calendar},
               {"horizon", design.horizon},         {"season", design.season},       {"seasons", design.seasons},
               {"window", design.window},           {"quantiles", design.quantiles}, {"dropout", design.dropout}};
  if (design.trends) json["trends"] = true;
  if (design.nonnegative) json["nonnegative"] = true;
  if (design.intermittent) json["intermittent"] = true;
  if (design.open) json["open"] = ToJson(*design.open);
  AddEncoder(json, design.encoder);
  return json;
}

ForecastDesign ForecastDesignFromJson(const Json& json) {
  ForecastDesign design;
  design.columns = ColumnsFromJson(ObjectField(json, "columns"));
  const auto size = [&](const char* key, size_t most) {
    return static_cast<size_t>(IntegerField(json, key, 0, static_cast<int64_t>(most)));
  };
  design.step = StringField(json, "step");
  design.trends = json.contains("trends") && BoolField(json, "trends");
  design.nonnegative = json.contains("nonnegative") && BoolField(json, "nonnegative");
  design.intermittent = json.contains("intermittent") && BoolField(json, "intermittent");
  if (json.contains("open")) design.open = CalendarFromJson(ObjectField(json, "open"));
  design.calendar = size("calendar", 64);
  design.horizon = size("horizon", kMostHorizon);
  design.season = size("season", kMostWindow);
  for (double season : NumbersField(json, "seasons")) {
    if (!(season >= 2 && season <= kMostWindow && season == std::floor(season))) {
      Fail("stored description", "\"seasons\"", "whole numbers above 1", fmt::format("{}", season));
    }
    design.seasons.push_back(static_cast<size_t>(season));
  }
  design.window = size("window", kMostWindow);
  design.quantiles = NumbersField(json, "quantiles");
  design.encoder = EncoderFromJson(json);
  design.dropout = NumberField(json, "dropout");
  RequireValid(design);
  return design;
}

}  // namespace eddy
