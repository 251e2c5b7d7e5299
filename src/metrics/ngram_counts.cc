#include "metrics/ngram_counts.h"

#include <algorithm>

namespace eddy {

size_t SpaceBytes(std::string_view text) {
  const char c = text[0];
  if (c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1C' && c <= '\x1F')) return 1;
  for (const std::string_view space : {"\u0085", "\u00A0", "\u1680", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"}) {
    if (text.starts_with(space)) return space.size();
  }
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  return text.size() > 2 && text.starts_with("\xE2\x80") && byte(2) >= 0x80 && byte(2) <= 0x8A ? 3 : 0;  // U+2000 to U+200A
}

NgramCounts CountNgrams(const std::vector<std::string>& items, size_t order) {
  NgramCounts counts;
  for (size_t i = 0; i + order <= items.size(); ++i) {
    std::string key;
    for (size_t j = 0; j < order; ++j) key.append(items[i + j]).append(1, '\n');  // which no item has
    ++counts[key];
  }
  return counts;
}

size_t Total(const NgramCounts& counts) {
  size_t total = 0;
  for (const auto& [ngram, count] : counts) total += count;
  return total;
}

size_t Matches(const NgramCounts& made, const NgramCounts& reference) {
  size_t matches = 0;
  for (const auto& [ngram, count] : made) {
    const auto found = reference.find(ngram);
    if (found != reference.end()) matches += std::min(count, found->second);
  }
  return matches;
}

}  // namespace eddy
