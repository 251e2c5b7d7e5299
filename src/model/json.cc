#include "model/json.h"

#include <cmath>
#include <limits>
#include <set>

#include "eddy/error.h"

namespace eddy {
namespace {

constexpr int kMostDepth = 64;

[[noreturn]] void FailField(const std::string& key, const std::string& expected, const Json& given) {
  Fail("stored description", Quoted(key), expected, std::string("of type ") + given.type_name());
}

template <class T, class Convert>
std::vector<T> Elements(const Json& object, const std::string& key, const Convert& convert) {
  std::vector<T> elements;
  for (const Json& element : ArrayField(object, key)) elements.push_back(convert(element));
  return elements;
}

double FiniteNumber(const Json& json, const std::string& key) {
  if (!json.is_number()) FailField(key, "a number", json);
  const double number = json.get<double>();
  if (!std::isfinite(number)) Fail("stored description", Quoted(key), "a finite number", "not finite");
  return number;
}

const std::string& Text(const Json& json, const std::string& key) {
  if (!json.is_string()) FailField(key, "a text", json);
  return json.get_ref<const std::string&>();
}

}  // namespace

Json ParseJson(std::string_view text, std::string_view what) {
  std::vector<std::set<std::string>> keys;  // of the objects that are open; nlohmann would keep the last of two and not tell
  const auto guard = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kMostDepth) Fail("read JSON", what, "nested at most 64 deep", "deeper");
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second) {
      Fail("read JSON", what, "without repeated keys", "with " + Quoted(parsed.get<std::string>()) + " twice");
    }
    return true;
  };
  try {
    return Json::parse(text, guard);
  } catch (const Json::exception& error) {
    Fail("read JSON", what, "JSON text", "not: " + Quoted(error.what()));
  }
}

std::string DumpJson(const Json& json, std::string_view what) {
  try {
    return json.dump();
  } catch (const Json::exception&) {
    Fail("write JSON", what, "of UTF-8 texts", "not UTF-8");
  }
}

const Json& Field(const Json& object, const std::string& key) {
  if (!object.is_object()) FailField(key, "in an object", object);
  const auto found = object.find(key);
  if (found == object.end()) Fail("stored description", Quoted(key), "there", "missing");
  return *found;
}

const Json& ObjectField(const Json& object, const std::string& key) {
  const Json& field = Field(object, key);
  if (!field.is_object()) FailField(key, "an object", field);
  return field;
}

const Json& ArrayField(const Json& object, const std::string& key) {
  const Json& field = Field(object, key);
  if (!field.is_array()) FailField(key, "an array", field);
  return field;
}

const std::string& StringField(const Json& object, const std::string& key) { return Text(Field(object, key), key); }

bool BoolField(const Json& object, const std::string& key) {
  const Json& field = Field(object, key);
  if (!field.is_boolean()) FailField(key, "true or false", field);
  return field.get<bool>();
}

int64_t IntegerField(const Json& object, const std::string& key, int64_t least, int64_t most) {
  const Json& field = Field(object, key);
  if (!field.is_number_integer()) FailField(key, "an integer", field);
  const bool huge = field.is_number_unsigned() && field.get<uint64_t>() > uint64_t{INT64_MAX};
  const int64_t value = huge ? INT64_MAX : field.get<int64_t>();
  if (huge || value < least || value > most) {
    Fail("stored description", Quoted(key), "between " + std::to_string(least) + " and " + std::to_string(most),
         field.dump());
  }
  return value;
}

double NumberField(const Json& object, const std::string& key) { return FiniteNumber(Field(object, key), key); }

double NumberOrNan(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : FiniteNumber(json, "a number");
}

std::vector<double> NumbersField(const Json& object, const std::string& key) {
  return Elements<double>(object, key, [&](const Json& element) { return FiniteNumber(element, key); });
}

std::vector<std::string> StringsField(const Json& object, const std::string& key) {
  return Elements<std::string>(object, key, [&](const Json& element) { return Text(element, key); });
}

std::string Quoted(std::string_view text) {
  constexpr size_t kMost = 100;
  std::string quoted = "\"";
  for (char c : text.substr(0, kMost)) quoted += c >= ' ' && c <= '~' ? c : '?';
  return quoted + (text.size() > kMost ? "...\"" : "\"");
}

}  // namespace eddy
