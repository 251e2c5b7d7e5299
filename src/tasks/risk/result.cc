#include "tasks/risk/result.h"

#include <fmt/format.h>

#include <cmath>

namespace eddy {
namespace {

std::string Row(const MethodScores& method) {
  std::string row = fmt::format("{:<46}", method.name);
  for (const LevelScores& level : method.levels) row += fmt::format("{:>9.4f}", level.score);
  return row + "\n";
}

std::string Backtest(const MethodScores& method, size_t days) {
  std::string text;
  for (const LevelScores& level : method.levels) {
    text += fmt::format("{:<8}{:>7} of {:<7.1f}{:>10.3f}{:>18.3f}{:>12.3f} ({:.2f})\n",
                        fmt::format("{:g}%", 100 * level.level), level.breaches, level.level * static_cast<double>(days),
                        level.kupiec.p, level.christoffersen.p, level.acerbi_szekely.p, level.acerbi_szekely.statistic);
  }
  return text;
}

OrderedJson ToJson(const MethodScores& method, size_t days) {
  OrderedJson json = {{"name", method.name}, {"fz0", method.score}, {"levels", OrderedJson::array()}};
  for (const LevelScores& level : method.levels) {
    json["levels"].push_back({{"level", level.level},
                              {"fz0", level.score},
                              {"breaches", level.breaches},
                              {"share", static_cast<double>(level.breaches) / static_cast<double>(days)},
                              {"kupiec_p", level.kupiec.p},
                              {"christoffersen_p", level.christoffersen.p},
                              {"acerbi_szekely", level.acerbi_szekely.statistic},
                              {"acerbi_szekely_p", level.acerbi_szekely.p}});
  }
  return json;
}

OrderedJson ToJson(const MeanInterval& interval) {
  return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

}  // namespace

std::string DescribeResult(const RiskResult& result) {
  if (result.days == 0) return "Nothing is held out to judge the forecasts by.";
  std::string text = fmt::format("{:<46}", fmt::format("FZ0 of {} forecasts, the lower the better", result.days));
  for (const LevelScores& level : result.network.levels)
    text += fmt::format("{:>9}", fmt::format("{:g}%", 100 * level.level));
  text += "\n" + Row(result.network);
  for (const MethodScores& floor : result.floors) text += Row(floor);
  text += fmt::format("\n{:<8}{:>18}{:>10}{:>18}{:>19}\n", "network", "breaches expected", "Kupiec p", "Christoffersen p",
                      "Acerbi-Szekely p");
  text += Backtest(result.network, result.days);
  if (!result.realised.empty()) {
    text += fmt::format("\n{:<46}{:>9}{:>9}\n", "logarithm of the realised variance", "MSE", "QLIKE");
    for (const RealisedScores& each : result.realised) {
      text += fmt::format("{:<46}{:>9.4f}{:>9.4f}\n", each.name, each.mse, each.qlike);
    }
  }
  if (result.combination.weight < 1) {
    text += fmt::format("\nThe network's tails count {:g}, those of {} {:g}.", result.combination.weight,
                        result.combination.floor, 1 - result.combination.weight);
  }
  return text + "\n" + JudgeResult(result).sentence;
}

void AddResult(OrderedJson& json, const RiskResult& result) {
  if (result.days == 0) return;
  json["forecasts"] = result.days;
  json["series"] = result.series;
  json["horizon"] = result.horizon;
  json["combination"] = {
      {"weight", result.combination.weight}, {"filtered", result.combination.filtered}, {"floor", result.combination.floor}};
  json["network"] = ToJson(result.network, result.days);
  json["floors"] = OrderedJson::array();
  for (const MethodScores& floor : result.floors) json["floors"].push_back(ToJson(floor, result.days));
  json["best_floor"] = result.best_floor().name;
  json["diebold_mariano"] = {{"statistic", result.diebold_mariano.statistic}, {"p", result.diebold_mariano.p}};
  json["difference"] = ToJson(result.difference);
  for (size_t q = 0; q < result.by_level.size(); ++q) {
    json["difference"]["levels"].push_back(ToJson(result.by_level[q]));
  }
  for (const RealisedScores& each : result.realised) {
    json["realised"].push_back({{"name", each.name}, {"mse", each.mse}, {"qlike", each.qlike}});
  }
  json["verdict"] = JudgeResult(result).sentence;
}

}  // namespace eddy
