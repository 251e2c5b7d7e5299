#include "tasks/forecast/result.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "base/counted.h"

namespace eddy {
namespace {

std::string Number(double value) { return std::isfinite(value) ? fmt::format("{:.4g}", value) : "-"; }

std::string Row(const char* name, const ForecastScores& s, const ForecastResult& result) {
  return fmt::format("{:<16}{:>11}{:>11}{:>11}{:>11}{:>11}{:>11}{:>10}\n", name, Number(s.mse), Number(s.mae),
                     Number(s.smape), Number(s.mase), Number(Owa(s, result.naive2)), Number(s.pinball), Number(s.coverage));
}

OrderedJson ToJson(const ForecastScores& s, const ForecastResult& result) {
  OrderedJson json = {{"mse", s.mse},          {"mae", s.mae},         {"smape", s.smape},
                      {"mase", s.mase},        {"pinball", s.pinball}, {"scaled_pinball", s.scaled_pinball},
                      {"coverage", s.coverage}};
  json["owa"] = Owa(s, result.naive2);
  return json;
}

}  // namespace

std::string DescribeMix(const ForecastMix& mix) {
  std::vector<std::string> parts = {fmt::format("{:.0f}% the network", 100 * (1 - mix.of_floors()))};
  for (const auto& [key, share] : mix.shares) {
    parts.push_back(fmt::format("{:.0f}% {}", 100 * share, FloorNamed(key).in_words));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string DescribeResult(const ForecastResult& result) {
  if (result.windows == 0) return "Nothing is held out to judge the forecasts by.";
  std::string text = fmt::format("{:<16}{:>11}{:>11}{:>11}{:>11}{:>11}{:>11}{:>10}\n", Counted(result.windows, "forecast"),
                                 "MSE", "MAE", "sMAPE", "MASE", "OWA", "pinball", "coverage");
  text += Row("network", result.network, result);
  for (const FloorResult& each : result.floors) {
    if (result.season > 1 || !each.floor.seasonal) text += Row(each.floor.name, WithoutBand(each.scores), result);
  }
  if (!result.mix.shares.empty()) {
    text +=
        "The forecast is " + DescribeMix(result.mix) + ", by their errors on rows that the network was not trained on.\n";
  }
  if (result.intermittent)
    text += "Most rows are 0: judged by the pinball loss of the whole distribution, scaled as in MASE.\n";
  return text + JudgeForecasts(result).sentence;
}

void AddResult(OrderedJson& json, const ForecastResult& result) {
  if (result.windows == 0) return;
  json["forecasts"] = result.windows;
  json["season"] = result.season;
  json.update(ToJson(result.network, result));
  for (const FloorResult& each : result.floors) json[each.floor.key] = ToJson(WithoutBand(each.scores), result);
  json["mix"] = result.mix.shares;
  AddVerdict(json, JudgeForecasts(result));
}

}  // namespace eddy
