#include "data/printable.h"

#include <gtest/gtest.h>

namespace eddy {
namespace printable_test {

TEST(Printable, plain_text_stays_as_it_is) {
  EXPECT_EQ(Printable(""), "");
  EXPECT_EQ(Printable("a ~\xC2\xA0\xC3\xA9\xE2\x80\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
            "a ~\xC2\xA0\xC3\xA9\xE2\x80\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
}

TEST(Printable, nothing_that_moves_a_cursor_or_turns_text_is_left) {
  const std::string gone = "\xEF\xBF\xBD";
  for (const char* control : {"\x1b", "\n", "\r", "\t", "\b", "\x7f", "\xC2\x80", "\xC2\x9B", "\xC2\x9F", "\xE2\x80\xAE",
                              "\xE2\x81\xA6", "\xFF", "\xC2"}) {
    EXPECT_EQ(Printable(std::string("a") + control + "b"), "a" + gone + "b");
  }
  EXPECT_EQ(Printable(std::string_view("\0", 1)), gone);
}

}  // namespace printable_test
}  // namespace eddy
