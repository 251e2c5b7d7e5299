// Vocabulary: token strings and their ids 0 .. V-1. It is written to disk as its list of strings, which are valid UTF-8.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/token_counts.h"

namespace eddy {

inline constexpr int32_t kNoToken = -1;

class Vocabulary {
 public:
  // Tokens with a meaning of their own. No tokeniser makes these strings out of text.
  static constexpr std::string_view kUnknown = "<unk>";  // stands for every token that is not in the vocabulary
  static constexpr std::string_view kEnd = "<end>";      // ends a sequence, and is the context of its first token

  Vocabulary() = default;
  // Ids follow the order of `tokens`. Throws Error when there is none or one occurs twice.
  explicit Vocabulary(std::vector<std::string> tokens);

  size_t size() const { return tokens_.size(); }
  const std::vector<std::string>& tokens() const { return tokens_; }
  const std::string& operator[](int32_t id) const { return tokens_[static_cast<size_t>(id)]; }

  int32_t Find(std::string_view token) const {  // kNoToken when absent
    return token.size() == 1 ? single_bytes_[static_cast<uint8_t>(token[0])] : FindLong(token);
  }
  int32_t FindOrUnknown(std::string_view token) const {  // unknown() when absent
    const int32_t id = Find(token);
    return id == kNoToken ? unknown_ : id;
  }
  int32_t unknown() const { return unknown_; }  // kNoToken when it has none
  int32_t end() const { return end_; }          // likewise

 private:
  static constexpr std::array<int32_t, 256> NoBytes() {
    std::array<int32_t, 256> ids{};
    ids.fill(kNoToken);
    return ids;
  }
  int32_t FindLong(std::string_view token) const;

  std::vector<std::string> tokens_;
  std::unordered_map<std::string, int32_t, TokenHash, std::equal_to<>> ids_;
  std::array<int32_t, 256> single_bytes_ = NoBytes();  // ids of tokens of one byte, by that byte
  int32_t unknown_ = kNoToken;
  int32_t end_ = kNoToken;
};

// `first`, then the tokens counted at least `min_count` times by falling frequency, then by spelling, `most` of them at
// most.
Vocabulary FrequentTokens(std::vector<std::string> first, const TokenCounts& counts, size_t min_count, size_t most);

// The tokens of `known`, then those of `more` that are not among them, in its order.
Vocabulary Grown(const Vocabulary& known, const Vocabulary& more);

}  // namespace eddy
