#include "base/nearest.h"

#include <gtest/gtest.h>

#include <string>

namespace eddy {
namespace nearest_test {

constexpr std::string_view kCells[] = {"rnn_tanh", "lstm", "lstm_peephole", "gru", "gru_reset_before", "mgu"};

TEST(nearest, forgives_a_letter_inserted_deleted_replaced_or_swapped) {
  EXPECT_EQ(Nearest("lsttm", kCells), "lstm");
  EXPECT_EQ(Nearest("lsm", kCells), "lstm");
  EXPECT_EQ(Nearest("lstn", kCells), "lstm");
  EXPECT_EQ(Nearest("lsmt", kCells), "lstm");
  EXPECT_EQ(Nearest("gur", kCells), "gru");
  EXPECT_EQ(Nearest("lstm_pephole", kCells), "lstm_peephole");
  EXPECT_EQ(Nearest("gru-reset-before", kCells), "gru_reset_before");
}

TEST(nearest, is_blind_to_case) { EXPECT_EQ(Nearest("LSTM", kCells), "lstm"); }

TEST(nearest, prefers_fewer_edits_and_then_the_first) {
  EXPECT_EQ(Nearest("mru", kCells), "gru");
  constexpr std::string_view kWords[] = {"adamw", "adam"};
  EXPECT_EQ(Nearest("adamx", kWords), "adamw");
  EXPECT_EQ(Nearest("adm", kWords), "adam");
}

TEST(nearest, suggests_nothing_where_nothing_is_near) {
  EXPECT_EQ(Nearest("transformer", kCells), "");
  EXPECT_EQ(Nearest("xyz", kCells), "");
  EXPECT_EQ(Nearest("", kCells), "");
  EXPECT_EQ(Nearest("lstm", {}), "");
}

TEST(nearest, takes_no_time_over_a_hostile_word) {
  const std::string word(10'000'000, 'a'), other(10'000'001, 'a');
  const std::string_view candidates[] = {other, ""};
  EXPECT_EQ(Nearest(word, candidates), "");
}

}  // namespace nearest_test
}  // namespace eddy
