#include "tasks/reserve/evaluation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "metrics/normal.h"

namespace eddy {
namespace {

constexpr double kCentral = 0.9;

using Ultimate = std::function<double(const CompanyReserve&)>;
struct Method {
  std::string name;
  Ultimate ultimate;
};

const std::vector<Method>& Methods() {
  static const std::vector<Method> methods = {
      {"network", [](const CompanyReserve& each) { return each.ultimate; }},
      {"chain ladder (Mack)", [](const CompanyReserve& each) { return each.ladder.ultimate; }},
      {"Cape Cod", [](const CompanyReserve& each) { return each.cape_cod; }}};
  return methods;
}

double ErrorOf(const Method& method, const CompanyReserve& company) {
  return (method.ultimate(company) - *company.actual) / *company.actual;
}

UltimateScores Score(const Method& method, const std::vector<const CompanyReserve*>& companies) {
  UltimateScores scores{method.name};
  for (const CompanyReserve* each : companies) {
    const double error = ErrorOf(method, *each), share = 1 / static_cast<double>(companies.size());
    scores.mape += std::abs(error) * share;
    scores.rmspe += error * error * share;
  }
  scores.rmspe = std::sqrt(scores.rmspe);
  return scores;
}

LineScores ScoreLine(std::string line, const std::vector<const CompanyReserve*>& companies) {
  LineScores scores{std::move(line), companies.size(), Score(Methods()[0], companies), {}};
  for (size_t m = 1; m < Methods().size(); ++m) scores.floors.push_back(Score(Methods()[m], companies));
  return scores;
}

Verdict VerdictOf(const std::vector<const CompanyReserve*>& companies) {
  std::vector<JudgedMethod> methods;
  for (const Method& method : Methods()) {
    JudgedMethod& judged = methods.emplace_back();
    judged.name = method.name;
    judged.parts.columns = 2;
    for (const CompanyReserve* each : companies) {
      judged.parts.Add(std::vector<double>{std::abs(ErrorOf(method, *each)), 1});
    }
  }
  const JudgedFigure figure{[](std::span<const double> sums) { return 100 * sums[0] / sums[1]; },
                            "% absolute error of ultimate losses", "insurer"};
  const JudgedMethod network = methods.front();
  methods.erase(methods.begin());
  return JudgeByParts(network, methods, figure, AllJudge(companies.size()));
}

}  // namespace

std::vector<CompanyReserve> ReservesOf(TrainedReserve& reserve, const TriangleSet& set, Threads& threads,
                                       ProcessGroup& group) {
  std::vector<CompanyReserve> reserves;
  const size_t N = set.developments;
  for (size_t i = 0; i < set.triangles.size(); ++i) {
    const Triangle& triangle = set.triangles[i];
    CompanyReserve& company = reserves.emplace_back();
    company.triangle = i;
    company.paid = company.ultimate = triangle.Paid();
    const CumulativeTriangle paid = triangle.PaidAt(set.calendar, N);
    company.ladder = MackChainLadder(paid);
    company.cape_cod = CapeCodUltimate(paid, triangle.premiums);
    company.actual = triangle.ActualUltimate();
    if (company.actual && !(*company.actual > 0)) company.actual.reset();  // nothing to take shares of
  }
  for (OriginForecast& each : reserve.Forecast(set, set.calendar, false, threads, group)) {
    CompanyReserve& company = reserves[each.triangle];
    company.ultimate += each.sum();
    company.scale = std::hypot(company.scale, each.scale());
    company.origins.push_back(std::move(each));
  }
  return reserves;
}

std::vector<ReserveForecast> PublicForecasts(const std::vector<CompanyReserve>& reserves, const TriangleSet& set,
                                             const ReserveErrors& errors) {
  const ReserveSpread spread(errors);
  std::vector<ReserveForecast> forecasts;
  for (const CompanyReserve& each : reserves) {
    const Triangle& triangle = set.triangles[each.triangle];
    ReserveForecast& forecast = forecasts.emplace_back();
    forecast.line = triangle.line;
    forecast.company = triangle.company;
    forecast.paid = each.paid;
    forecast.ultimate = each.ultimate;
    forecast.reserve = each.reserve();
    forecast.deviation = each.scale * spread.company_deviation();
    for (const double p : kReserveQuantiles) {
      forecast.quantiles.push_back(forecast.reserve + each.scale * spread.Company(p));
    }
    forecast.chain_ladder = each.ladder.ultimate;
    forecast.chain_ladder_error = each.ladder.error;
  }
  return forecasts;
}

ReserveResult JudgeReserves(const std::vector<CompanyReserve>& reserves, const TriangleSet& set,
                            const ReserveErrors& errors) {
  ReserveResult result;
  std::vector<const CompanyReserve*> judged;
  std::map<std::string, std::vector<const CompanyReserve*>> by_line;
  for (const CompanyReserve& each : reserves) {
    if (!each.actual || each.origins.empty()) continue;
    judged.push_back(&each);
    by_line[set.triangles[each.triangle].line].push_back(&each);
  }
  result.companies = judged.size();
  if (judged.empty()) return result;
  result.all = ScoreLine({}, judged);
  if (by_line.size() > 1) {
    for (const auto& [line, companies] : by_line) result.lines.push_back(ScoreLine(line, companies));
  }
  const ReserveSpread spread(errors);
  const double share = 1 / static_cast<double>(judged.size()), tail = (1 - kCentral) / 2;
  for (const double p : kReserveQuantiles) {
    double& covered = result.covered.emplace_back(0);
    for (const CompanyReserve* each : judged) {
      covered += *each->actual <= each->ultimate + each->scale * spread.Company(p) ? share : 0;
    }
  }
  for (const CompanyReserve* each : judged) {
    const double off = *each->actual - each->ultimate, low = spread.Company(tail), high = spread.Company(1 - tail);
    result.inside += off >= each->scale * low && off <= each->scale * high ? share : 0;
    const double reach = -NormalQuantile(tail) * each->ladder.error;
    result.inside_ladder += std::abs(*each->actual - each->ladder.ultimate) <= reach ? share : 0;
  }
  result.verdict = VerdictOf(judged);
  return result;
}

}  // namespace eddy
