#include "data/numbered_columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "data/csv.h"
#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kMostNumberDigits = 9;

struct Numbered {
  std::string_view name;
  long number = -1;  // below 0 for a name without one
};

Numbered SplitNumber(std::string_view name) {
  size_t digits = 0;
  while (digits < name.size() && name[name.size() - 1 - digits] >= '0' && name[name.size() - 1 - digits] <= '9') ++digits;
  if (digits == 0 || digits > kMostNumberDigits) return {name};
  std::string_view stem = name.substr(0, name.size() - digits);
  if (!stem.empty() && std::string_view(" _-.:").find(stem.back()) != std::string_view::npos) stem.remove_suffix(1);
  if (stem.empty()) return {name};
  return {stem, std::stol(std::string(name.substr(name.size() - digits)))};
}

}  // namespace

std::vector<NumberedColumns> FindNumbered(const std::vector<std::string>& names) {
  std::map<std::string_view, std::vector<std::pair<long, std::string>>> found;
  std::vector<std::string_view> order;
  for (const std::string& name : names) {
    const Numbered split = SplitNumber(name);
    if (split.number < 0) continue;
    if (!found.contains(split.name)) order.push_back(split.name);
    found[split.name].emplace_back(split.number, name);
  }
  std::vector<NumberedColumns> all;
  for (const std::string_view name : order) {
    auto& columns = found[name];
    std::stable_sort(columns.begin(), columns.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto twice =
        std::adjacent_find(columns.begin(), columns.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
    if (columns.size() < 2 || twice != columns.end()) continue;
    NumberedColumns& numbered = all.emplace_back();
    numbered.name = name;
    for (const auto& [number, column] : columns) numbered.columns.push_back(column);
  }
  return all;
}

std::optional<std::vector<std::vector<std::string>>> StepsInColumns(const std::vector<std::string>& wanted,
                                                                    const std::vector<std::string>& names, bool newest_first,
                                                                    std::string_view source) {
  const std::vector<NumberedColumns> numbered = FindNumbered(names);
  std::vector<std::vector<std::string>> steps;
  size_t first = wanted.size();  // of those that are numbered
  for (size_t i = 0; i < wanted.size(); ++i) {
    std::vector<std::string>& columns = steps.emplace_back(1, wanted[i]);
    if (std::find(names.begin(), names.end(), wanted[i]) != names.end()) continue;
    const auto found =
        std::find_if(numbered.begin(), numbered.end(), [&](const NumberedColumns& each) { return each.name == wanted[i]; });
    if (found == numbered.end()) {
      FindColumn(names, wanted[i], source);  // throws
      continue;
    }
    columns = found->columns;
    if (newest_first) std::reverse(columns.begin(), columns.end());
    if (first == wanted.size()) first = i;
    if (columns.size() != steps[first].size()) {
      Fail("read", std::string(source), "with as many columns of " + wanted[i] + " as of " + wanted[first],
           fmt::format("with {} and {}", columns.size(), steps[first].size()));
    }
  }
  if (first == wanted.size()) return std::nullopt;
  return steps;
}

std::string DescribeSteps(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& steps) {
  std::vector<std::string> series, same;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].size() == 1) same.push_back(columns[i]);
    if (steps[i].size() > 1) series.push_back(fmt::format("{} is {} to {}", columns[i], steps[i].front(), steps[i].back()));
  }
  std::string text = fmt::format("{}", fmt::join(series, ", "));
  if (!same.empty())
    text += fmt::format("; {} {} the same at every step", fmt::join(same, ", "), same.size() == 1 ? "is" : "are");
  return text;
}

}  // namespace eddy
