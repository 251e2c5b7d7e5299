#include "data/token_store.h"

#include <limits>

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

size_t TokenStore::size() const {
  return std::visit([](const auto& ids) { return ids.size(); }, ids_);
}

std::vector<int32_t> TokenStore::Copy(size_t begin, size_t end) const {
  return std::visit(
      [&](const auto& ids) {
        return std::vector<int32_t>(ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                    ids.begin() + static_cast<std::ptrdiff_t>(end));
      },
      ids_);
}

void TokenStore::push_back(int32_t token) {
  std::visit([&]<class Id>(std::vector<Id>& ids) { ids.push_back(static_cast<Id>(token)); }, ids_);
}

void TokenStore::reserve(size_t count) {
  std::visit([&](auto& ids) { ids.reserve(count); }, ids_);
}

std::string_view TokenStore::bytes() const {
  return std::visit(
      []<class Id>(const std::vector<Id>& ids) {
        return std::string_view(reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(Id));
      },
      ids_);
}

bool TokenStore::operator==(const TokenStore& other) const {
  if (size() != other.size()) return false;
  for (size_t i = 0; i < size(); ++i) {
    if ((*this)[i] != other[i]) return false;
  }
  return true;
}

}  // namespace eddy
