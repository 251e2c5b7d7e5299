#include "data/example_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "data/csv.h"
#include "data/example_builder.h"
#include "data/excerpt.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

using Json = nlohmann::json;

constexpr int kMostDepth = 3;  // an object's array's numbers

Json ParseObject(std::string_view line, const std::string& place) {
  const auto guard = [&](int depth, Json::parse_event_t, Json&) {
    if (depth > kMostDepth) Fail("read", place, "an object of texts, numbers and arrays of them", "nested deeper");
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

const Json& Member(const Json& object, const std::string& name, const std::string& place) {
  if (const auto found = object.find(name); found != object.end()) return *found;
  std::vector<std::string> names;
  for (const auto& [key, value] : object.items()) names.push_back(key);
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
  for (size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    ExampleRow row;
    row.place = fmt::format("{} line {}", source, number);
    const Json object = ParseObject(line, row.place);
    const auto text_of = [&](const std::string& name) {
      return name.empty() ? std::string() : Text(Member(object, name, row.place), name, row.place);
    };
    row.text = text_of(fields.text);
    row.label = text_of(fields.label);
    row.series = text_of(fields.series);
    for (const std::string& name : fields.columns) {
      row.values.push_back(Numbers(Member(object, name, row.place), name, row.place));
    }
    builder.Add(std::move(row));
  }
  return std::move(builder).Finish();
}

}  // namespace eddy
