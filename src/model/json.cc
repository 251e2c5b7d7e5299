#include "model/json.h"

#include <cmath>
#include <limits>
#include <unordered_set>

#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kMostDepth = 64;

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

// Reads JSON text without keeping it, to see whether it is any, not too deep, and names nothing twice: of two values,
// nlohmann would keep the last and not tell. (Its parser with a callback would tell, in a time that grows as the square of
// an object's size.)
class Guard : public nlohmann::json_sax<Json> {
 public:
  explicit Guard(std::string_view what) : what_(what) {}
  const std::string& error() const { return error_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(size_t) override { return Open(); }
  bool end_object() override { return Close(); }
  bool start_array(size_t) override { return Open(); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    if (!keys_.back().insert(name).second) {
      Fail("read JSON", what_, "without repeated keys", "with " + Quoted(name) + " twice");
    }
    return true;
  }
  bool parse_error(size_t, const std::string&, const Json::exception& error) override {
    error_ = error.what();
    return false;
  }

 private:
  bool Open() {
    if (keys_.size() > kMostDepth) Fail("read JSON", what_, "nested at most 64 deep", "deeper");
    keys_.emplace_back();
    return true;
  }
  bool Close() {
    keys_.pop_back();
    return true;
  }

  const std::string_view what_;
  std::vector<std::unordered_set<std::string>> keys_;  // of what is open
  std::string error_;
};

}  // namespace

Json ParseJson(std::string_view text, std::string_view what) {
  Guard guard(what);
  if (!Json::sax_parse(text, &guard)) Fail("read JSON", what, "JSON text", "not: " + Quoted(guard.error()));
  return Json::parse(text);
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
