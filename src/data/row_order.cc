#include "data/row_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "base/ascii.h"
#include "data/date_layout.h"
#include "data/excerpt.h"
#include "data/sentence.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kLeastSteps = 4;        // of a series at least, for equal steps to be no accident
constexpr double kStepTolerance = 1e-6;  // of a step, where steps count as equal

bool IsCalledTime(std::string_view name) {
  constexpr std::array<std::string_view, 16> kNames = {"t",    "time",   "timestamp", "timestep", "time_step", "datetime",
                                                       "date", "ds",     "step",      "tick",     "frame",     "index",
                                                       "seq",  "second", "hour",      "day"};
  const std::string lower = Lower(name);
  return std::find(kNames.begin(), kNames.end(), lower) != kNames.end();
}

struct Order {
  bool distinct = true, even = true;
  size_t longest = 0;  // rows of a series
  size_t falls = 0;    // the first row whose key is below the one before it in its series; 0 for none
};

void Judge(std::vector<double>& keys, Order& order) {
  std::sort(keys.begin(), keys.end());
  order.longest = std::max(order.longest, keys.size());
  for (size_t i = 1; i < keys.size(); ++i) {
    const double step = keys[i] - keys[i - 1], first = keys[1] - keys[0];
    if (step == 0) order.distinct = false;
    if (std::abs(step - first) > kStepTolerance * std::abs(first)) order.even = false;
  }
}

// Nothing where some cell is no key.
std::optional<Order> OrderBy(const CsvTable& table, size_t series, size_t column) {
  std::unordered_map<std::string_view, std::vector<double>> keys;
  Order order;
  for (size_t row = 0; row < table.rows(); ++row) {
    const std::optional<double> key = TimeKey(table.cell(row, column));
    if (!key) return std::nullopt;
    std::vector<double>& own = keys[table.cell(row, series)];
    if (order.falls == 0 && !own.empty() && *key < own.back()) order.falls = row;
    own.push_back(*key);
  }
  if (order.falls == 0) return order;
  for (auto& [name, own] : keys) Judge(own, order);
  return order;
}

}  // namespace

std::optional<double> TimeKey(std::string_view cell) {
  if (const std::optional<double> number = ParseNumber(cell)) return number;
  const std::vector<DateLayout> layouts = DateLayout::Of(cell);
  if (layouts.empty()) return std::nullopt;
  const std::optional<Stamp> stamp = layouts.front().Parse(cell);
  return stamp ? std::optional(stamp->time) : std::nullopt;
}

void RequireOrder(const CsvTable& table, size_t series, const std::vector<size_t>& used) {
  for (size_t column = 0; column < table.columns(); ++column) {
    if (column == series || std::find(used.begin(), used.end(), column) != used.end()) continue;
    const std::optional<Order> order = OrderBy(table, series, column);
    if (!order || order->falls == 0 || !order->distinct) continue;
    const std::string& name = table.names()[column];
    if (!IsCalledTime(name) && (!order->even || order->longest < kLeastSteps)) continue;
    Fail("read", fmt::format("{} line {}", table.source(), table.line(order->falls)),
         fmt::format("behind the rows of its series that come before it by column {}", Excerpt(name)),
         fmt::format("before one of them: rows are taken as they lie (if {} is their time, name it as the column of time; "
                     "they are then put in its order)",
                     Excerpt(name)));
  }
}

}  // namespace eddy
