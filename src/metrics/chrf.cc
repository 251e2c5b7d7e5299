#include "metrics/chrf.h"

#include <algorithm>
#include <vector>

#include "data/utf8.h"
#include "metrics/ngram_counts.h"

namespace eddy {
namespace {

constexpr size_t kOrders = 6;
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

}  // namespace

double Chrf(std::span<const std::string> made, std::span<const std::string> references) {
  double made_total[kOrders] = {}, right_total[kOrders] = {}, matched[kOrders] = {};
  for (size_t i = 0; i < made.size(); ++i) {
    const std::vector<std::string> characters = CharactersOf(made[i]), right = CharactersOf(references[i]);
    for (size_t n = 0; n < kOrders; ++n) {
      const NgramCounts counts = CountNgrams(characters, n + 1), expected = CountNgrams(right, n + 1);
      if (!expected.empty()) made_total[n] += static_cast<double>(Total(counts));
      right_total[n] += static_cast<double>(Total(expected));
      matched[n] += static_cast<double>(Matches(counts, expected));
    }
  }
  double precision = 0, recall = 0, orders = 0;
  for (size_t n = 0; n < kOrders; ++n) {
    if (made_total[n] == 0 || right_total[n] == 0) continue;  // an order that no text is long enough for
    precision += matched[n] / made_total[n];
    recall += matched[n] / right_total[n];
    orders += 1;
  }
  if (precision + recall == 0) return 0;
  precision /= orders;
  recall /= orders;
  return 100 * (1 + kBeta2) * precision * recall / (kBeta2 * precision + recall);
}

}  // namespace eddy
