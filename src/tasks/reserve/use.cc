// eddy reserve: what is still to be paid, by company and line, with its spread.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "data/csv.h"
#include "model/atomic_file.h"
#include "tasks/reserve/actions.h"
#include "tasks/reserve/data.h"
#include "tasks/reserve/evaluation.h"
#include "tasks/use_output.h"

namespace eddy {
namespace {

struct LineTotal {
  double paid = 0, ultimate = 0, deviation = 0;
  std::vector<double> quantiles;  // of the reserve
  size_t companies = 0;
};

// A line's companies together; of one line, all there are.
std::map<std::string, LineTotal> TotalsOf(const std::vector<CompanyReserve>& reserves, const TriangleSet& set,
                                          const ReserveErrors& errors) {
  std::map<std::string, LineTotal> totals;
  std::map<std::string, std::vector<double>> scales;
  for (const CompanyReserve& each : reserves) {
    const std::string& line = set.triangles[each.triangle].line;
    LineTotal& total = totals[line];
    total.paid += each.paid;
    total.ultimate += each.ultimate;
    ++total.companies;
    scales[line].push_back(each.scale);
  }
  const ReserveSpread spread(errors);
  for (auto& [line, total] : totals) {
    const std::vector<double> numbers = spread.OfSum(scales[line], kReserveQuantiles);
    total.deviation = numbers[0];
    for (size_t q = 1; q < numbers.size(); ++q) total.quantiles.push_back(total.ultimate - total.paid + numbers[q]);
  }
  return totals;
}

std::string QuantileName(double p) { return fmt::format("reserve{:g}", p); }

std::string Csv(const std::vector<ReserveForecast>& forecasts, const std::map<std::string, LineTotal>& totals) {
  std::string text = "line,company,paid,ultimate,reserve,deviation";
  for (const double p : kReserveQuantiles) text += "," + QuantileName(p);
  text += ",chain_ladder,chain_ladder_error\n";
  for (const ReserveForecast& each : forecasts) {
    text += fmt::format("{},{},{:.6g},{:.6g},{:.6g},{:.6g}", CsvCell(each.line), CsvCell(each.company), each.paid,
                        each.ultimate, each.reserve, each.deviation);
    for (const double quantile : each.quantiles) text += fmt::format(",{:.6g}", quantile);
    text += fmt::format(",{:.6g},{:.6g}\n", each.chain_ladder, each.chain_ladder_error);
  }
  for (const auto& [line, total] : totals) {
    text += fmt::format("{},all {},{:.6g},{:.6g},{:.6g},{:.6g}", CsvCell(line), total.companies, total.paid, total.ultimate,
                        total.ultimate - total.paid, total.deviation);
    for (const double quantile : total.quantiles) text += fmt::format(",{:.6g}", quantile);
    text += ",,\n";
  }
  return text;
}

void AddQuantiles(OrderedJson& json, const std::vector<double>& quantiles) {
  for (size_t q = 0; q < quantiles.size(); ++q) json[QuantileName(kReserveQuantiles[q])] = quantiles[q];
}

OrderedJson CompaniesJson(const std::vector<ReserveForecast>& forecasts) {
  OrderedJson json = OrderedJson::array();
  for (const ReserveForecast& each : forecasts) {
    OrderedJson company = {{"line", each.line},         {"company", each.company}, {"paid", each.paid},
                           {"ultimate", each.ultimate}, {"reserve", each.reserve}, {"deviation", each.deviation}};
    AddQuantiles(company, each.quantiles);
    company["chain_ladder"] = each.chain_ladder;
    company["chain_ladder_error"] = each.chain_ladder_error;
    json.push_back(std::move(company));
  }
  return json;
}

OrderedJson LinesJson(const std::map<std::string, LineTotal>& totals) {
  OrderedJson json = OrderedJson::array();
  for (const auto& [name, total] : totals) {
    OrderedJson line = {{"line", name},
                        {"companies", total.companies},
                        {"paid", total.paid},
                        {"ultimate", total.ultimate},
                        {"reserve", total.ultimate - total.paid},
                        {"deviation", total.deviation}};
    AddQuantiles(line, total.quantiles);
    json.push_back(std::move(line));
  }
  return json;
}

// A row for each origin that is not at its last development, with its mean and the quantiles of its ultimate.
std::string OriginsCsv(const std::vector<CompanyReserve>& reserves, const TriangleSet& set, const ReserveErrors& errors) {
  const ReserveSpread spread(errors);
  std::string text = "line,company,origin,paid,ultimate";
  for (const double p : kReserveQuantiles) text += fmt::format(",ultimate{:g}", p);
  text += ",chain_ladder,chain_ladder_error\n";
  for (const CompanyReserve& company : reserves) {
    const Triangle& triangle = set.triangles[company.triangle];
    for (const OriginForecast& each : company.origins) {
      const double paid = triangle.paid[each.origin].back(), ultimate = paid + each.sum();
      text += fmt::format("{},{},{},{:.6g},{:.6g}", CsvCell(triangle.line), CsvCell(triangle.company),
                          set.first + static_cast<int64_t>(each.origin), paid, ultimate);
      for (const double p : kReserveQuantiles) text += fmt::format(",{:.6g}", ultimate + each.scale() * spread.Origin(p));
      text += fmt::format(",{:.6g},{:.6g}\n", company.ladder.ultimates[each.origin], company.ladder.errors[each.origin]);
    }
  }
  return text;
}

class UseReserve : public UseAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("MODEL", model_, AnyText("MODEL"), "a model that \"eddy train reserve\" wrote").Required();
    table
        .Add("TRIANGLES.csv", file_, AnyText("TRIANGLES.csv"),
             "triangles with the columns of those it was trained on; new companies may be among them")
        .Required();
    eddy::Declare(output_, table, "OUT.csv", "print one JSON object instead");
    table.Add("origins", origins_, AnyText("ORIGINS.csv"), "write the ultimate losses of each origin");
    DeclareValuation(valuation_, table);
  }
  std::string notes() const override {
    return R"(Columns of the CSV: line, company, paid (until the valuation), ultimate (paid at the last development: the mean), reserve
(ultimate - paid), deviation (standard, of both), quantiles of the reserve, and the ultimate by the chain ladder with Mack's
standard error. A last row for each line is of its companies together.
Examples:
  eddy reserve claims.eddy triangles.csv
  eddy reserve claims.eddy triangles.csv -o reserves.csv --origins origins.csv)";
  }
  std::vector<std::string> reads() const override { return {model_, file_}; }
  std::vector<std::string> writes() const override { return {output_.path, origins_}; }
  std::string model() const override { return model_; }

  void Run(UseContext& context) override {
    TrainedReserve reserve = LoadReserve(LoadModel(model_, kReserveTask), context.threads);
    const ReserveErrors& errors = reserve.design().errors;
    const TriangleSet set = ReadTrianglesOf(reserve.design(), file_, valuation_);
    const std::vector<CompanyReserve> reserves = ReservesOf(reserve, set, context.threads);
    const std::vector<ReserveForecast> forecasts = PublicForecasts(reserves, set, errors);
    const std::map<std::string, LineTotal> totals = TotalsOf(reserves, set, errors);
    if (!origins_.empty()) {
      AtomicFile file(origins_);
      file.Write(OriginsCsv(reserves, set, errors));
      file.Commit();
    }
    if (output_.json) {
      return context.write_json({{"data", file_},
                                 {"valuation", set.first + static_cast<int64_t>(set.calendar)},
                                 {"companies", CompaniesJson(forecasts)},
                                 {"lines", LinesJson(totals)}});
    }
    WriteText(Csv(forecasts, totals), output_, context);
  }

 private:
  std::string model_, file_, origins_;
  std::optional<int64_t> valuation_;
  UseOutput output_;
};

}  // namespace

std::unique_ptr<UseAction> MakeReserveUse() { return std::make_unique<UseReserve>(); }

}  // namespace eddy
