#include "data/number_column.h"

#include <gtest/gtest.h>

#include <cmath>

#include "eddy/error.h"

namespace eddy {
namespace number_column_test {

std::vector<double> Read(const std::string& cells, char separator = '\t') {
  return ReadNumbers(ParseCsv("y\n" + cells, "t.csv", {separator, true}), 0);
}

std::string Message(const std::string& cells) {
  try {
    Read(cells);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

using Numbers = std::vector<double>;

TEST(NumberColumn, marks_are_decided_by_the_column) {
  EXPECT_EQ(Read("1,234.50\n-2\n3\n"), (Numbers{1234.5, -2, 3}));
  EXPECT_EQ(Read("1.234,50\n2.000\n3,5\n"), (Numbers{1234.5, 2000, 3.5}));
  EXPECT_EQ(Read("3,5\n1.234\n"), (Numbers{3.5, 1234})) << "a comma that must be decimal";
  EXPECT_EQ(Read("1,234\n12\n"), (Numbers{1234, 12}));
  EXPECT_EQ(Read("1,234\n12\n", ';'), (Numbers{1.234, 12})) << "between semicolons";
  EXPECT_EQ(Read("1,234,567\n1.5e2\n"), (Numbers{1234567, 150}));
  EXPECT_EQ(Read("1.234.567\n0,5\n"), (Numbers{1234567, 0.5}));
  EXPECT_EQ(Read("1 234,5\n12\n"), (Numbers{1234.5, 12}));
  EXPECT_EQ(Read("1\u00a0234\n12,25\n"), (Numbers{1234, 12.25}));
  EXPECT_EQ(Read("1'234.5\n"), (Numbers{1234.5}));
  EXPECT_EQ(Read("1.5\n1e3\n+2\n"), (Numbers{1.5, 1000, 2}));
}

TEST(NumberColumn, signs_of_currency_and_percent_are_left_out) {
  EXPECT_EQ(Read("$9,779.16\n-$1.00\n($2.50)\n"), (Numbers{9779.16, -1, -2.5}));
  EXPECT_EQ(Read("5 \u20ac\n1.000,5 \u20ac\n"), (Numbers{5, 1000.5}));
  EXPECT_EQ(Read("12%\n3.5 %\n"), (Numbers{12, 3.5}));
}

TEST(NumberColumn, what_stands_for_a_missing_value_is_one) {
  for (const char* cell : {"#N/A", "?", "-", "NA", "null", "n.a.", "#DIV/0!", ".", "NaN", "None"}) {
    const Numbers numbers = Read(std::string("1\n") + cell + "\n2\n");
    EXPECT_TRUE(std::isnan(numbers[1])) << cell;
  }
}

TEST(NumberColumn, a_cell_that_contradicts_the_others_is_an_error_with_its_line) {
  EXPECT_NE(Message("1,234.50\n2.000,5\n").find("t.csv line 3 column \"y\""), std::string::npos);
  EXPECT_NE(Message("1,234.50\n2.000,5\n").find("decimal point"), std::string::npos);
  EXPECT_NE(Message("12%\n0.12\n").find("line 3"), std::string::npos);
  EXPECT_NE(Message("1\n2\nx\n").find("line 4 column \"y\" must be a finite number"), std::string::npos);
  for (const char* bad : {"1,23,4.5", "12,34.5", "$", "%", "--5", "1e400", "()", "1 2", "$$5", "1,,234.5"}) {
    EXPECT_NE(Message(std::string("1.5\n") + bad + "\n2.5\n").find("line 3"), std::string::npos) << bad;
  }
}

}  // namespace number_column_test
}  // namespace eddy
