#include "model/json.h"

#include <cmath>
#include <limits>

#include "model/temporary_directory.h"

namespace eddy {
namespace json_test {

TEST(Json, numbers_come_back_with_the_same_bits) {
  const Json numbers = {0.1, 1e-310, -1.0 / 3, 1.7976931348623157e308, int64_t{-9007199254740993}};
  EXPECT_EQ(ParseJson(DumpJson(numbers, "numbers"), "numbers"), numbers);
}

TEST(Json, nan_is_written_as_null) {
  const Json json = ParseJson(DumpJson({std::numeric_limits<double>::quiet_NaN()}, "a"), "a");
  EXPECT_TRUE(std::isnan(NumberOrNan(json[0])));
}

TEST(Json, bad_text_is_an_error) {
  EXPECT_ERROR(ParseJson("", "it"), "it must be JSON text");
  EXPECT_ERROR(ParseJson("{\"a\": 1", "it"), "it must be JSON text");
  EXPECT_ERROR(ParseJson("[1e999]", "it"), "it must be JSON text");
  EXPECT_ERROR(ParseJson("\"\xff\"", "it"), "it must be JSON text");
  EXPECT_ERROR(ParseJson("{\"a\": 1, \"b\": {\"a\": 1}, \"a\": 2}", "it"), "with \"a\" twice");
  EXPECT_ERROR(ParseJson(std::string(100000, '['), "it"), "nested at most 64 deep");
  EXPECT_ERROR(DumpJson("\xff", "it"), "it must be of UTF-8 texts");
}

TEST(Json, the_same_key_in_two_objects_is_no_repetition) {
  EXPECT_EQ(ParseJson("{\"a\": {\"a\": 1}, \"b\": [{\"a\": 2}, {\"a\": 3}]}", "it")["b"][1]["a"], 3);
}

TEST(Json, fields_of_the_wrong_type_or_range_are_errors) {
  const Json json = {{"text", "a"},        {"number", 1.5}, {"integer", 7},
                     {"huge", UINT64_MAX}, {"flag", true},  {"list", {1, "b"}}};
  EXPECT_EQ(StringField(json, "text"), "a");
  EXPECT_EQ(NumberField(json, "number"), 1.5);
  EXPECT_EQ(NumberField(json, "integer"), 7);
  EXPECT_EQ(IntegerField(json, "integer", 7, 7), 7);
  EXPECT_TRUE(BoolField(json, "flag"));
  EXPECT_ERROR(Field(json, "other"), "\"other\" must be there, but is missing");
  EXPECT_ERROR(Field(json["text"], "text"), "in an object");
  EXPECT_ERROR(StringField(json, "number"), "a text, but is of type number");
  EXPECT_ERROR(NumberField(json, "text"), "a number");
  EXPECT_ERROR(BoolField(json, "integer"), "true or false");
  EXPECT_ERROR(ObjectField(json, "list"), "an object");
  EXPECT_ERROR(ArrayField(json, "text"), "an array");
  EXPECT_ERROR(IntegerField(json, "number", 0, 9), "an integer");
  EXPECT_ERROR(IntegerField(json, "integer", 8, 9), "between 8 and 9, but is 7");
  EXPECT_ERROR(IntegerField(json, "huge", 0, INT64_MAX), "between 0 and");
  EXPECT_ERROR(NumbersField(json, "list"), "a number");
  EXPECT_ERROR(StringsField(json, "list"), "a text");
}

TEST(Json, quoted_text_is_short_and_printable) {
  EXPECT_EQ(Quoted("a\n\x1b[1m"), "\"a??[1m\"");
  EXPECT_EQ(Quoted(std::string(1000, 'x')), "\"" + std::string(100, 'x') + "...\"");
}

}  // namespace json_test
}  // namespace eddy
