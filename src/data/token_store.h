// Token ids of a long text, each in as many bytes as the largest needs: one for a vocabulary of up to 256 tokens, two up to
// 65,536, else four. A text of characters is so held in about the memory of its file; of a text that is too long for that a
// store is a view, which reads its tokens where they are wanted (token_pages.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

namespace eddy {

class TokenPages;

class TokenStore {
 public:
  TokenStore() : TokenStore(size_t{1} << 31) {}
  // For ids in [0, vocabulary).
  explicit TokenStore(size_t vocabulary);
  TokenStore(std::initializer_list<int32_t> tokens);
  TokenStore(std::shared_ptr<const TokenPages> pages, size_t begin, size_t end);  // a view of [begin, end)

  size_t size() const;
  bool empty() const { return size() == 0; }
  int32_t operator[](size_t i) const {
    switch (ids_.index()) {
      case 0:
        return std::get<0>(ids_)[i];
      case 1:
        return std::get<1>(ids_)[i];
      case 2:
        return std::get<2>(ids_)[i];
      default:
        return InPages(i);
    }
  }
  std::vector<int32_t> Copy() const { return Copy(0, size()); }
  std::vector<int32_t> Copy(size_t begin, size_t end) const;  // of [begin, end)

  // Not of a view:
  void push_back(int32_t token);
  void reserve(size_t count);
  std::string_view bytes() const;  // as they lie in memory: for a hash
  bool operator==(const TokenStore& other) const;

 private:
  struct View {
    std::shared_ptr<const TokenPages> pages;
    size_t begin = 0, end = 0;
    size_t size() const { return end - begin; }
  };
  int32_t InPages(size_t i) const;

  std::variant<std::vector<uint8_t>, std::vector<uint16_t>, std::vector<int32_t>, View> ids_;
};

}  // namespace eddy
