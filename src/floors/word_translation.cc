#include "floors/word_translation.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "data/pair_columns.h"

namespace eddy {
namespace {

constexpr int kWordRounds = 5;
constexpr size_t kMostPairs = 10'000'000;
constexpr int32_t kNothing = 0;  // the source word that every example has
constexpr size_t kParts = 16;    // of the target words, of which threads and processes take some each

size_t PartOf(int32_t target) { return static_cast<size_t>(target) % kParts; }

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

// A set of pairs of numbers, rising, which takes room for twice as many as it has at most.
class NumberPairs {
 public:
  void Add(int32_t first, int32_t second) {
    if (pairs_.size() == room_) {
      Sort();
      room_ = std::max(room_, 2 * pairs_.size());
      pairs_.reserve(room_);
    }
    pairs_.push_back(static_cast<uint64_t>(first) << 32 | static_cast<uint64_t>(second));
  }

  std::vector<uint64_t> Take() {
    Sort();
    return std::move(pairs_);
  }

 private:
  void Sort() {
    std::sort(pairs_.begin(), pairs_.end());
    pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
  }

  std::vector<uint64_t> pairs_;
  size_t room_ = size_t{1} << 16;
};

// t(target | source) for the targets that stand in an example with the source, by number.
class Shares {
 public:
  // `pairs` of a source and a target, rising.
  Shares(const std::vector<uint64_t>& pairs, size_t sources)
      : begins_(sources + 1), shares_(pairs.size(), 1), counts_(pairs.size()) {
    for (const uint64_t pair : pairs) {
      ++begins_[(pair >> 32) + 1];
      targets_.push_back(static_cast<int32_t>(pair));
    }
    for (size_t s = 0; s < sources; ++s) begins_[s + 1] += begins_[s];
  }

  double share(int32_t source, int32_t target) const { return shares_[Find(source, target)]; }
  // A target of which the shares of all sources sum to `sum`.
  void Count(int32_t source, int32_t target, double sum) {
    const size_t at = Find(source, target);
    counts_[at] += shares_[at] / sum;
  }

  // Each process has counted the targets of its parts; what it has, all get.
  void JoinCounts(ProcessGroup& group) {
    if (group.size() == 1) return;
    const auto processes = static_cast<size_t>(group.size());
    std::vector<std::vector<size_t>> places(processes);  // in the order of ranks, as they are joined
    for (size_t i = 0; i < counts_.size(); ++i) places[OwnerOf(PartOf(targets_[i]), processes)].push_back(i);
    std::vector<double> own;
    for (const size_t place : places[static_cast<size_t>(group.rank())]) own.push_back(counts_[place]);
    const std::vector<double> all = Joined(group, std::move(own));
    auto next = all.begin();
    for (const std::vector<size_t>& of_process : places) {
      for (const size_t place : of_process) counts_[place] = *next++;
    }
  }

  void TakeCounts() {
    for (size_t s = 0; s + 1 < begins_.size(); ++s) {
      double sum = 0;
      for (size_t i = begins_[s]; i < begins_[s + 1]; ++i) sum += counts_[i];
      for (size_t i = begins_[s]; i < begins_[s + 1]; ++i) shares_[i] = std::exchange(counts_[i], 0) / sum;
    }
  }

  std::optional<int32_t> Likeliest(size_t source) const {
    const auto begin = shares_.begin() + static_cast<ptrdiff_t>(begins_[source]);
    const auto end = shares_.begin() + static_cast<ptrdiff_t>(begins_[source + 1]);
    if (begin == end) return std::nullopt;
    return targets_[static_cast<size_t>(std::max_element(begin, end) - shares_.begin())];
  }

 private:
  static size_t OwnerOf(size_t part, size_t processes) {
    size_t rank = 0;
    while (part >= Shard{rank, processes}.end(kParts)) ++rank;
    return rank;
  }

  size_t Find(int32_t source, int32_t target) const {
    const auto s = static_cast<size_t>(source);
    const auto begin = targets_.begin() + static_cast<ptrdiff_t>(begins_[s]);
    const auto end = targets_.begin() + static_cast<ptrdiff_t>(begins_[s + 1]);
    return static_cast<size_t>(std::lower_bound(begin, end, target) - targets_.begin());
  }

  std::vector<size_t> begins_;    // of each source in those below, and the end
  std::vector<int32_t> targets_;  // rising
  std::vector<double> shares_, counts_;
};

}  // namespace

WordTranslation::WordTranslation(size_t count, const std::function<Example(size_t)>& example, Threads& threads,
                                 ProcessGroup& group) {
  Numbers sources, targets;
  sources.Of("");
  PairColumns<int32_t> examples;
  NumberPairs met;
  for (size_t i = 0, total = 0; i < count && total < kMostPairs; ++i) {
    const Example each = example(i);
    std::vector<int32_t> source = NumbersOf(each.source, sources);
    source.push_back(kNothing);
    const std::vector<int32_t> target = NumbersOf(each.target, targets);
    total += source.size() * target.size();
    for (const int32_t s : source) {
      for (const int32_t t : target) met.Add(s, t);
    }
    examples.Add({source, target});
  }
  Shares shares(met.Take(), sources.words().size());
  const auto count_part = [&](size_t part) {
    for (size_t i = 0; i < examples.size(); ++i) {
      const auto [source, target] = examples[i];
      for (const int32_t t : target) {
        if (PartOf(t) != part) continue;
        double sum = 0;
        for (const int32_t s : source) sum += shares.share(s, t);
        for (const int32_t s : source) shares.Count(s, t, sum);
      }
    }
  };
  const size_t first = OwnShare(group).begin(kParts);
  for (int round = 0; round < kWordRounds; ++round) {
    threads.For(OwnShare(group).end(kParts) - first, 1, [&](size_t begin, size_t end) {
      for (size_t part = begin; part < end; ++part) {
        threads.ThrowIfStopped();
        count_part(first + part);
      }
    });
    shares.JoinCounts(group);
    shares.TakeCounts();
  }
  for (size_t s = 1; s < sources.words().size(); ++s) {
    if (const auto best = shares.Likeliest(s)) {
      likeliest_[sources.words()[s]] = targets.words()[static_cast<size_t>(*best)];
    }
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
