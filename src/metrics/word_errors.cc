#include "metrics/word_errors.h"

#include <algorithm>
#include <limits>

#include "eddy/random.h"

namespace eddy {

double ErrorCounts::rate() const {
  if (right == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(errors()) / static_cast<double>(right);
}

ErrorCounts& ErrorCounts::operator+=(const ErrorCounts& other) {
  right += other.right;
  replaced += other.replaced;
  inserted += other.inserted;
  deleted += other.deleted;
  return *this;
}

ErrorCounts CountErrors(const std::vector<std::string>& said, const std::vector<std::string>& right,
                        std::vector<TokenPair>* pairs) {
  const size_t S = said.size(), R = right.size(), width = S + 1;
  std::vector<uint32_t> distance((R + 1) * width);  // of the first r of `right` to the first s of `said`
  for (size_t r = 0; r <= R; ++r) {
    for (size_t s = 0; s <= S; ++s) {
      uint32_t& best = distance[r * width + s];
      if (r == 0 || s == 0) {
        best = static_cast<uint32_t>(r + s);
        continue;
      }
      const uint32_t replaced = distance[(r - 1) * width + s - 1] + (right[r - 1] != said[s - 1]);
      best = std::min({replaced, distance[(r - 1) * width + s] + 1, distance[r * width + s - 1] + 1});
    }
  }
  ErrorCounts counts;
  counts.right = R;
  std::vector<TokenPair> way;  // where it is asked for, from the end
  const auto put = [&](const std::string& correct, const std::string& spoken) {
    if (pairs != nullptr) way.emplace_back(correct, spoken);
  };
  for (size_t r = R, s = S; r > 0 || s > 0;) {
    const uint32_t here = distance[r * width + s];
    const bool differ = r > 0 && s > 0 && right[r - 1] != said[s - 1];
    if (r > 0 && s > 0 && here == distance[(r - 1) * width + s - 1] + differ) {
      counts.replaced += differ;
      --r, --s;
      put(right[r], said[s]);
    } else if (r > 0 && here == distance[(r - 1) * width + s] + 1) {
      ++counts.deleted;
      put(right[--r], {});
    } else {
      ++counts.inserted;
      put({}, said[--s]);
    }
  }
  if (pairs != nullptr) pairs->insert(pairs->end(), way.rbegin(), way.rend());
  return counts;
}

Interval RateInterval(std::span<const ErrorCounts> texts) {
  constexpr size_t kDraws = 1000;
  constexpr double kLeftOut = 0.025;  // on either side
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  Random random(1);
  std::vector<double> rates;
  for (size_t draw = 0; draw < kDraws && !texts.empty(); ++draw) {
    ErrorCounts sum;
    for (size_t i = 0; i < texts.size(); ++i) sum += texts[random.Below(texts.size())];
    if (sum.right > 0) rates.push_back(sum.rate());
  }
  if (rates.empty()) return {kNan, kNan};
  std::sort(rates.begin(), rates.end());
  const auto cut = static_cast<size_t>(kLeftOut * static_cast<double>(rates.size()));
  return {rates[cut], rates[rates.size() - 1 - cut]};
}

}  // namespace eddy
