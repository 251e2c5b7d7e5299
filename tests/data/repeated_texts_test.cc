#include "data/repeated_texts.h"

#include <gtest/gtest.h>

#include "base/ragged.h"

namespace eddy {
namespace repeated_texts_test {

const std::vector<std::string> kTexts = {"a line 7", "a line 8", "a line 08",   "",           "0",   "007",
                                         "pos",      "-1",       "x1000000000", "1234567890", "pos", "a line 9",
                                         "9",        "-1",       "10",          "é5",         "1.50"};

TEST(repeated_texts, come_back_as_they_were) {
  RepeatedTexts texts;
  for (const std::string& text : kTexts) texts.Add(text);
  ASSERT_EQ(texts.size(), kTexts.size());
  for (size_t i = 0; i < kTexts.size(); ++i) EXPECT_EQ(texts[i], kTexts[i]);
}

TEST(repeated_texts, are_taken_out_and_the_others_move_up) {
  RepeatedTexts texts;
  Ragged<char> rows;
  for (const std::string& text : kTexts) texts.Add(text), rows.Add(text);
  const std::vector<size_t> places = {0, 3, 4, kTexts.size() - 1};
  const RepeatedTexts taken = texts.TakeOut(places);
  const Ragged<char> taken_rows = rows.TakeOut(places);
  ASSERT_EQ(taken.size(), places.size());
  ASSERT_EQ(taken_rows.size(), places.size());
  for (size_t i = 0; i < places.size(); ++i) {
    EXPECT_EQ(taken[i], kTexts[places[i]]);
    EXPECT_EQ(taken_rows[i], kTexts[places[i]]);
  }
  ASSERT_EQ(texts.size(), kTexts.size() - places.size());
  ASSERT_EQ(rows.size(), texts.size());
  for (size_t i = 0, next = 0, kept = 0; i < kTexts.size(); ++i) {
    if (next < places.size() && places[next] == i) {
      ++next;
      continue;
    }
    EXPECT_EQ(texts[kept], kTexts[i]);
    EXPECT_EQ(rows[kept++], kTexts[i]);
  }
}

TEST(ragged, rows_may_be_empty) {
  Ragged<int32_t> rows;
  EXPECT_TRUE(rows.empty());
  rows.Add({});
  const std::vector<int32_t> row = {1, 2, 3};
  rows.Add(row);
  rows.Add({});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_TRUE(rows[0].empty() && rows[2].empty());
  EXPECT_EQ(std::vector<int32_t>(rows[1].begin(), rows[1].end()), row);
}

}  // namespace repeated_texts_test
}  // namespace eddy
