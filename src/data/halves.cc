#include "data/halves.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "eddy/random.h"

namespace eddy {
namespace {

constexpr uint64_t kHalvesKey = 2;

std::vector<size_t> Places(size_t count) {
  std::vector<size_t> places(count);
  std::iota(places.begin(), places.end(), size_t{0});
  return places;
}

}  // namespace

Halves HalvesOf(size_t count) {
  if (count < kFewestToHalve) return AllOf(count);
  std::vector<size_t> order = Places(count);
  Random random(kHalvesKey);
  random.Shuffle(order);
  const auto middle = order.begin() + static_cast<ptrdiff_t>(count / 2);
  Halves halves{{order.begin(), middle}, {middle, order.end()}};
  std::sort(halves.choosing.begin(), halves.choosing.end());
  std::sort(halves.judging.begin(), halves.judging.end());
  return halves;
}

Halves AllOf(size_t count) { return {Places(count), Places(count)}; }

Halves AllJudge(size_t count) { return {{}, Places(count)}; }

Halves CrossedParts(size_t count) {
  Halves parts;
  for (size_t i = 0; i < count; ++i) (i % 2 == 0 ? parts.choosing : parts.judging).push_back(i);
  return parts;
}

size_t CountSeen(const std::vector<std::string>& train, const std::vector<std::string>& judged) {
  return CountSeen(std::vector<std::string_view>(train.begin(), train.end()),
                   std::vector<std::string_view>(judged.begin(), judged.end()));
}

size_t CountSeen(const std::vector<std::string_view>& train, const std::vector<std::string_view>& judged) {
  std::unordered_map<std::string_view, size_t> unseen;  // how often each stands among the judged: those are fewer
  for (const std::string_view each : judged) ++unseen[each];
  size_t seen = 0;
  for (const std::string_view each : train) {
    const auto at = unseen.find(each);
    if (at != unseen.end()) seen += std::exchange(at->second, 0);
  }
  return seen;
}

std::string SeenWarning(size_t seen, size_t all, const std::string& held_out) {
  if (seen == 0) return "";
  return fmt::format("Warning: {} of the {} {} {} in the training data as well: by heart is not learned.", seen, all,
                     held_out, seen == 1 ? "stands" : "stand");
}

}  // namespace eddy
