#include "data/vocabulary.h"

#include <algorithm>

#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {

Vocabulary::Vocabulary(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {
  Require(!tokens_.empty(), "vocabulary", "tokens", "at least one", "none");
  ids_.reserve(tokens_.size());
  for (size_t id = 0; id < tokens_.size(); ++id) {
    const bool fresh = ids_.emplace(tokens_[id], static_cast<int32_t>(id)).second;
    if (tokens_[id].size() == 1) single_bytes_[static_cast<uint8_t>(tokens_[id][0])] = static_cast<int32_t>(id);
    if (!fresh) Fail("vocabulary", "tokens", "different from each other", Excerpt(tokens_[id]) + " twice");
  }
  unknown_ = Find(kUnknown);
  end_ = Find(kEnd);
}

int32_t Vocabulary::FindLong(std::string_view token) const {
  const auto found = ids_.find(token);
  return found == ids_.end() ? kNoToken : found->second;
}

Vocabulary FrequentTokens(std::vector<std::string> first, const TokenCounts& counts, size_t min_count, size_t most) {
  std::vector<std::pair<size_t, std::string>> kept;
  counts.ForEach([&](std::string_view token, size_t count) {
    if (count >= min_count) kept.emplace_back(count, token);
  });
  std::sort(kept.begin(), kept.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  kept.resize(std::min(kept.size(), most));
  for (auto& [count, token] : kept) first.push_back(std::move(token));
  return Vocabulary(std::move(first));
}

Vocabulary Grown(const Vocabulary& known, const Vocabulary& more) {
  std::vector<std::string> tokens = known.tokens();
  for (const std::string& token : more.tokens()) {
    if (known.Find(token) == kNoToken) tokens.push_back(token);
  }
  return Vocabulary(std::move(tokens));
}

}  // namespace eddy
