#include "data/reading.h"

#include <gtest/gtest.h>

#include "model/temporary_directory.h"

namespace eddy {
namespace reading_test {

// A reader of `lines` lines of which each of `bad` is bad.
Skipped Sieve(size_t lines, size_t bad, const BadLines& what = {}) {
  LineSieve sieve(what, "t");
  for (size_t i = 1; i <= lines; ++i) {
    sieve.Take([&] {
      if (i <= bad) Fail("read", "t line " + std::to_string(i), "good", "bad");
    });
  }
  return sieve.Finish();
}

TEST(reading, a_few_bad_lines_are_skipped_and_counted_and_the_first_ones_named) {
  const Skipped skipped = Sieve(1000, 10);
  EXPECT_EQ(skipped.count, 10u);
  EXPECT_EQ(skipped.of, 1000u);
  ASSERT_EQ(skipped.first.size(), 5u);
  EXPECT_EQ(skipped.first[1], "t line 2 must be good, but is bad");
  EXPECT_EQ(Sieve(10, 1).count, 1u) << "one is forgiven";
  EXPECT_EQ(Sieve(9, 0).count, 0u);
}

TEST(reading, more_than_a_hundredth_of_bad_lines_is_an_error) {
  EXPECT_ERROR(Sieve(1000, 11),
               "t must be with at most 1% of its lines bad, but is with 11 of 1000 bad: t line 1 must be good");
  EXPECT_ERROR(Sieve(9, 1), "t line 1 must be good, but is bad");
  EXPECT_ERROR(Sieve(10, 2), "with 2 of 10 bad");
  EXPECT_EQ(Sieve(10, 2, {.strict = false, .most = 0.2}).count, 2u);
}

TEST(reading, a_strict_one_refuses_the_first_bad_line) {
  EXPECT_ERROR(Sieve(1000, 1, {.strict = true}), "t line 1 must be good, but is bad");
}

TEST(reading, by_far_too_many_bad_lines_end_it_early) {
  LineSieve sieve({}, "t");
  size_t lines = 0;
  EXPECT_ERROR(
      while (true) {
        ++lines;
        sieve.Take([] { Fail("read", "t", "good", "bad"); });
      },
      "1000 of 1000 bad");
  EXPECT_EQ(lines, 1000u);
}

}  // namespace reading_test
}  // namespace eddy
