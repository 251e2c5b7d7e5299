// JSON as it is stored in models and checkpoints. Files come from anywhere, so every access says what it expects and throws
// Error otherwise; nothing of nlohmann's exceptions leaves these functions.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace eddy {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // for people: keys stay as they were put in

// Parses UTF-8 text. Refuses nesting deeper than 64 and an object with the same key twice. `what` names the text in errors.
Json ParseJson(std::string_view text, std::string_view what);

// One line without spaces. Throws Error for strings that are not UTF-8.
std::string DumpJson(const Json& json, std::string_view what);

// The field of an object; each throws Error naming the key when it is missing, of another type or out of range.
const Json& Field(const Json& object, const std::string& key);
const Json& ObjectField(const Json& object, const std::string& key);
const Json& ArrayField(const Json& object, const std::string& key);
const std::string& StringField(const Json& object, const std::string& key);
bool BoolField(const Json& object, const std::string& key);
int64_t IntegerField(const Json& object, const std::string& key, int64_t least, int64_t most);
double NumberField(const Json& object, const std::string& key);  // finite
double NumberOrNan(const Json& json);                            // null is how NaN is written
std::vector<double> NumbersField(const Json& object, const std::string& key);
std::vector<std::string> StringsField(const Json& object, const std::string& key);

// A short text for an error message: printable ASCII in double quotes, cut after 100 characters.
std::string Quoted(std::string_view text);

}  // namespace eddy
