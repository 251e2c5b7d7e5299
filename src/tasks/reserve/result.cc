#include "tasks/reserve/result.h"

#include <fmt/format.h>

namespace eddy {
namespace {

std::string Row(const std::string& name, const LineScores& scores) {
  std::string row =
      fmt::format("{:<28}{:>10}{:>9.4f} {:<7.4f}", name, scores.companies, scores.network.mape, scores.network.rmspe);
  for (const UltimateScores& floor : scores.floors) row += fmt::format("{:>14.4f} {:<7.4f}", floor.mape, floor.rmspe);
  return row + "\n";
}

OrderedJson ToJson(const LineScores& scores) {
  OrderedJson json = OrderedJson::object();
  if (!scores.line.empty()) json["line"] = scores.line;
  json["companies"] = scores.companies;
  json["network"] = {{"mape", scores.network.mape}, {"rmspe", scores.network.rmspe}};
  json["floors"] = OrderedJson::array();
  for (const UltimateScores& floor : scores.floors) {
    json["floors"].push_back({{"name", floor.name}, {"mape", floor.mape}, {"rmspe", floor.rmspe}});
  }
  return json;
}

}  // namespace

std::string DescribeResult(const ReserveResult& result) {
  if (result.companies == 0) return "The table does not show what was paid in the end: nothing judges the forecasts.";
  std::string text = fmt::format("{:<28}{:>10}{:>17}", "MAPE and RMSPE of ultimates", "companies", "network");
  for (const UltimateScores& floor : result.all.floors) text += fmt::format("{:>22}", floor.name);
  text += "\n";
  for (const LineScores& line : result.lines) text += Row(line.line, line);
  text += Row("all", result.all);
  text += fmt::format("\nWithin the central 90%: {:.1f}% of the companies (chain ladder with Mack's error {:.1f}%)",
                      100 * result.inside, 100 * result.inside_ladder);
  for (size_t q = 0; q < result.covered.size(); ++q) {
    text += fmt::format("{} {:g}% quantile {:.1f}%", q == 0 ? ". Reserves not above the" : ",", 100 * kReserveQuantiles[q],
                        100 * result.covered[q]);
  }
  return text + ".\n" + result.verdict.sentence;
}

void AddResult(OrderedJson& json, const ReserveResult& result) {
  json["judged_companies"] = result.companies;
  if (result.companies == 0) return;
  json.update(ToJson(result.all));
  json["lines"] = OrderedJson::array();
  for (const LineScores& line : result.lines) json["lines"].push_back(ToJson(line));
  json["inside_90"] = result.inside;
  json["inside_90_chain_ladder"] = result.inside_ladder;
  for (size_t q = 0; q < result.covered.size(); ++q) {
    json["covered"].push_back({{"quantile", kReserveQuantiles[q]}, {"share", result.covered[q]}});
  }
  AddVerdict(json, result.verdict);
}

}  // namespace eddy
