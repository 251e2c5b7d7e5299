#include "data/token_store.h"

#include <limits>
#include <type_traits>
#include <utility>

#include "data/token_pages.h"

namespace eddy {

TokenStore::TokenStore(size_t vocabulary) {
  if (vocabulary <= size_t{1} + std::numeric_limits<uint8_t>::max()) {
    ids_ = std::vector<uint8_t>();
  } else if (vocabulary <= size_t{1} + std::numeric_limits<uint16_t>::max()) {
    ids_ = std::vector<uint16_t>();
  } else {
    ids_ = std::vector<int32_t>();
  }
}

TokenStore::TokenStore(std::initializer_list<int32_t> tokens) : ids_(std::vector<int32_t>(tokens)) {}

TokenStore::TokenStore(std::shared_ptr<const TokenPages> pages, size_t begin, size_t end)
    : ids_(View{std::move(pages), begin, end}) {}

size_t TokenStore::size() const {
  return std::visit([](const auto& ids) { return ids.size(); }, ids_);
}

int32_t TokenStore::InPages(size_t i) const {
  const View& view = std::get<View>(ids_);
  return view.pages->At(view.begin + i);
}

std::vector<int32_t> TokenStore::Copy(size_t begin, size_t end) const {
  std::vector<int32_t> copy;
  copy.reserve(end - begin);
  for (size_t i = begin; i < end; ++i) copy.push_back((*this)[i]);
  return copy;
}

void TokenStore::push_back(int32_t token) {
  const auto add = [&]<class Ids>(Ids& ids) {
    if constexpr (!std::is_same_v<Ids, View>) ids.push_back(static_cast<typename Ids::value_type>(token));
  };
  std::visit(add, ids_);
}

void TokenStore::reserve(size_t count) {
  const auto reserve = [&]<class Ids>(Ids& ids) {
    if constexpr (!std::is_same_v<Ids, View>) ids.reserve(count);
  };
  std::visit(reserve, ids_);
}

std::string_view TokenStore::bytes() const {
  const auto bytes = []<class Ids>(const Ids& ids) {
    if constexpr (std::is_same_v<Ids, View>) {
      return std::string_view();
    } else {
      return std::string_view(reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(ids[0]));
    }
  };
  return std::visit(bytes, ids_);
}

bool TokenStore::operator==(const TokenStore& other) const {
  if (size() != other.size()) return false;
  for (size_t i = 0; i < size(); ++i) {
    if ((*this)[i] != other[i]) return false;
  }
  return true;
}

}  // namespace eddy
