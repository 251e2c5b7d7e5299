#include "metrics/bleu.h"

#include <algorithm>
#include <cmath>

#include "data/excerpt.h"
#include "eddy/error.h"
#include "metrics/ngram_counts.h"

namespace eddy {
namespace {

constexpr size_t kWordOrders = 4;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// { | } ~ [ \ ] ^ _ ` space ! " # $ % & ( ) * + : ; < = > ? @ /
bool IsApart(char c) {
  const bool point_or_joiner = c == '\'' || c == ',' || c == '-' || c == '.';
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return c >= ' ' && c <= '~' && !point_or_joiner && !letter && !IsDigit(c);
}

bool IsPoint(char c) { return c == '.' || c == ','; }

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
}

// Copies text; where two neighbours are `first` and `second`, with `spread` in their place. Pairs do not overlap.
template <class First, class Second, class Spread>
std::string SpreadPairs(const std::string& text, const First& first, const Second& second, const Spread& spread) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i + 1 < text.size() && first(text[i]) && second(text[i + 1])) {
      spread(out, text[i], text[i + 1]);
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string Spread13a(std::string text) {
  ReplaceAll(text, "<skipped>", "");
  ReplaceAll(text, "&quot;", "\"");
  ReplaceAll(text, "&amp;", "&");
  ReplaceAll(text, "&lt;", "<");
  ReplaceAll(text, "&gt;", ">");
  std::string apart = " ";
  for (const char c : text) {
    if (IsApart(c)) {
      apart.append({' ', c, ' '});
    } else {
      apart += c;
    }
  }
  apart += ' ';
  const auto no_digit = [](char c) { return !IsDigit(c); };
  apart = SpreadPairs(apart, no_digit, IsPoint, [](std::string& out, char a, char b) { out.append({a, ' ', b, ' '}); });
  apart = SpreadPairs(apart, IsPoint, no_digit, [](std::string& out, char a, char b) { out.append({' ', a, ' ', b}); });
  const auto dash = [](char c) { return c == '-'; };
  return SpreadPairs(apart, IsDigit, dash, [](std::string& out, char a, char b) { out.append({a, ' ', b, ' '}); });
}

}  // namespace

BleuTokens ParseBleuTokens(std::string_view name) {
  if (name == "13a") return BleuTokens::k13a;
  if (name == "none") return BleuTokens::kNone;
  Fail("BLEU", "the tokenisation", "13a or none", Excerpt(name));
}

std::vector<std::string> TokenizeForBleu(std::string_view text, BleuTokens tokens) {
  const std::string spread = tokens == BleuTokens::k13a ? Spread13a(std::string(text)) : std::string(text);
  std::vector<std::string> words(1);
  for (std::string_view rest = spread; !rest.empty();) {
    const size_t space = SpaceBytes(rest);
    if (space == 0) {
      words.back() += rest.front();
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
    rest.remove_prefix(std::max<size_t>(space, 1));
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::array<double, kBleuColumns> BleuSums(const std::string& made, std::span<const std::string> references,
                                          BleuTokens tokens) {
  const std::vector<std::string> words = TokenizeForBleu(made, tokens);
  std::vector<std::vector<std::string>> right;
  for (const std::string& reference : references) right.push_back(TokenizeForBleu(reference, tokens));
  std::array<double, kBleuColumns> sums = {};
  for (size_t n = 0; n < kWordOrders; ++n) {
    const NgramCounts counts = CountNgrams(words, n + 1);
    NgramCounts most;  // that a reference has
    for (const std::vector<std::string>& reference : right) {
      for (const auto& [ngram, count] : CountNgrams(reference, n + 1)) most[ngram] = std::max(most[ngram], count);
    }
    sums[2 * n] = static_cast<double>(Matches(counts, most));
    sums[2 * n + 1] = static_cast<double>(Total(counts));
  }
  const auto apart = [&](size_t length) { return length > words.size() ? length - words.size() : words.size() - length; };
  size_t closest = right.front().size();
  for (const std::vector<std::string>& reference : right) {
    const size_t length = reference.size();
    if (apart(length) < apart(closest) || (apart(length) == apart(closest) && length < closest)) closest = length;
  }
  sums[2 * kWordOrders] = static_cast<double>(words.size());
  sums[2 * kWordOrders + 1] = static_cast<double>(closest);
  return sums;
}

double BleuOf(std::span<const double> sums) {
  double matches = 0;
  for (size_t n = 0; n < kWordOrders; ++n) matches += sums[2 * n];
  if (matches == 0) return 0;
  double log_sum = 0, smoothing = 1;
  for (size_t n = 0; n < kWordOrders; ++n) {
    const double correct = sums[2 * n], total = sums[2 * n + 1];
    if (total == 0) return 0;
    if (correct == 0) smoothing *= 2;
    log_sum += std::log(100 * (correct == 0 ? 1 / smoothing : correct) / total);
  }
  const double made = sums[2 * kWordOrders], reference = sums[2 * kWordOrders + 1];
  const double brevity = made < reference ? std::exp(1 - reference / made) : 1;
  return brevity * std::exp(log_sum / kWordOrders);
}

double Bleu(std::span<const std::string> made, std::span<const std::string> references, BleuTokens tokens) {
  std::array<double, kBleuColumns> total = {};
  for (size_t i = 0; i < made.size(); ++i) {
    const auto sums = BleuSums(made[i], references.subspan(i, 1), tokens);
    for (size_t c = 0; c < sums.size(); ++c) total[c] += sums[c];
  }
  return BleuOf(total);
}

}  // namespace eddy
