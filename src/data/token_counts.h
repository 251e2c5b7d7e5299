// How often tokens occur.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace eddy {

class TokenCounts {
 public:
  void Add(std::string_view token, size_t times = 1) {
    if (token.size() == 1) {
      single_bytes_[static_cast<uint8_t>(token[0])] += times;
    } else {
      key_ = token;
      longer_[key_] += times;
    }
  }

  std::unordered_map<std::string, size_t> All() const {
    std::unordered_map<std::string, size_t> all = longer_;
    for (size_t byte = 0; byte < single_bytes_.size(); ++byte) {
      if (single_bytes_[byte] > 0) all[std::string(1, static_cast<char>(byte))] = single_bytes_[byte];
    }
    return all;
  }

 private:
  std::array<size_t, 256> single_bytes_ = {};  // most characters, and many words
  std::unordered_map<std::string, size_t> longer_;
  std::string key_;
};

}  // namespace eddy
