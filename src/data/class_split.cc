#include "data/class_split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <unordered_map>

#include "base/counted.h"
#include "base/nearest.h"
#include "data/csv.h"
#include "data/excerpt.h"
#include "eddy/error.h"
#include "eddy/random.h"

namespace eddy {
namespace {

void SortByValueOrSpelling(std::vector<std::string>& labels) {
  const bool numbers =
      std::all_of(labels.begin(), labels.end(), [](const std::string& label) { return ParseNumber(label); });
  if (!numbers) return std::sort(labels.begin(), labels.end());
  std::sort(labels.begin(), labels.end(), [](const std::string& a, const std::string& b) {
    const double x = *ParseNumber(a), y = *ParseNumber(b);
    return x != y ? x < y : a < b;
  });
}

}  // namespace

std::vector<std::string> ClassesOf(const ExampleSet& set) {
  std::set<std::string> found;
  for (size_t i = 0; i < set.size(); ++i) found.insert(set[i].label());
  std::vector<std::string> classes(found.begin(), found.end());
  if (classes.size() < 2) Fail("classes", set.source, "of at least two classes", "of " + Excerpt(classes[0]) + " alone");
  const size_t most = std::min(kMostClasses, set.size() / 2);
  if (classes.size() > std::max<size_t>(most, 2)) {
    Fail("classes", set.source,
         fmt::format("of at most {} for its {}", Counted(most, "class"), Counted(set.size(), "example")),
         fmt::format("of {} (is this the column of the labels?)", classes.size()));
  }
  SortByValueOrSpelling(classes);
  return classes;
}

std::vector<int32_t> TargetsOf(const ExampleSet& set, const std::vector<std::string>& classes) {
  std::unordered_map<std::string_view, int32_t> ids;
  for (const std::string& name : classes) ids.emplace(name, static_cast<int32_t>(ids.size()));
  std::vector<int32_t> targets;
  for (size_t i = 0; i < set.size(); ++i) {
    const std::string label = set[i].label();
    const auto found = ids.find(label);
    if (found == ids.end()) {
      const std::string nearest = Nearest(label, std::vector<std::string_view>(classes.begin(), classes.end()));
      Fail("classes", set[i].place(), fmt::format("labelled as one of the {} classes learned", classes.size()),
           Excerpt(label) + (nearest.empty() ? "" : fmt::format(" (did you mean {}?)", Excerpt(nearest))));
    }
    targets.push_back(found->second);
  }
  return targets;
}

std::vector<uint8_t> DrawHeldOut(size_t count, double share) {
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  Random random(kSplitKey);
  random.Shuffle(order);
  const auto wanted = static_cast<size_t>(std::lround(share * static_cast<double>(count)));
  std::vector<uint8_t> held_out(count);
  for (size_t i = 0; i < std::clamp<size_t>(wanted, 1, count - 1); ++i) held_out[order[i]] = 1;
  return held_out;
}

ClassSplit SplitByClass(const std::vector<int32_t>& targets, size_t classes, double share) {
  if (!(share > 0 && share < 1)) Fail("classes", "the held-out share", "between 0 and 1", fmt::format("{}", share));
  std::vector<std::vector<size_t>> members(classes);
  for (size_t i = 0; i < targets.size(); ++i) members[static_cast<size_t>(targets[i])].push_back(i);
  Random random(kSplitKey);
  ClassSplit split;
  for (std::vector<size_t>& places : members) {
    const size_t n = places.size();
    for (size_t i = n; i > 1; --i) std::swap(places[i - 1], places[random.Below(i)]);
    const auto wanted = static_cast<size_t>(std::lround(share * static_cast<double>(n)));
    const size_t out = n == 0 ? 0 : std::min(wanted, n - 1);
    split.held_out.insert(split.held_out.end(), places.begin(), places.begin() + static_cast<ptrdiff_t>(out));
    split.train.insert(split.train.end(), places.begin() + static_cast<ptrdiff_t>(out), places.end());
  }
  Require(!split.held_out.empty(), "classes", "the held-out share", "an example of some class at least", "less");
  std::sort(split.train.begin(), split.train.end());
  std::sort(split.held_out.begin(), split.held_out.end());
  return split;
}

}  // namespace eddy
