#include "metrics/chrf.h"

#include <algorithm>
#include <vector>

#include "data/utf8.h"
#include "metrics/ngram_counts.h"

namespace eddy {
namespace {

constexpr size_t kCharacterOrders = 6;
constexpr double kBeta2 = 4;  // beta squared

std::vector<std::string> CharactersOf(std::string_view text) {
  std::vector<std::string> characters;
  while (!text.empty()) {
    const size_t space = SpaceBytes(text), bytes = space > 0 ? space : std::max<size_t>(1, CodePointBytes(text));
    if (space == 0) characters.emplace_back(text.substr(0, bytes));
    text.remove_prefix(bytes);
  }
  return characters;
}

std::array<double, kChrfColumns> SumsOf(const std::vector<std::string>& characters, const std::vector<std::string>& right) {
  std::array<double, kChrfColumns> sums = {};
  for (size_t n = 0; n < kCharacterOrders; ++n) {
    const NgramCounts counts = CountNgrams(characters, n + 1), expected = CountNgrams(right, n + 1);
    if (!expected.empty()) sums[3 * n] = static_cast<double>(Total(counts));
    sums[3 * n + 1] = static_cast<double>(Total(expected));
    sums[3 * n + 2] = static_cast<double>(Matches(counts, expected));
  }
  return sums;
}

}  // namespace

std::array<double, kChrfColumns> ChrfSums(const std::string& made, std::span<const std::string> references) {
  const std::vector<std::string> characters = CharactersOf(made);
  auto best = SumsOf(characters, CharactersOf(references.front()));
  for (const std::string& reference : references.subspan(1)) {
    const auto sums = SumsOf(characters, CharactersOf(reference));
    if (ChrfOf(sums) > ChrfOf(best)) best = sums;
  }
  return best;
}

double ChrfOf(std::span<const double> sums) {
  double precision = 0, recall = 0, orders = 0;
  for (size_t n = 0; n < kCharacterOrders; ++n) {
    const double made = sums[3 * n], right = sums[3 * n + 1], matched = sums[3 * n + 2];
    if (made == 0 || right == 0) continue;  // an order that no text is long enough for
    precision += matched / made;
    recall += matched / right;
    orders += 1;
  }
  if (precision + recall == 0) return 0;
  precision /= orders;
  recall /= orders;
  return 100 * (1 + kBeta2) * precision * recall / (kBeta2 * precision + recall);
}

double Chrf(std::span<const std::string> made, std::span<const std::string> references) {
  std::array<double, kChrfColumns> total = {};
  for (size_t i = 0; i < made.size(); ++i) {
    const auto sums = ChrfSums(made[i], references.subspan(i, 1));
    for (size_t c = 0; c < sums.size(); ++c) total[c] += sums[c];
  }
  return ChrfOf(total);
}

}  // namespace eddy
