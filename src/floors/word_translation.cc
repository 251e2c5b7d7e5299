#include "floors/word_translation.h"

#include <algorithm>

namespace eddy {
namespace {

constexpr int kWordRounds = 5;
constexpr size_t kMostPairs = 10'000'000;
constexpr int32_t kNothing = 0;  // the source word that every example has

// Words by number, in the order in which they are met.
class Numbers {
 public:
  int32_t Of(const std::string& word) {
    const auto [found, fresh] = numbers_.emplace(word, static_cast<int32_t>(words_.size()));
    if (fresh) words_.push_back(word);
    return found->second;
  }
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::unordered_map<std::string, int32_t> numbers_;
  std::vector<std::string> words_;
};

std::vector<int32_t> NumbersOf(const std::vector<std::string>& words, Numbers& numbers) {
  std::vector<int32_t> ids;
  for (const std::string& word : words) ids.push_back(numbers.Of(word));
  return ids;
}

// t(target | source) for the targets that stand in an example with the source, by number.
struct Entry {
  int32_t target;
  double share, count;
};
using Table = std::vector<std::vector<Entry>>;

Entry& Find(Table& table, int32_t source, int32_t target) {
  std::vector<Entry>& entries = table[static_cast<size_t>(source)];
  const auto before = [](const Entry& entry, int32_t wanted) { return entry.target < wanted; };
  return *std::lower_bound(entries.begin(), entries.end(), target, before);
}

}  // namespace

WordTranslation::WordTranslation(const std::vector<Example>& examples) {
  Numbers sources, targets;
  sources.Of("");
  std::vector<std::pair<std::vector<int32_t>, std::vector<int32_t>>> pairs;
  for (size_t i = 0, total = 0; i < examples.size() && total < kMostPairs; ++i) {
    pairs.emplace_back(NumbersOf(examples[i].source, sources), NumbersOf(examples[i].target, targets));
    pairs.back().first.push_back(kNothing);
    total += pairs.back().first.size() * pairs.back().second.size();
  }
  Table table(sources.words().size());
  for (const auto& [source, target] : pairs) {
    for (const int32_t s : source) {
      for (const int32_t t : target) table[static_cast<size_t>(s)].push_back({t, 1, 0});
    }
  }
  for (std::vector<Entry>& entries : table) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.target < b.target; });
    const auto same = [](const Entry& a, const Entry& b) { return a.target == b.target; };
    entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
    entries.shrink_to_fit();
  }
  for (int round = 0; round < kWordRounds; ++round) {
    for (const auto& [source, target] : pairs) {
      for (const int32_t t : target) {
        double sum = 0;
        for (const int32_t s : source) sum += Find(table, s, t).share;
        for (const int32_t s : source) {
          Entry& entry = Find(table, s, t);
          entry.count += entry.share / sum;
        }
      }
    }
    for (std::vector<Entry>& entries : table) {
      double sum = 0;
      for (const Entry& entry : entries) sum += entry.count;
      for (Entry& entry : entries) entry = {entry.target, entry.count / sum, 0};
    }
  }
  for (size_t s = 1; s < table.size(); ++s) {
    const auto lower = [](const Entry& a, const Entry& b) { return a.share < b.share; };
    const auto best = std::max_element(table[s].begin(), table[s].end(), lower);
    if (best != table[s].end()) likeliest_[sources.words()[s]] = targets.words()[static_cast<size_t>(best->target)];
  }
}

std::vector<std::string> WordTranslation::Translate(const std::vector<std::string>& source) const {
  std::vector<std::string> words;
  for (const std::string& word : source) {
    const auto found = likeliest_.find(word);
    words.push_back(found == likeliest_.end() ? word : found->second);
  }
  return words;
}

}  // namespace eddy
