// BLEU (Papineni 2002) of a set of translations against one reference each, as sacreBLEU computes it by default (Post 2018):
// n-grams to order 4, counts summed over the set, an order without matches smoothed exponentially (NIST), case kept.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eddy {

enum class BleuTokens {
  k13a,   // as mteval-v13a.pl: punctuation apart from words, but for points and commas between digits
  kNone,  // what stands between white space: for text that is tokenised already
};

BleuTokens ParseBleuTokens(std::string_view name);  // "13a" or "none"; throws Error

std::vector<std::string> TokenizeForBleu(std::string_view text, BleuTokens tokens);

// What BLEU is made of, summed over a set: for each order the matches and the n-grams made, then the words made and those of
// the references.
inline constexpr size_t kBleuColumns = 10;
// Of one translation. With several references an n-gram counts as often as any has it, and the length is that closest to the
// translation's, the shorter of two (as sacreBLEU has it). At least one reference.
std::array<double, kBleuColumns> BleuSums(const std::string& made, std::span<const std::string> references,
                                          BleuTokens tokens);
double BleuOf(std::span<const double> sums);  // 0 to 100

// 0 to 100; made and references have the same size.
double Bleu(std::span<const std::string> made, std::span<const std::string> references, BleuTokens tokens);

}  // namespace eddy
