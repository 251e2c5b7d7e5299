#include "floors/letter_sounds.h"

#include <algorithm>

namespace eddy {
namespace {

constexpr size_t kMostSounds = 3, kMostTokens = 200;
constexpr size_t kMostWork = 8'000'000;  // letters times sounds, over all pairs
constexpr int kSoundRounds = 8;
constexpr char kEnd = '\n';                                            // of a token within a key: no token of a line has it
constexpr double kFirstShares[kMostSounds + 1] = {0.1, 1, 0.1, 0.01};  // by the number of sounds, before anything is counted
constexpr double kUnseen = 1e-9;                                       // the probability of what was never counted
// Windows, from the narrowest: tokens before and after.
constexpr std::pair<size_t, size_t> kWindows[] = {{0, 0}, {0, 1}, {1, 1}, {1, 2}, {2, 2}, {2, 3}, {3, 3}};

std::string Join(const std::vector<std::string>& tokens, size_t begin, size_t end) {
  std::string key;
  for (size_t i = begin; i < end; ++i) key.append(tokens[i]).append(1, kEnd);
  return key;
}

std::vector<std::string> Split(const std::string& sounds) {
  std::vector<std::string> tokens;
  for (size_t begin = 0, end; begin < sounds.size(); begin = end + 1) {
    end = sounds.find(kEnd, begin);
    tokens.push_back(sounds.substr(begin, end - begin));
  }
  return tokens;
}

// Beyond the ends stands an empty token.
std::string WindowKey(const std::vector<std::string>& source, size_t at, std::pair<size_t, size_t> window) {
  std::string key(1, static_cast<char>('0' + window.first + window.second));
  for (size_t i = 0; i < window.first + 1 + window.second; ++i) {
    const size_t place = at + i;  // plus window.first
    const bool inside = place >= window.first && place - window.first < source.size();
    key.append(inside ? source[place - window.first] : std::string()).append(1, kEnd);
  }
  return key;
}

bool Fits(const LetterSounds::Example& example) {
  const size_t letters = example.source.size(), sounds = example.target.size();
  return letters <= kMostTokens && sounds <= kMostTokens && sounds <= kMostSounds * letters;
}

std::vector<LetterSounds::Example> Chosen(size_t count, const std::function<LetterSounds::Example(size_t)>& example) {
  std::vector<LetterSounds::Example> chosen;
  for (size_t i = 0, work = 0; i < count && work < kMostWork; ++i) {
    LetterSounds::Example each = example(i);
    if (!Fits(each)) continue;
    work += each.source.size() * (each.target.size() + 1);
    chosen.push_back(std::move(each));
  }
  return chosen;
}

// What each letter stands for, learned from pairs of which every letter, every stretch of sounds and every letter with one
// it may stand for have numbers, so that a round of learning is sums over arrays.
class Dividing {
 public:
  explicit Dividing(const std::vector<LetterSounds::Example>& examples) {
    for (const LetterSounds::Example& each : examples) Add(each);
  }

  // One of expectation maximisation: the shares with which letters stand for sounds, from those before.
  void Round() {
    std::vector<double> counts(shares_.size()), totals(letters_.size());
    for (const Pair& pair : pairs_) Expect(pair, counts);
    for (size_t way = 0; way < counts.size(); ++way) totals[letter_of_[way]] += counts[way];
    for (size_t way = 0; way < counts.size(); ++way) {
      const double total = totals[letter_of_[way]];
      shares_[way] = std::max(total > 0 ? counts[way] / total : 0, kUnseen);
    }
  }

  // How many sounds each letter of a pair stands for, most likely.
  std::vector<size_t> Divide(size_t number) const {
    const Pair& pair = pairs_[number];
    const size_t I = pair.letters, J = pair.sounds, W = J + 1;
    std::vector<double> best((I + 1) * W);
    std::vector<size_t> from((I + 1) * W);
    best[0] = 1;
    for (size_t i = 0; i < I; ++i) {
      double most = 0;
      ForWays(pair, i, [&](size_t j, size_t k, size_t way) {
        const double p = best[i * W + j] * shares_[way];
        if (p <= best[(i + 1) * W + k]) return;
        best[(i + 1) * W + k] = p;
        from[(i + 1) * W + k] = j;
        most = std::max(most, p);
      });
      for (size_t k = 0; k < W; ++k) best[(i + 1) * W + k] /= most;
    }
    std::vector<size_t> counts(I);
    for (size_t i = I, k = J; i > 0; k -= counts[--i]) counts[i - 1] = k - from[i * W + k];
    return counts;
  }

 private:
  struct Pair {
    size_t letters, sounds;
    std::vector<uint32_t> ways;  // [letters, sounds + 1, kMostSounds + 1]: of letter i with sounds [j, j + n)
  };
  using Numbers = std::unordered_map<std::string, uint32_t>;

  static uint32_t NumberOf(Numbers& numbers, const std::string& key) {
    return numbers.try_emplace(key, static_cast<uint32_t>(numbers.size())).first->second;
  }

