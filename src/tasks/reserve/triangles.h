// Triangles of payments: a company's in a line of business, by origin and development. Shapes: O origins, N developments.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "floors/chain_ladder.h"
#include "model/json.h"

namespace eddy {

struct TriangleColumns {
  std::string company, origin, development, paid, premium;
  std::string incurred, line;  // may be empty
};

// Calendar c is when origin i is at development c - i, both counted from 0.
struct Triangle {
  std::string line, company;
  std::vector<double> premiums;                 // [O]; 0 for an origin that the table does not have
  std::vector<std::vector<double>> paid;        // [O][known developments]: cumulative, as of the valuation
  std::vector<std::vector<double>> incurred;    // the same; empty without the column
  std::vector<std::vector<double>> later_paid;  // [O][N]: of later developments, NaN where not known

  size_t known(size_t origin, size_t calendar) const {  // developments
    return calendar < origin ? 0 : std::min(paid[origin].size(), calendar - origin + 1);
  }
  CumulativeTriangle PaidAt(size_t calendar, size_t developments) const;
  CumulativeTriangle IncurredAt(size_t calendar, size_t developments) const;
  double Paid() const;  // as of the valuation
  // At the last development, of all origins; none where the table does not show it for each.
  std::optional<double> ActualUltimate() const;
};

struct TriangleSet {
  TriangleColumns columns;
  int64_t first = 0;                // the origin counted as 0
  size_t calendar = 0;              // of the valuation
  size_t developments = 0;          // N: those known of any origin at the valuation
  std::vector<Triangle> triangles;  // by line and company

  size_t origins() const { return calendar + 1; }  // O: those that have begun at the valuation
};

inline constexpr size_t kMostOrigins = 400;

// `valuation` in units of the origins; the last origin of the table where there is none. `developments`: N, where a model
// gives it; throws Error where more are known. Throws Error that names the line for what is no whole number in range, a cell
// given twice, a premium that is not above 0 or differs within an origin, and a development that is missing between others.
TriangleSet ReadTriangles(std::string_view text, const std::string& source, const TriangleColumns& columns,
                          std::optional<int64_t> valuation, std::optional<size_t> developments = {});

// What was known at the valuation, by which runs are told apart: later rows do not change it.
Json FingerprintOf(const TriangleSet& set);

Json ToJson(const TriangleColumns& columns);
TriangleColumns TriangleColumnsFromJson(const Json& json);  // throws Error

}  // namespace eddy
