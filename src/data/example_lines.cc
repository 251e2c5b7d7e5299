#include "data/example_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>

#include "base/ascii.h"
#include "data/csv.h"
#include "data/example_builder.h"
#include "data/excerpt.h"
#include "data/row_order.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

using Json = nlohmann::json;

constexpr int kMostDepth = 64;

// The elements of an array, or the lines that are not blank.
class Elements {
 public:
  Elements(std::string_view text, std::string_view source) : rest_(text), source_(source) {
    SkipBlanks();
    array_ = rest_.starts_with('[');
    if (array_) Drop(1);
  }

  bool is_array() const { return array_; }
  size_t line() const { return line_; }  // at which the last one begins

  // Nothing at the end. Throws Error where there is no comma between two, and no end.
  std::optional<std::string_view> Next() {
    SkipBlanks();
    if (array_ && !EnterElement()) return std::nullopt;
    if (!array_ && rest_.empty()) return std::nullopt;
    line_ = number_;
    const std::string_view element = rest_.substr(0, array_ ? ElementBytes() : rest_.find('\n'));
    Drop(element.size());
    first_ = false;
    return element;
  }

 private:
  void Drop(size_t bytes) {
    number_ += static_cast<size_t>(std::count(rest_.begin(), rest_.begin() + static_cast<ptrdiff_t>(bytes), '\n'));
    rest_.remove_prefix(bytes);
  }

  void SkipBlanks() { Drop(std::min(rest_.find_first_not_of(kJsonBlank), rest_.size())); }

  [[noreturn]] void FailHere(std::string_view expected) const {
    Fail("read", fmt::format("{} line {}", source_, number_), expected,
         rest_.empty() ? "the end" : Excerpt(rest_.substr(0, 60)));
  }

  // Goes past the comma; returns false at the end of the array.
  bool EnterElement() {
    if (rest_.starts_with(']')) {
      Drop(1);
      SkipBlanks();
      if (!rest_.empty()) FailHere("the end, behind the array's");
      return false;
    }
    if (!first_) {
      if (!rest_.starts_with(',')) FailHere("a comma or the end of the array");
      Drop(1);
      SkipBlanks();
    }
    if (rest_.empty() || rest_[0] == ',' || rest_[0] == ']') FailHere("an object of the array");
    return true;
  }

  // As far as its last bracket, or the comma or bracket behind it.
  size_t ElementBytes() const {
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (quoted) {
        if (c == '\\') ++i;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (depth == 0 && (c == ',' || c == ']')) {
        return i;
      } else if (c == '}' || c == ']') {
        if (depth > 0 && --depth == 0) return i + 1;
      }
    }
    Fail("read", fmt::format("{} line {}", source_, number_), "closed where the array ends", "open to the end");
  }

  std::string_view rest_, source_;
  size_t number_ = 1, line_ = 1;
  bool array_ = false, first_ = true;
};

Json ParseObject(std::string_view line, const std::string& place) {
  std::vector<std::unordered_set<std::string>> keys;  // of the objects that are open
  const auto guard = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > kMostDepth) Fail("read", place, fmt::format("nested at most {} deep", kMostDepth), "deeper");
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) {
      Fail("read", place, "an object of different keys", "with " + Excerpt(value.get<std::string>()) + " twice");
    }
    return true;
  };
  Json object;
  try {
    object = Json::parse(line, guard);
  } catch (const Json::exception&) {
    Fail("read", place, "a JSON object", Excerpt(line));
  }
  if (!object.is_object()) Fail("read", place, "a JSON object", Excerpt(line));
  return object;
}

// By its whole name, or through the objects that the name's parts lead to.
const Json* FindMember(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  if (const auto found = object.find(name); found != object.end()) return &*found;
  for (size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    const auto outer = object.find(name.substr(0, dot));
    if (outer == object.end()) continue;
    if (const Json* inner = FindMember(*outer, name.substr(dot + 1))) return inner;
  }
  return nullptr;
}

// The names of members, those of objects in it included.
void ListNames(const Json& object, const std::string& prefix, std::vector<std::string>& names) {
  for (const auto& [key, value] : object.items()) {
    if (value.is_object()) {
      ListNames(value, prefix + key + ".", names);
    } else {
      names.push_back(prefix + key);
    }
  }
}

const Json& Member(const Json& object, const std::string& name, const std::string& place) {
  if (const Json* found = FindMember(object, name)) return *found;
  std::vector<std::string> names;
  ListNames(object, "", names);
  FindColumn(names, name, place);  // which throws
  return object;
}

// A label may be a number or a truth value, a text too: as it is written.
std::string Text(const Json& value, const std::string& name, const std::string& place) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  if (!value.is_null()) Fail("read", place + " " + Excerpt(name), "a text", std::string("an ") + value.type_name());
  return {};
}

double Number(const Json& value, const std::string& name, const std::string& place) {
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_number()) Fail("read", place + " " + Excerpt(name), "of numbers", Excerpt(value.dump()));
  return value.get<double>();
}

std::vector<double> Numbers(const Json& value, const std::string& name, const std::string& place) {
  if (!value.is_array()) return {Number(value, name, place)};
  std::vector<double> numbers;
  for (const Json& each : value) numbers.push_back(Number(each, name, place));
  return numbers;
}

}  // namespace

ExampleSet ParseExampleLines(std::string_view text, std::string_view source, const ExampleFields& fields) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  ExampleBuilder builder(fields, source);
  if (fields.is_text())
    builder.ReserveSentences(static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1, text.size());
  Elements elements(text, source);
  while (const std::optional<std::string_view> element = elements.Next()) {
    builder.sieve().Take([&] {
      ExampleRow row;
      row.place = fmt::format("{} line {}", source, elements.line());
      const Json object = ParseObject(*element, row.place);
      const auto text_of = [&](const std::string& name) {
        return name.empty() ? std::string() : Text(Member(object, name, row.place), name, row.place);
      };
      row.text = text_of(fields.text);
      row.label = text_of(fields.label);
      row.series = text_of(fields.series);
      if (!fields.time.empty()) {
        const std::optional<double> time = TimeKey(text_of(fields.time));
        if (!time) Fail("read", row.place + " " + Excerpt(fields.time), "a number or a date", Excerpt(text_of(fields.time)));
        row.time = *time;
      }
      for (const std::string& name : fields.columns) {
        row.values.push_back(Numbers(Member(object, name, row.place), name, row.place));
      }
      builder.Add(row);
    });
  }
  return std::move(builder).Finish(elements.is_array() ? "a JSON array of objects" : "JSON lines");
}

}  // namespace eddy
