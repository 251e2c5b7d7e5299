// Options that describe their fields (eddy/fields.h), to JSON and back. An object inside the object is a stack of recurrent
// layers.
#pragma once

#include <cmath>
#include <type_traits>

#include "eddy/error.h"
#include "eddy/fields.h"
#include "model/json.h"
#include "model/stack_json.h"

namespace eddy {

class FieldsToJson {
 public:
  explicit FieldsToJson(Json& to) : to_(to) {}

  template <class Value>
  requires(!std::is_enum_v<Value>) void operator()(const char* name, const Value& value, const Bounds& = {}) {
    to_[name] = value;
  }
  void operator()(const char* name, const StackOptions& stack) { to_[name] = ToJson(stack); }
  template <class Enumeration, size_t count>
  void operator()(const char* name, const Enumeration& value, const EnumerationName<Enumeration> (&names)[count]) {
    for (const auto& each : names) {
      if (each.value == value) to_[name] = each.name;
    }
  }

 private:
  Json& to_;
};

// Throws Error for a field that is missing, of another type or out of its bounds.
class FieldsFromJson {
 public:
  explicit FieldsFromJson(const Json& from) : from_(from) {}

  void operator()(const char* name, size_t& value, const Bounds& bounds) {
    value = static_cast<size_t>(
        IntegerField(from_, name, static_cast<int64_t>(bounds.least), static_cast<int64_t>(bounds.most)));
  }
  void operator()(const char* name, double& value, const Bounds& bounds) {
    value = NumberField(from_, name);
    const bool within = bounds.least <= value && value <= bounds.most;
    Require(within, "stored description", Quoted(name), "between " + Short(bounds.least) + " and " + Short(bounds.most),
            Short(value));
  }
  void operator()(const char* name, bool& value) { value = BoolField(from_, name); }
  void operator()(const char* name, std::string& value) { value = StringField(from_, name); }
  void operator()(const char* name, StackOptions& stack) { stack = StackOptionsFromJson(ObjectField(from_, name)); }
  template <class Enumeration, size_t count>
  void operator()(const char* name, Enumeration& value, const EnumerationName<Enumeration> (&names)[count]) {
    const std::string& given = StringField(from_, name);
    std::string all;
    for (const auto& each : names) {
      if (given == each.name) {
        value = each.value;
        return;
      }
      all += (all.empty() ? "" : ", ") + std::string(each.name);
    }
    Fail("stored description", Quoted(name), "one of " + all, Quoted(given));
  }

 private:
  static std::string Short(double value) { return Json(value).dump(); }
  const Json& from_;
};

}  // namespace eddy
