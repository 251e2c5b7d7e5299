#include "floors/ngrams.h"

#include <algorithm>

#include "eddy/error.h"

namespace eddy {
namespace {

// Calls visit(name, place, is_pair) for every word and pair.
template <class Visit>
void ForEach(const std::vector<std::string>& sentence, const Visit& visit) {
  for (size_t i = 0; i < sentence.size(); ++i) {
    visit(sentence[i], i, false);
    if (i > 0) visit(sentence[i - 1] + '\n' + sentence[i], i - 1, true);
  }
}

std::vector<PlacedNgram> EachOnce(std::vector<PlacedNgram> all) {
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  const auto same = [](const auto& a, const auto& b) { return a.number == b.number; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

}  // namespace

Ngrams::Ngrams(const std::vector<std::string>& names) : names_(names) {
  for (const std::string& name : names) {
    const bool is_new = numbers_.emplace(name, static_cast<uint32_t>(numbers_.size())).second;
    Require(is_new, "n-grams", "their names", "different from each other", "not");
  }
}

std::vector<PlacedNgram> Ngrams::Of(const std::vector<std::string>& sentence) const {
  std::vector<PlacedNgram> found;
  ForEach(sentence, [&](const std::string& name, size_t place, bool is_pair) {
    const auto at = numbers_.find(name);
    if (at != numbers_.end()) found.push_back({at->second, static_cast<uint32_t>(place), is_pair});
  });
  return EachOnce(std::move(found));
}

std::vector<PlacedNgram> Ngrams::Learn(const std::vector<std::string>& sentence) {
  ForEach(sentence, [&](const std::string& name, size_t, bool) {
    if (numbers_.emplace(name, static_cast<uint32_t>(names_.size())).second) names_.push_back(name);
  });
  return Of(sentence);
}

}  // namespace eddy
