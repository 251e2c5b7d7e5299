// ReserveDesign: what a model of reserves is apart from its weights. It is stored in the model and read back from it.
//
// A "view" is an origin as it was known at some calendar: its first d developments, and what its company's other origins
// showed then. The network reads a view and says what is paid in developments d to N - 1. Shapes: N developments, D
// features, K references (patterns.h), W numbers that a head puts out.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "eddy/encoder.h"
#include "model/json.h"
#include "tasks/reserve/triangles.h"

namespace eddy {

// How losses of a line of business develop: medians over its companies.
struct LinePattern {
  std::string line;
  std::vector<double> paid, incurred;  // [N - 1] factors; incurred is all 1 without that column
  double settled = 1;                  // payments over what is incurred at the last development
};

// How far the network's forecasts of the past were off, in deviations that it gave, where an origin had no part in training
// the network that forecast it; centred.
struct ReserveErrors {
  std::vector<std::vector<double>> companies;  // of what companies paid from some calendar on, for each such calendar
  std::vector<double> origins;                 // of what origins did
};

struct ReserveDesign {
  TriangleColumns columns;
  size_t developments = 0;  // N
  size_t members = 1;
  size_t embedding = 0;    // numbers that stand for a company, and as many for a line
  EncoderOptions encoder;  // its input is inputs()
  double dropout = 0;
  std::vector<LinePattern> patterns;                       // by line
  std::vector<std::pair<std::string, std::string>> known;  // lines and companies it was trained on
  double premium_mean = 0, premium_deviation = 1;          // of logarithms of companies' mean premiums
  ReserveErrors errors;

  size_t references() const { return columns.incurred.empty() ? 2 : 3; }
  size_t features() const;  // D
  size_t inputs() const { return features() + 2 * embedding; }
  size_t outputs() const { return references() + 3; }  // W: weights of the references, location, scale, freedom

  // Places in the tables of embeddings: 0 for one that was not trained on.
  size_t CompanyIndex(const std::string& line, const std::string& company) const;
  size_t LineIndex(const std::string& line) const;
};

inline constexpr size_t kMostReserveMembers = 64;
inline constexpr size_t kLeastReserveCalendar = 2;  // three origins, of which one shows three developments

void RequireValid(const ReserveDesign& design);  // throws Error for what is out of range

Json ToJson(const ReserveDesign& design);
ReserveDesign ReserveDesignFromJson(const Json& json);  // throws Error

}  // namespace eddy
