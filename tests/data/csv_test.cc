#include "data/csv.h"

#include <gtest/gtest.h>

#include <cmath>

#include "eddy/error.h"
#include "model/temporary_directory.h"

namespace eddy {
namespace csv_test {

std::string Message(std::string_view text) {
  try {
    const CsvTable table = ParseCsv(text, "t.csv");
    for (size_t row = 0; row < table.rows(); ++row) {
      for (size_t column = 0; column < table.columns(); ++column) table.Number(row, column);
    }
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Csv, cells_may_be_quoted_and_hold_separators_quotes_and_line_ends) {
  const CsvTable table = ParseCsv("a, \"b c\" ,d\r\n\"1,5\",\"say \"\"hi\"\"\",\"two\nlines\"\r\nx,,y", "t");
  EXPECT_EQ(table.names(), (std::vector<std::string>{"a", "b c", "d"}));
  ASSERT_EQ(table.rows(), 2u);
  EXPECT_EQ(table.cell(0, 0), "1,5");
  EXPECT_EQ(table.cell(0, 1), "say \"hi\"");
  EXPECT_EQ(table.cell(0, 2), "two\nlines");
  EXPECT_EQ(table.cell(1, 1), "");
  EXPECT_EQ(table.cell(1, 2), "y");
  EXPECT_EQ(table.line(1), 4u);
}

TEST(Csv, the_separator_byte_order_mark_and_line_ends_are_recognised) {
  for (const std::string_view text : {"a,b\n1,2\n", "a;b\n1;2", "a\tb\r\n1\t2\r\n", "a|b\r1|2\r",
                                      "\xEF\xBB\xBF"
                                      "a,b\n\n1,2\n\n"}) {
    const CsvTable table = ParseCsv(text, "t");
    ASSERT_EQ(table.rows(), 1u) << text;
    EXPECT_EQ(table.Number(0, table.Find("a")), 1) << text;
    EXPECT_EQ(table.Number(0, table.Find("b")), 2) << text;
  }
}

TEST(Csv, empty_cells_and_the_usual_words_are_missing_values) {
  const CsvTable table = ParseCsv("a\nNA\nnan\n\nNULL\nNone\nn/a\n7\n\n\n", "t");
  ASSERT_EQ(table.rows(), 7u) << "a blank line is a missing value in a single column, but not at the end";
  for (size_t row = 0; row < 6; ++row) EXPECT_TRUE(std::isnan(table.Number(row, 0)));
  EXPECT_EQ(table.Number(6, 0), 7);
}

TEST(Csv, numbers_are_read_whole) {
  const CsvTable table = ParseCsv("a;b\n+1.5e2;-3,25\n", "t");
  EXPECT_EQ(table.Number(0, 0), 150);
  EXPECT_EQ(table.Number(0, 1), -3.25) << "a decimal comma between semicolons";
}

TEST(Csv, a_cell_that_is_no_finite_number_is_an_error_with_its_line_and_column) {
  EXPECT_EQ(Message("x,my value\n1,2\n3,inf\n"),
            "read: t.csv line 3 column \"my value\" must be a finite number, but is \"inf\"");
  for (const std::string_view bad : {"-inf", "1e999", "12abc", "0x10", "1,2", "--1", "+-1", "1 2", "nan(1)"}) {
    EXPECT_NE(Message("x\ty\n0\t" + std::string(bad) + "\n").find("line 2 column \"y\""), std::string::npos) << bad;
  }
}

TEST(Csv, a_wrong_column_is_told_the_nearest) {
  const CsvTable table = ParseCsv("date,value,value 2,x,x\n1,2,3,4,5\n", "t.csv");
  EXPECT_EQ(table.Find("value 2"), 2u);
  try {
    table.Find("valeu");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string_view(error.what()).find("did you mean \"value\"?"), std::string_view::npos) << error.what();
  }
  EXPECT_THROW(table.Find("x"), Error) << "the name of two columns";
}

TEST(Csv, a_table_without_a_header_has_numbers_for_names) {
  const CsvTable table = ParseCsv("a fine , small film\t1\ndull , dull , dull\t0\n", "t.tsv", {'\t', false});
  EXPECT_EQ(table.names(), (std::vector<std::string>{"1", "2"}));
  ASSERT_EQ(table.rows(), 2u);
  EXPECT_EQ(table.cell(0, 0), "a fine , small film");
  EXPECT_EQ(table.cell(1, table.Find("2")), "0");
  EXPECT_EQ(table.line(0), 1u);
  EXPECT_EQ(table.line(1), 2u);
}

TEST(Csv, a_column_without_a_name_has_its_number) {
  const CsvTable table = ParseCsv(",y,,4\n2001,5,6,7\n", "test");
  EXPECT_EQ(table.names(), (std::vector<std::string>{"1", "y", "3", "4"}));
  EXPECT_EQ(table.cell(0, table.Find("1")), "2001") << "as data frames write their index";
  EXPECT_EQ(ParseCsv(",1\n2001,5\n", "test").cell(0, 1), "5");
  EXPECT_EQ(ParseCsv(",1\n2001,5\n", "test").Find("1"), 1u) << "another column has that name";
}

TEST(Csv, malformed_tables_are_errors_that_name_the_line) {
  EXPECT_NE(Message("").find("empty"), std::string::npos);
  EXPECT_NE(Message("a,b\n").find("rows"), std::string::npos);
  EXPECT_NE(Message("\n1,2\n").find("names of columns"), std::string::npos);
  EXPECT_NE(Message("1,2\n3,4\n").find("such as \"1\""), std::string::npos);
  EXPECT_EQ(Message("a,b\n1,2\n\n1\n"), "read: t.csv line 4 must be of 2 cells, as the header, but is of 1");
  EXPECT_NE(Message("a,b\n1,2,3\n").find("line 2"), std::string::npos);
  EXPECT_NE(Message("a,b\n1,2\n\"3,4\n5,6\n").find("line 3 must be closed"), std::string::npos);
  EXPECT_NE(Message("a,b\n\"1\"x,2\n").find("line 2"), std::string::npos);
  EXPECT_NE(Message("a,b\n1,\xFF\n").find("0xFF on line 2"), std::string::npos);
  EXPECT_NE(Message(std::string_view("a,b\n1,\0\n", 8)).find("zero byte, at byte 6, line 2"), std::string::npos);
}

TEST(Csv, messages_are_one_short_line_whatever_is_in_the_cell) {
  const std::string message = Message("a,b\n1,\"x\ny" + std::string(100000, 'z') + "\"\n");
  EXPECT_LT(message.size(), 200u);
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST(Csv, cells_written_can_be_read_back) {
  for (const std::string_view text : {"plain", "with space", " around ", "a,b", "a\"b", "two\nlines", ""}) {
    const CsvTable table = ParseCsv("a,b\n" + CsvCell(text) + ",1\n", "t");
    EXPECT_EQ(table.cell(0, 0), text);
  }
}

TEST(csv, between_tabs_a_quote_is_a_letter_unless_it_wraps_the_cell) {
  const CsvTable table = ParseCsv(
      "text\tlabel\n\"Oh\" he said\ta\n5\" disk\tb\n\"wrapped \"\"so\"\"\"\tc\n\"open\td\n\"two\nlines\"\te\n", "t");
  ASSERT_EQ(table.rows(), 5u);
  EXPECT_EQ(table.cell(0, 0), "\"Oh\" he said");
  EXPECT_EQ(table.cell(1, 0), "5\" disk");
  EXPECT_EQ(table.cell(2, 0), "wrapped \"so\"");
  EXPECT_EQ(table.cell(3, 0), "\"open");
  EXPECT_EQ(table.cell(4, 0), "two\nlines");
  EXPECT_EQ(table.line(4), 6u);
}

TEST(csv, rows_that_do_not_fit_are_skipped_where_told) {
  std::string text = "a,b\n";
  for (int i = 0; i < 300; ++i) text += "1,2\n";
  text += "3\n\"4\"x,5\n6,\xFF\n\n7,8\n";
  const CsvTable table = ParseCsv(text, "t", {'\0', true, {}});
  EXPECT_EQ(table.rows(), 301u);
  EXPECT_EQ(table.cell(300, 1), "8");
  EXPECT_EQ(table.line(300), 306u);
  const Skipped skipped = table.sieve().Finish();
  EXPECT_EQ(skipped.count, 3u);
  EXPECT_EQ(skipped.of, 304u) << "blank lines are none";
  EXPECT_EQ(skipped.first[0], "t line 302 must be of 2 cells, as the header, but is of 1");
  EXPECT_ERROR(ParseCsv(text, "t"), "UTF-8");
  EXPECT_ERROR(ParseCsv("a,b\n1\n2\n", "t", {'\0', true, {}}), "2 of 2 bad");
}

}  // namespace csv_test
}  // namespace eddy
