#include "data/repeated_texts.h"

#include <algorithm>
#include <charconv>

#include "base/take_out.h"

namespace eddy {
namespace {

constexpr size_t kMostDigits = 9;  // so that a number fits 32 bits

// How many characters at the end are a number, as it is written without leading zeros.
size_t DigitsAtEnd(std::string_view text) {
  size_t count = 0;
  while (count < std::min(kMostDigits, text.size()) && text[text.size() - 1 - count] >= '0' &&
         text[text.size() - 1 - count] <= '9') {
    ++count;
  }
  while (count > 1 && text[text.size() - count] == '0') --count;
  return count;
}

}  // namespace

std::string RepeatedTexts::operator[](size_t i) const {
  const auto [front, number] = texts_[i];
  return number == 0 ? fronts_[front] : fronts_[front] + std::to_string(number - 1);
}

void RepeatedTexts::Add(std::string_view text) {
  const size_t digits = DigitsAtEnd(text);
  const std::string_view end = text.substr(text.size() - digits);
  uint32_t number = 0;
  if (digits > 0) std::from_chars(end.data(), end.data() + end.size(), number);
  const auto [entry, fresh] = places_.emplace(text.substr(0, text.size() - digits), static_cast<uint32_t>(fronts_.size()));
  if (fresh) fronts_.push_back(entry->first);
  texts_.push_back({entry->second, digits > 0 ? number + 1 : 0});
}

RepeatedTexts RepeatedTexts::TakeOut(std::span<const size_t> places) {
  RepeatedTexts taken;
  taken.fronts_ = fronts_;
  taken.places_ = places_;
  size_t kept = 0;
  eddy::TakeOut(
      texts_.size(), places, [&](size_t i) { taken.texts_.push_back(texts_[i]); },
      [&](size_t i) { texts_[kept++] = texts_[i]; });
  texts_.resize(kept);
  return taken;
}

}  // namespace eddy
