#include "tasks/forecast/result.h"

#include <fmt/format.h>

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
  OrderedJson json = {{"mse", s.mse},   {"mae", s.mae},         {"smape", s.smape},
                      {"mase", s.mase}, {"pinball", s.pinball}, {"coverage", s.coverage}};
  json["owa"] = Owa(s, result.naive2);
  return json;
}

}  // namespace

std::string DescribeResult(const ForecastResult& result) {
  if (result.windows == 0) return "Nothing is held out to judge the forecasts by.";
  std::string text = fmt::format("{:<16}{:>11}{:>11}{:>11}{:>11}{:>11}{:>11}{:>10}\n", Counted(result.windows, "forecast"),
                                 "MSE", "MAE", "sMAPE", "MASE", "OWA", "pinball", "coverage");
  text += Row("network", result.network, result);
  text += Row("persistence", WithoutBand(result.naive), result);
  if (result.season > 1) text += Row("seasonal naive", WithoutBand(result.seasonal_naive), result);
  text += Row("past median", WithoutBand(result.past_median), result);
  return text + JudgeForecasts(result).sentence;
}

void AddResult(OrderedJson& json, const ForecastResult& result) {
  if (result.windows == 0) return;
  json["forecasts"] = result.windows;
  json["season"] = result.season;
  json.update(ToJson(result.network, result));
  json["naive"] = ToJson(WithoutBand(result.naive), result);
  json["seasonal_naive"] = ToJson(WithoutBand(result.seasonal_naive), result);
  json["past_median"] = ToJson(WithoutBand(result.past_median), result);
  AddVerdict(json, JudgeForecasts(result));
}

}  // namespace eddy
