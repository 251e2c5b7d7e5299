#include "tasks/reserve/triangles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "data/csv.h"
#include "data/digest.h"
#include "eddy/error.h"
#include "train/checkpoint.h"

namespace eddy {
namespace {

constexpr double kMostPeriod = 1e6;

struct Cell {
  double paid = 0, incurred = 0, premium = 0;
  size_t line = 0;  // of the file
};
using Cells = std::map<std::pair<int64_t, int64_t>, Cell>;  // by origin and development

class Reader {
 public:
  Reader(const CsvTable& table, const TriangleColumns& columns)
      : table_(table),
        origin_(table.Find(columns.origin)),
        development_(table.Find(columns.development)),
        paid_(table.Find(columns.paid)),
        premium_(table.Find(columns.premium)),
        company_(table.Find(columns.company)) {
    if (!columns.incurred.empty()) incurred_ = table.Find(columns.incurred);
    if (!columns.line.empty()) line_ = table.Find(columns.line);
  }

  std::map<std::pair<std::string, std::string>, Cells> Read() const {
    std::map<std::pair<std::string, std::string>, Cells> triangles;
    for (size_t row = 0; row < table_.rows(); ++row) {
      const int64_t origin = Whole(row, origin_, -kMostPeriod), development = Whole(row, development_, 1);
      const double paid = table_.Number(row, paid_), premium = table_.Number(row, premium_);
      if (std::isnan(paid)) continue;  // not known
      if (!(premium > 0)) Refuse(row, premium_, "above 0", table_.cell(row, premium_));
      const double incurred = incurred_ ? table_.Number(row, *incurred_) : 0;
      if (std::isnan(incurred)) Refuse(row, *incurred_, "a number", table_.cell(row, *incurred_));
      const std::string line = line_ ? std::string(table_.cell(row, *line_)) : std::string();
      Cells& cells = triangles[{line, std::string(table_.cell(row, company_))}];
      const auto [at, fresh] = cells.try_emplace({origin, development}, Cell{paid, incurred, premium, table_.line(row)});
      if (!fresh) {
        Refuse(row, development_,
               fmt::format("one row for each origin and development (another is in line {})", at->second.line),
               table_.cell(row, development_));
      }
    }
    return triangles;
  }

  [[noreturn]] void Refuse(size_t row, size_t column, const std::string& expected, std::string_view given) const {
    Fail("read", fmt::format("{} line {}, column \"{}\"", table_.source(), table_.line(row), table_.names()[column]),
         expected, Quoted(given));
  }

 private:
  int64_t Whole(size_t row, size_t column, double least) const {
    const double number = table_.Number(row, column);
    if (!(number >= least && number <= kMostPeriod && number == std::floor(number))) {
      Refuse(row, column, least > 0 ? "a whole number, at least 1" : "a whole number, such as a year",
             table_.cell(row, column));
    }
    return static_cast<int64_t>(number);
  }

