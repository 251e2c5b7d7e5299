#include "tasks/direction/result.h"

#include <fmt/format.h>

#include <cmath>

namespace eddy {
namespace {

std::string Row(const DirectionScores& scores) {
  return fmt::format("{:<24}{:>7.2f} ({:.2f} to {:.2f}){:>9.4f} ({:.4f} to {:.4f}){:>9.1f}\n", scores.name,
                     100 * scores.accuracy, 100 * scores.accuracy_low, 100 * scores.accuracy_high, scores.mcc,
                     scores.mcc_low, scores.mcc_high, 100 * scores.said_up);
}

double Yearly(const Strategy& strategy) { return strategy.sharpe.ratio * std::sqrt(kDaysOfAYear); }

OrderedJson ToJson(const DirectionScores& scores) {
  return {{"name", scores.name},
          {"accuracy", scores.accuracy},
          {"accuracy_low", scores.accuracy_low},
          {"accuracy_high", scores.accuracy_high},
          {"mcc", scores.mcc},
          {"mcc_low", scores.mcc_low},
          {"mcc_high", scores.mcc_high},
          {"said_up", scores.said_up}};
}

}  // namespace

std::string DescribeResult(const DirectionResult& result) {
  if (result.forecasts == 0) return "Nothing is held out to judge the forecasts by.";
  std::string text = fmt::format("{:<24}{:>25}{:>27}{:>9}\n", fmt::format("{} forecasts", result.forecasts),
                                 "accuracy in % (95% by day)", "MCC", "% up");
  text += Row(result.network);
  for (const DirectionScores& floor : result.floors) text += Row(floor);
  text += fmt::format("\n{:<24}{:>12}{:>16}{:>14}\n", fmt::format("costs {:g}%, {} days", result.costs, result.days),
                      "return in %", "Sharpe, a year", "traded a day");
  for (const Strategy& each : result.strategies) {
    text += fmt::format("{:<24}{:>12.2f}{:>16.2f}{:>14.2f}\n", each.name, each.total, Yearly(each), each.turnover);
  }
  text += fmt::format("\nThe deflated Sharpe ratio of the network, over {} tried: {:.3f} (above 0.95 would be skill).\n",
                      result.trials, result.deflated);
  return text + result.verdict.sentence;
}

void AddResult(OrderedJson& json, const DirectionResult& result) {
  if (result.forecasts == 0) return;
  json["forecasts"] = result.forecasts;
  json["days"] = result.days;
  json["series"] = result.series;
  json["horizon"] = result.horizon;
  json["up"] = result.up;
  json["network"] = ToJson(result.network);
  json["floors"] = OrderedJson::array();
  for (const DirectionScores& floor : result.floors) json["floors"].push_back(ToJson(floor));
  json["costs"] = result.costs;
  json["strategies"] = OrderedJson::array();
  for (const Strategy& each : result.strategies) {
    json["strategies"].push_back(
        {{"name", each.name}, {"return", each.total}, {"sharpe", Yearly(each)}, {"turnover", each.turnover}});
  }
  json["tried"] = result.trials;
  json["deflated_sharpe"] = result.deflated;
  json["verdict"] = result.verdict.sentence;
}

}  // namespace eddy
