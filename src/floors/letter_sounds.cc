#include "floors/letter_sounds.h"

#include <algorithm>

namespace eddy {
namespace {

constexpr size_t kMostSounds = 3, kMostTokens = 200;
constexpr size_t kMostWork = 1'000'000;  // letters times sounds, over all pairs
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

void Normalise(std::unordered_map<std::string, std::map<std::string, double>>& counts) {
  for (auto& [letter, sounds] : counts) {
    double total = 0;
    for (const auto& [each, count] : sounds) total += count;
    for (auto& [each, count] : sounds) count /= total;
  }
}

}  // namespace

LetterSounds::LetterSounds(size_t count, const std::function<Example(size_t)>& example) {
  const std::vector<Example> chosen = Chosen(count, example);
  for (int round = 0; round < kSoundRounds; ++round) {
    std::unordered_map<std::string, Sounds> counts;
    for (const Example& each : chosen) Expect(each, counts);
    Normalise(counts);
    shares_ = std::move(counts);
  }
  for (const Example& each : chosen) Count(each.source, Divide(each));
}

double LetterSounds::Probability(const std::string& letter, const std::string& sounds, size_t count) const {
  if (shares_.empty()) return kFirstShares[count];
  const auto found = shares_.find(letter);
  if (found == shares_.end()) return kUnseen;
  const auto share = found->second.find(sounds);
  return share == found->second.end() ? kUnseen : std::max(share->second, kUnseen);
}

// Forward and backward sums over all divisions, each scaled by letter so that nothing underflows.
void LetterSounds::Expect(const Example& example, std::unordered_map<std::string, Sounds>& counts) const {
  const size_t I = example.source.size(), J = example.target.size(), W = J + 1;
  std::vector<double> forward((I + 1) * W), backward((I + 1) * W);
  const auto scale = [&](double* row) {
    double sum = 0;
    for (size_t j = 0; j < W; ++j) sum += row[j];
    for (size_t j = 0; j < W && sum > 0; ++j) row[j] /= sum;
  };
  // Calls visit(i, j, k, probability) for letter i standing for target tokens [j, k).
  const auto each = [&](size_t i, const auto& visit) {
    for (size_t j = 0; j < W; ++j) {
      for (size_t k = j; k <= std::min(J, j + kMostSounds); ++k) {
        const std::string sounds = Join(example.target, j, k);
        visit(j, k, sounds, Probability(example.source[i], sounds, k - j));
      }
    }
  };
  forward[0] = backward[I * W + J] = 1;
  for (size_t i = 0; i < I; ++i) {
    each(i, [&](size_t j, size_t k, const std::string&, double p) { forward[(i + 1) * W + k] += forward[i * W + j] * p; });
    scale(&forward[(i + 1) * W]);
  }
  for (size_t i = I; i-- > 0;) {
    each(i, [&](size_t j, size_t k, const std::string&, double p) { backward[i * W + j] += backward[(i + 1) * W + k] * p; });
    scale(&backward[i * W]);
  }
  for (size_t i = 0; i < I; ++i) {
    double total = 0;
    const auto weight = [&](size_t j, size_t k, double p) { return forward[i * W + j] * p * backward[(i + 1) * W + k]; };
    each(i, [&](size_t j, size_t k, const std::string&, double p) { total += weight(j, k, p); });
    if (!(total > 0)) continue;
    Sounds& of_letter = counts[example.source[i]];
    each(i, [&](size_t j, size_t k, const std::string& sounds, double p) {
      const double share = weight(j, k, p) / total;
      if (share > 0) of_letter[sounds] += share;
    });
  }
}

// The likeliest sounds of each letter.
std::vector<std::string> LetterSounds::Divide(const Example& example) const {
  const size_t I = example.source.size(), J = example.target.size(), W = J + 1;
  std::vector<double> best((I + 1) * W);
  std::vector<size_t> from((I + 1) * W);
  best[0] = 1;
  for (size_t i = 0; i < I; ++i) {
    double most = 0;
    for (size_t j = 0; j < W; ++j) {
      for (size_t k = j; k <= std::min(J, j + kMostSounds); ++k) {
        const double p = best[i * W + j] * Probability(example.source[i], Join(example.target, j, k), k - j);
        if (p <= best[(i + 1) * W + k]) continue;
        best[(i + 1) * W + k] = p;
        from[(i + 1) * W + k] = j;
        most = std::max(most, p);
      }
    }
    for (size_t k = 0; k < W; ++k) best[(i + 1) * W + k] /= most;
  }
  std::vector<std::string> sounds(I);
  for (size_t i = I, k = J; i > 0; --i) {
    const size_t j = from[i * W + k];
    sounds[i - 1] = Join(example.target, j, k);
    k = j;
  }
  return sounds;
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