  const CsvTable& table_;
  const size_t origin_, development_, paid_, premium_, company_;
  std::optional<size_t> incurred_, line_;
};

std::string QuotedNameOf(const Triangle& triangle) {
  return triangle.line.empty() ? fmt::format("company \"{}\"", triangle.company)
                               : fmt::format("company \"{}\" of \"{}\"", triangle.company, triangle.line);
}

// Puts the cells of an origin into the triangle: known ones without a gap, later ones as they are.
void AddCells(const Cells& cells, const TriangleSet& set, const std::string& source, Triangle& triangle) {
  for (const auto& each : cells) {
    const std::pair<int64_t, int64_t>& place = each.first;
    const Cell& cell = each.second;
    const auto origin = static_cast<size_t>(place.first - set.first), development = static_cast<size_t>(place.second - 1);
    if (place.first - set.first > static_cast<int64_t>(set.calendar)) continue;
    const auto refuse = [&](const std::string& what, const std::string& expected, const std::string& given) {
      Fail("read",
           fmt::format("{} line {}: {}, origin {}, {}", source, cell.line, QuotedNameOf(triangle), place.first, what),
           expected, given);
    };
    double& premium = triangle.premiums[origin];
    if (development + origin > set.calendar) {
      if (development < set.developments) triangle.later_paid[origin][development] = cell.paid;
      continue;
    }
    if (premium != 0 && premium != cell.premium) {
      refuse("the premium", fmt::format("one for all developments, {}", premium), fmt::format("{}", cell.premium));
    }
    premium = cell.premium;
    std::vector<double>& paid = triangle.paid[origin];
    if (paid.size() != development) {
      refuse("a development", fmt::format("{} next", paid.size() + 1), fmt::format("{}", development + 1));
    }
    paid.push_back(cell.paid);
    if (!set.columns.incurred.empty()) triangle.incurred[origin].push_back(cell.incurred);
  }
}

CumulativeTriangle CutAt(const Triangle& triangle, const std::vector<std::vector<double>>& rows, size_t calendar,
                         size_t developments) {
  CumulativeTriangle cut{developments, {}};
  for (size_t i = 0; i < rows.size(); ++i) {
    cut.rows.emplace_back(rows[i].begin(), rows[i].begin() + static_cast<ptrdiff_t>(triangle.known(i, calendar)));
  }
  return cut;
}

}  // namespace

CumulativeTriangle Triangle::PaidAt(size_t calendar, size_t developments) const {
  return CutAt(*this, paid, calendar, developments);
}

CumulativeTriangle Triangle::IncurredAt(size_t calendar, size_t developments) const {
  return CutAt(*this, incurred, calendar, developments);
}

double Triangle::Paid() const {
  double sum = 0;
  for (const std::vector<double>& row : paid) sum += row.empty() ? 0 : row.back();
  return sum;
}

std::optional<double> Triangle::ActualUltimate() const {
  double sum = 0;
  for (size_t i = 0; i < paid.size(); ++i) {
    if (paid[i].empty()) continue;
    const double value = paid[i].size() == later_paid[i].size() ? paid[i].back() : later_paid[i].back();
    if (std::isnan(value)) return std::nullopt;
    sum += value;
  }
  return sum;
}

TriangleSet ReadTriangles(std::string_view text, const std::string& source, const TriangleColumns& columns,
                          std::optional<int64_t> valuation, std::optional<size_t> developments) {
  const CsvTable table = ParseCsv(text, source);
  const auto cells = Reader(table, columns).Read();
  if (cells.empty()) Fail("read", source, "payments", "none");
  TriangleSet set;
  set.columns = columns;
  int64_t last = cells.begin()->second.begin()->first.first;
  set.first = last;
  for (const auto& [name, each] : cells) {
    set.first = std::min(set.first, each.begin()->first.first);
    last = std::max(last, each.rbegin()->first.first);
  }
  const int64_t at = valuation.value_or(last);
  if (at < set.first) {
    Fail("read", source, fmt::format("payments until the valuation, {}", at), fmt::format("none before {}", set.first));
  }
  if (at - set.first >= static_cast<int64_t>(kMostOrigins)) {
    Fail("read", source, fmt::format("origins within {} periods of the valuation, {}", kMostOrigins, at),
         fmt::format("{}", set.first));
  }
  set.calendar = static_cast<size_t>(at - set.first);
  for (const auto& [name, each] : cells) {
    for (const auto& [place, cell] : each) {
      if (place.first + place.second - 1 <= at) {
        set.developments = std::max(set.developments, static_cast<size_t>(place.second));
      }
    }
  }
  if (developments && set.developments > *developments) {
    Fail("read", source, fmt::format("at most the {} developments that the model knows", *developments),
         fmt::format("{}", set.developments));
  }
  set.developments = developments.value_or(set.developments);
  for (const auto& [name, each] : cells) {
    Triangle& triangle = set.triangles.emplace_back();
    triangle.line = name.first;
    triangle.company = name.second;
    triangle.premiums.assign(set.origins(), 0);
    triangle.paid.resize(set.origins());
    if (!columns.incurred.empty()) triangle.incurred.resize(set.origins());
    triangle.later_paid.assign(set.origins(), std::vector<double>(set.developments, std::nan("")));
    AddCells(each, set, source, triangle);
    if (std::all_of(triangle.paid.begin(), triangle.paid.end(), [](const auto& row) { return row.empty(); })) {
      set.triangles.pop_back();  // it began after the valuation
    }
  }
  return set;
}

Json FingerprintOf(const TriangleSet& set) {
  std::string text = fmt::format("{} {} {}\n", set.first, set.calendar, set.developments);
  size_t cells = 0;
  for (const Triangle& triangle : set.triangles) {
    text += fmt::format("{}\n{}\n", triangle.line, triangle.company);
    for (size_t i = 0; i < triangle.paid.size(); ++i) {
      cells += triangle.paid[i].size();
      text += fmt::format("{}", triangle.premiums[i]);
      for (const double value : triangle.paid[i]) text += fmt::format(" {}", value);
      if (!triangle.incurred.empty()) {
        for (const double value : triangle.incurred[i]) text += fmt::format(" {}", value);
      }
      text += '\n';
    }
  }
  return {{"cells", cells}, {"hash", DigestOf(text)}};
}

Json ToJson(const TriangleColumns& columns) {
  return {{"company", columns.company}, {"origin", columns.origin},   {"development", columns.development},
          {"paid", columns.paid},       {"premium", columns.premium}, {"incurred", columns.incurred},
          {"line", columns.line}};
}

TriangleColumns TriangleColumnsFromJson(const Json& json) {
  return {StringField(json, "company"), StringField(json, "origin"),  StringField(json, "development"),
          StringField(json, "paid"),    StringField(json, "premium"), StringField(json, "incurred"),
          StringField(json, "line")};
}

}  // namespace eddy
