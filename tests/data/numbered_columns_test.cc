#include "data/numbered_columns.h"

#include <gtest/gtest.h>

#include "data/examples.h"
#include "eddy/error.h"

namespace eddy {
namespace numbered_columns_test {

using Strings = std::vector<std::string>;

const Strings kNames = {"id", "PAY_0", "PAY_2", "PAY_3", "BILL_AMT1", "BILL_AMT2", "BILL_AMT10", "age", "late"};
const std::string kTable =
    "id,PAY_0,PAY_2,PAY_3,BILL_AMT1,BILL_AMT2,BILL_AMT10,age,late\n"
    "7,2,1,0,10,20,30,41,yes\n"
    "8,0,0,,11,21,31,52,no\n";

ExampleFields Fields(const Strings& columns, bool newest_first) {
  ExampleFields fields = {"", columns, "late", "", true};
  fields.newest_first = newest_first;
  return fields;
}

ExampleSet Read(const ExampleFields& fields, const std::string& text = kTable) {
  const Data data = Data::Text(text, "months.csv");
  return ReadExamples(data, CompleteFields(data, fields));
}

std::vector<double> ValuesOf(const ExampleSet& set, size_t i) {
  const std::span<const double> values = set[i].values();
  return {values.begin(), values.end()};
}

TEST(numbered_columns, names_are_found_with_their_columns_by_rising_number) {
  const std::vector<NumberedColumns> found = FindNumbered(kNames);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name, "PAY");
  EXPECT_EQ(found[0].columns, (Strings{"PAY_0", "PAY_2", "PAY_3"}));
  EXPECT_EQ(found[1].name, "BILL_AMT");
  EXPECT_EQ(found[1].columns, (Strings{"BILL_AMT1", "BILL_AMT2", "BILL_AMT10"}));
  EXPECT_TRUE(FindNumbered({"x1", "y2", "12", "13", "z 1", "z_1"}).empty());
}

TEST(numbered_columns, a_name_without_its_numbers_is_a_series_and_any_other_the_same_at_every_step) {
  const ExampleSet set = Read(Fields({"PAY", "age"}, false));
  ASSERT_EQ(set.size(), 2U);
  EXPECT_EQ(set.columns, (Strings{"PAY", "age"}));
  EXPECT_EQ(ValuesOf(set, 0), (std::vector<double>{2, 41, 1, 41, 0, 41}));
  EXPECT_EQ(ValuesOf(set, 1), (std::vector<double>{0, 52, 0, 52, 0, 52}));  // the missing one is the one before
  EXPECT_EQ(set[0].label(), "yes");
  ASSERT_FALSE(set.reading.notes.empty());
  EXPECT_EQ(set.reading.notes.back(), "a row is a series: PAY is PAY_0 to PAY_3; age is the same at every step");
}

TEST(numbered_columns, with_the_newest_first_the_lowest_number_is_the_last_step) {
  const ExampleSet set = Read(Fields({"BILL_AMT"}, true));
  EXPECT_EQ(ValuesOf(set, 0), (std::vector<double>{30, 20, 10}));
}

TEST(numbered_columns, where_no_columns_are_named_all_numbers_are_read) {
  EXPECT_EQ(Read(Fields({}, false)).columns, (Strings{"id", "PAY", "BILL_AMT", "age"}));
  // One name alone is a row of one series, as ever.
  EXPECT_EQ(Read({"", {}, "late", "", true}, "late,x1,x2,x3\na,1,2,3\nb,2,3,4\n").columns, Strings{"1"});
}

TEST(numbered_columns, a_column_of_the_very_name_is_itself) {
  const ExampleSet set = Read(Fields({"BILL_AMT1", "age"}, false));
  EXPECT_EQ(ValuesOf(set, 0), (std::vector<double>{10, 41}));
}

TEST(numbered_columns, names_that_are_not_there_and_unlike_numbers_are_named) {
  EXPECT_THROW(Read(Fields({"PAY", "agee"}, false)), Error);
  try {
    Read(Fields({"a", "b"}, false), "a1,a2,b1,b2,b3,late\n1,2,3,4,5,x\n2,3,4,5,6,y\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("as many columns of b as of a"), std::string::npos) << error.what();
  }
}

}  // namespace numbered_columns_test
}  // namespace eddy