  void Add(const LetterSounds::Example& example) {
    Pair pair = {example.source.size(), example.target.size(), {}};
    const size_t J = pair.sounds, ways = kMostSounds + 1;
    std::vector<uint32_t> stretches((J + 1) * ways);
    for (size_t j = 0; j <= J; ++j) {
      for (size_t n = 0; n < ways && j + n <= J; ++n) {
        stretches[j * ways + n] = NumberOf(stretches_, Join(example.target, j, j + n));
      }
    }
    pair.ways.resize(pair.letters * stretches.size());
    for (size_t i = 0; i < pair.letters; ++i) {
      const uint32_t letter = NumberOf(letters_, example.source[i]);
      for (size_t j = 0; j <= J; ++j) {
        for (size_t n = 0; n < ways && j + n <= J; ++n) {
          pair.ways[i * stretches.size() + j * ways + n] = WayOf(letter, stretches[j * ways + n], n);
        }
      }
    }
    pairs_.push_back(std::move(pair));
  }

  uint32_t WayOf(uint32_t letter, uint32_t stretch, size_t count) {
    const auto [at, is_new] = ways_.try_emplace(uint64_t{letter} << 32 | stretch, static_cast<uint32_t>(shares_.size()));
    if (is_new) {
      letter_of_.push_back(letter);
      shares_.push_back(kFirstShares[count]);
    }
    return at->second;
  }

  // Calls visit(j, k, way) for letter i standing for sounds [j, k).
  void ForWays(const Pair& pair, size_t i, const auto& visit) const {
    const uint32_t* way = pair.ways.data() + i * (pair.sounds + 1) * (kMostSounds + 1);
    for (size_t j = 0; j <= pair.sounds; ++j, way += kMostSounds + 1) {
      for (size_t n = 0; n <= std::min(kMostSounds, pair.sounds - j); ++n) visit(j, j + n, way[n]);
    }
  }

  // Forward and backward sums over all divisions, each scaled by letter so that nothing underflows.
  void Expect(const Pair& pair, std::vector<double>& counts) const {
    const size_t I = pair.letters, J = pair.sounds, W = J + 1;
    std::vector<double> forward((I + 1) * W), backward((I + 1) * W);
    const auto scale = [&](double* row) {
      double sum = 0;
      for (size_t j = 0; j < W; ++j) sum += row[j];
      for (size_t j = 0; j < W && sum > 0; ++j) row[j] /= sum;
    };
    forward[0] = backward[I * W + J] = 1;
    for (size_t i = 0; i < I; ++i) {
      ForWays(pair, i,
              [&](size_t j, size_t k, size_t way) { forward[(i + 1) * W + k] += forward[i * W + j] * shares_[way]; });
      scale(&forward[(i + 1) * W]);
    }
    for (size_t i = I; i-- > 0;) {
      ForWays(pair, i,
              [&](size_t j, size_t k, size_t way) { backward[i * W + j] += backward[(i + 1) * W + k] * shares_[way]; });
      scale(&backward[i * W]);
    }
    for (size_t i = 0; i < I; ++i) {
      const auto weight = [&](size_t j, size_t k, size_t way) {
        return forward[i * W + j] * shares_[way] * backward[(i + 1) * W + k];
      };
      double total = 0;
      ForWays(pair, i, [&](size_t j, size_t k, size_t way) { total += weight(j, k, way); });
      if (!(total > 0)) continue;
      ForWays(pair, i, [&](size_t j, size_t k, size_t way) { counts[way] += weight(j, k, way) / total; });
    }
  }

  std::vector<Pair> pairs_;
  Numbers letters_, stretches_;
  std::unordered_map<uint64_t, uint32_t> ways_;  // of a letter, and a stretch of sounds that it may stand for
  std::vector<uint32_t> letter_of_;              // a way
  std::vector<double> shares_;                   // of a way among its letter's
};

}  // namespace

LetterSounds::LetterSounds(size_t count, const std::function<Example(size_t)>& example) {
  const std::vector<Example> chosen = Chosen(count, example);
  Dividing dividing(chosen);
  for (int round = 0; round < kSoundRounds; ++round) dividing.Round();
  for (size_t i = 0; i < chosen.size(); ++i) {
    std::vector<std::string> sounds;
    size_t begin = 0;
    for (const size_t each : dividing.Divide(i)) {
      sounds.push_back(Join(chosen[i].target, begin, begin + each));
      begin += each;
    }
    Count(chosen[i].source, sounds);
  }
}

void LetterSounds::Count(const std::vector<std::string>& source, const std::vector<std::string>& sounds) {
  for (size_t i = 0; i < source.size(); ++i) {
    for (const auto& window : kWindows) counts_[WindowKey(source, i, window)][sounds[i]] += 1;
  }
}

std::vector<std::string> LetterSounds::Translate(const std::vector<std::string>& source) const {
  std::vector<std::string> translation;
  for (size_t i = 0; i < source.size(); ++i) {
    Sounds probabilities;
    for (const auto& window : kWindows) {
      const auto found = counts_.find(WindowKey(source, i, window));
      if (found == counts_.end()) break;  // wider windows were not seen either
      const auto kinds = static_cast<double>(found->second.size());
      double total = kinds;
      for (const auto& [sounds, count] : found->second) total += count;
      for (auto& [sounds, p] : probabilities) p *= kinds / total;
      for (const auto& [sounds, count] : found->second) probabilities[sounds] += count / total;
    }
    const auto likelier = [](const auto& a, const auto& b) { return a.second < b.second; };
    const auto best = std::max_element(probabilities.begin(), probabilities.end(), likelier);
    if (best == probabilities.end()) continue;
    for (std::string& token : Split(best->first)) translation.push_back(std::move(token));
  }
  return translation;
}

}  // namespace eddy
