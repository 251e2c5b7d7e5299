#include "options/ranges.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/nearest.h"

namespace eddy {
namespace {

bool ParseNumber(const std::string& text, double& value) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + text.starts_with('+'), end, value);
  return error == std::errc() && stop == end && std::isfinite(value);
}

ValueRange NumberWhere(std::string value, const std::string& expected, std::function<bool(double)> holds) {
  return {std::move(value), [=](const std::string& text) {
            double number = 0;
            if (ParseNumber(text, number) && holds(number)) return std::string();
            return fmt::format("must be {}, but is {}", expected, text);
          }};
}

}  // namespace

ValueRange WholeNumber(uint64_t least, uint64_t most) {
  return {"N", [=](const std::string& text) {
            uint64_t number = 0;
            const char* end = text.data() + text.size();
            const auto [stop, error] = std::from_chars(text.data(), end, number);
            if (error == std::errc() && stop == end && number >= least && number <= most) return std::string();
            return fmt::format("must be a whole number from {} to {}, but is {}", least, most, text);
          }};
}

ValueRange Number(double least, double most) {
  return NumberWhere("X", fmt::format("a number from {} to {}", least, most),
                     [=](double x) { return x >= least && x <= most; });
}

ValueRange Above(double limit) {
  return NumberWhere("X", fmt::format("a number above {}", limit), [=](double x) { return x > limit; });
}

ValueRange Probability() {
  return NumberWhere("P", "at least 0 and below 1", [](double x) { return x >= 0 && x < 1; });
}

ValueRange OneOf(std::vector<std::string> words) {
  return {"NAME", [words = std::move(words)](const std::string& text) {
            if (std::find(words.begin(), words.end(), text) != words.end()) return std::string();
            const std::string nearest = Nearest(text, std::vector<std::string_view>(words.begin(), words.end()));
            return fmt::format("must be one of {}, but is {}{}", fmt::join(words, ", "), text,
                               nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest));
          }};
}

ValueRange AnyText(std::string value) {
  return {std::move(value), [](const std::string&) { return std::string(); }};
}

}  // namespace eddy
