// How often tokens occur.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace eddy {

// Tokens are found by a view of them, without a string of their own.
struct TokenHash : std::hash<std::string_view> {
  using is_transparent = void;
};

class TokenCounts {
 public:
  void Add(std::string_view token, size_t times = 1) {
    if (token.size() == 1) {
      single_bytes_[static_cast<uint8_t>(token[0])] += times;
    } else if (const auto found = longer_.find(token); found != longer_.end()) {
      found->second += times;
    } else {
      longer_.emplace(token, times);
    }
  }

  void Erase(std::string_view token) {
    if (token.size() == 1) {
      single_bytes_[static_cast<uint8_t>(token[0])] = 0;
    } else if (const auto found = longer_.find(token); found != longer_.end()) {
      longer_.erase(found);
    }
  }

  // Calls visit(token, count) for each that occurs, in no order.
  template <class Visit>
  void ForEach(const Visit& visit) const {
    for (size_t byte = 0; byte < single_bytes_.size(); ++byte) {
      const char token = static_cast<char>(byte);
      if (single_bytes_[byte] > 0) visit(std::string_view(&token, 1), single_bytes_[byte]);
    }
    for (const auto& [token, count] : longer_) visit(std::string_view(token), count);
  }

 private:
  std::array<size_t, 256> single_bytes_ = {};  // most characters, and many words
  std::unordered_map<std::string, size_t, TokenHash, std::equal_to<>> longer_;
};

}  // namespace eddy
