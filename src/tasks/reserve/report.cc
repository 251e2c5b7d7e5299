#include "tasks/reserve/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "model/architecture.h"
#include "report/sections.h"

namespace eddy {
namespace {

constexpr size_t kShownCompanies = 2;
constexpr size_t kInsideRows = 64;
constexpr double kBand = 0.9;

std::string NameOf(const Triangle& triangle) {
  return triangle.line.empty() ? triangle.company : fmt::format("{}, {}", triangle.company, triangle.line);
}

// Four digits at least, and none behind the point where there are as many before it.
std::string Money(double value) {
  return std::abs(value) < 1000 ? fmt::format("{:.4g}", value) : fmt::format("{:.0f}", value);
}

// Cumulative payments by origin and development: what is known and, behind "~", what is forecast.
Table TriangleTable(const CompanyReserve& company, const TriangleSet& set) {
  const Triangle& triangle = set.triangles[company.triangle];
  Table table;
  table.columns = {"origin"};
  for (size_t t = 1; t <= set.developments; ++t) table.columns.push_back(fmt::format("{}", t));
  if (company.actual) table.columns.push_back("paid in the end");
  for (size_t i = 0; i < triangle.paid.size(); ++i) {
    if (triangle.paid[i].empty()) continue;
    std::vector<std::string>& row = table.rows.emplace_back();
    row.push_back(fmt::format("{}", set.first + static_cast<int64_t>(i)));
    for (const double value : triangle.paid[i]) row.push_back(Money(value));
    for (const OriginForecast& each : company.origins) {
      if (each.origin != i) continue;
      double value = triangle.paid[i].back();
      for (const double payment : each.payments) row.push_back("~" + Money(value += payment));
    }
    row.resize(1 + set.developments);
    if (!company.actual) continue;
    const bool over = triangle.paid[i].size() == set.developments;
    row.push_back(Money(over ? triangle.paid[i].back() : triangle.later_paid[i].back()));
  }
  return table;
}

// What is paid for the claims of an origin, by development.
ForecastChart FanOf(const OriginForecast& origin, const TriangleSet& set, const ReserveSpread& spread) {
  const Triangle& triangle = set.triangles[origin.triangle];
  const std::vector<double>&paid = triangle.paid[origin.origin], &later = triangle.later_paid[origin.origin];
  ForecastChart chart;
  chart.x_label = "development";
  chart.y_label = fmt::format("paid for {}", set.first + static_cast<int64_t>(origin.origin));
  chart.band = fmt::format("{:g}% of the distribution", 100 * kBand);
  chart.history = paid;
  double mean = paid.back(), variance = 0;
  for (size_t t = origin.known; t < set.developments; ++t) {
    mean += origin.payments[t - origin.known];
    variance += origin.variances[t - origin.known];
    chart.median.push_back(mean + std::sqrt(variance) * spread.Origin(0.5));
    chart.low.push_back(mean + std::sqrt(variance) * spread.Origin((1 - kBand) / 2));
    chart.high.push_back(mean + std::sqrt(variance) * spread.Origin((1 + kBand) / 2));
    chart.actual.push_back(later[t]);
  }
  for (size_t t = 1; t <= set.developments; ++t) chart.times.push_back(fmt::format("{}", t));
  return chart;
}

// The company with the largest reserve, and the one in the middle.
std::vector<const CompanyReserve*> Shown(const std::vector<CompanyReserve>& reserves) {
  std::vector<const CompanyReserve*> open;
  for (const CompanyReserve& each : reserves) {
    if (!each.origins.empty()) open.push_back(&each);
  }
  const auto largest = [](const CompanyReserve* a, const CompanyReserve* b) { return a->reserve() > b->reserve(); };
  std::sort(open.begin(), open.end(), largest);
  if (open.size() > kShownCompanies) open = {open.front(), open[open.size() / 2]};
  return open;
}

Section Pictures(const std::vector<CompanyReserve>& reserves, const TriangleSet& set, const ReserveErrors& errors) {
  const ReserveSpread spread(errors);
  Section section{
      "Triangles",
      "What is paid for the claims of each origin, until each development. Behind ~ stands what is forecast; the "
      "fan shows how far that may be off.",
      {}};
  for (const CompanyReserve* each : Shown(reserves)) {
    const std::string name = NameOf(set.triangles[each->triangle]);
    const OriginForecast &last = each->origins.back(), &middle = each->origins[each->origins.size() * 3 / 4];
    section.panels.push_back({name + ": fan of the last origin", FanOf(last, set, spread)});
    if (middle.origin != last.origin) section.panels.push_back({name + ": fan of an older one", FanOf(middle, set, spread)});
    section.panels.push_back({name, TriangleTable(*each, set)});
  }
  return section;
}

Section Scores(const ReserveResult& result) {
  Table table;
  table.columns = {"", "companies", "network, MAPE", "RMSPE"};
  for (const UltimateScores& floor : result.all.floors) {
    table.columns.insert(table.columns.end(), {floor.name + ", MAPE", "RMSPE"});
  }
  const auto add = [&](const std::string& name, const LineScores& scores) {
    std::vector<std::string>& row = table.rows.emplace_back();
    row = {name, fmt::format("{}", scores.companies), fmt::format("{:.4f}", scores.network.mape),
           fmt::format("{:.4f}", scores.network.rmspe)};
    for (const UltimateScores& floor : scores.floors) {
      row.insert(row.end(), {fmt::format("{:.4f}", floor.mape), fmt::format("{:.4f}", floor.rmspe)});
    }
  };
  for (const LineScores& line : result.lines) add(line.line, line);
  add("all", result.all);
  Table coverage;
  coverage.columns = {"of companies", "promised", "found"};
  coverage.rows.push_back({"within the central 90%", "90%", fmt::format("{:.1f}%", 100 * result.inside)});
  for (size_t q = 0; q < result.covered.size(); ++q) {
    const std::string name = fmt::format("{:g}%", 100 * kReserveQuantiles[q]);
    coverage.rows.push_back({"not above the quantile", name, fmt::format("{:.1f}%", 100 * result.covered[q])});
  }
  coverage.rows.push_back(
      {"within the chain ladder's 90% (Mack)", "90%", fmt::format("{:.1f}%", 100 * result.inside_ladder)});
  return {
      "Against what was paid in the end",
      "Errors are shares of a company's actual ultimate loss. A spread is right where as many companies are within it as "
      "it promises.",
      {{"", table}, {"the spread", coverage}}};
}

std::vector<Fact> Facts(TrainedReserve& reserve, const TriangleSet& set, const TrainingResult& training) {
  const ReserveDesign& design = reserve.design();
  return {{"Layers", fmt::format("{} times {}", design.members, Describe(design.encoder))},
          {"Weights", fmt::format("{}", CountWeights(reserve.network().parameters()))},
          {"Triangles", fmt::format("{} in {} lines", set.triangles.size(), design.patterns.size())},
          {"Valuation", fmt::format("{}", set.first + static_cast<int64_t>(set.calendar))},
          {"Steps", fmt::format("{}", training.steps)},
          {"Time", fmt::format("{:.0f} s", training.seconds)}};
}

}  // namespace

Inside LookInsideReserve(TrainedReserve& reserve, const TriangleSet& set, Threads& threads) {
  const ReserveDesign& design = reserve.design();
  std::vector<ReserveView> views;
  for (size_t i = 0; i < set.triangles.size() && views.size() < kInsideRows; ++i) {
    for (ReserveView& view : ViewsAt(set, i, set.calendar, design)) {
      if (views.size() < kInsideRows) views.push_back(std::move(view));
    }
  }
  if (views.empty()) Fail("inspect", "the triangles", "an origin that is not at its last development", "none");
  std::vector<const ReserveView*> rows;
  for (const ReserveView& view : views) rows.push_back(&view);
  const size_t N = design.developments;
  std::vector<std::string> names;
  for (size_t t = 1; t <= N; ++t) names.push_back(fmt::format("{}", t));
  const auto last_loss = [&](Tape& tape, Var y) { return Sum(tape, Slice(tape, y, N - 1, N)); };
  const Tensor input = reserve.network().Read(MakeReserveInput(rows, design), 0, threads);
  return LookInside(RequireStack(reserve.network().encoder(0)), input, std::move(names), last_loss,
                    reserve.network().parameters(), threads);
}

Report MakeReserveReport(TrainedReserve& reserve, const TriangleSet& set, const std::vector<CompanyReserve>& reserves,
                         const ReserveResult& result, const TrainingResult& training, std::string title, Threads& threads) {
  Report report;
  report.title = std::move(title);
  report.facts = Facts(reserve, set, training);
  if (result.companies == 0) {
    report.verdict = "The table does not show what was paid in the end: nothing judges the forecasts.";
  } else {
    report.verdict = result.verdict.sentence;
    report.lost = result.verdict.lost;
    report.figures = {{"network, MAPE", fmt::format("{:.4f}", result.all.network.mape)}};
    for (const UltimateScores& floor : result.all.floors) {
      report.figures.push_back({floor.name, fmt::format("{:.4f}", floor.mape)});
    }
  }
  report.sections.push_back(Pictures(reserves, set, reserve.design().errors));
  if (result.companies > 0) report.sections.push_back(Scores(result));
  report.sections.push_back(LossSection(training.history, {}, "nats a payment"));
  for (Section& section : InsideSections(LookInsideReserve(reserve, set, threads))) {
    report.sections.push_back(std::move(section));
  }
  report.sections.push_back(GradientSection(training.history));
  return report;
}

}  // namespace eddy
