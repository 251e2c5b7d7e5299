#include "base/team_size.h"

#include <gtest/gtest.h>

namespace eddy {
namespace team_size_test {

constexpr int64_t kMillisecond = 1'000'000;

// A machine on which jobs take a millisecond each, and what a team does on it.
struct Machine {
  // Jobs until `end` on all threads that work: the caller waits for a share of them, and all threads together have `cores`
  // of processor time.
  void Run(TeamSize& size, int64_t end, double waited, double cores) {
    while (now < end) {
      const int threads = size.Now(now);
      now += kMillisecond;
      if (threads < most) reduced += kMillisecond;
      if (threads == 1) continue;  // nothing is shared
      if (size.Add(kMillisecond, static_cast<int64_t>(waited * kMillisecond), threads)) {
        windows += size.measures();
        size.Decide(size.measures() ? static_cast<int64_t>(cores * 2 * kMillisecond) : -1, now);
      }
    }
  }

  int most = 2;
  int64_t now = 0, reduced = 0;
  int windows = 0;  // that were measured
};

TEST(TeamSize, all_threads_work_where_the_caller_hardly_waits) {
  TeamSize size(2);
  Machine machine;
  machine.Run(size, 10'000 * kMillisecond, 0.1, 0.1);
  EXPECT_EQ(machine.reduced, 0);
  EXPECT_EQ(machine.windows, 0) << "nothing was measured";
}

TEST(TeamSize, all_threads_work_where_the_caller_waits_for_one_that_has_more_to_do) {
  TeamSize size(2);
  Machine machine;
  machine.Run(size, 10'000 * kMillisecond, 0.6, 1.4);
  EXPECT_EQ(machine.reduced, 0);
  EXPECT_GT(machine.windows, 0);
}

TEST(TeamSize, fewer_threads_work_where_all_together_get_less_than_one_core_but_for_a_tenth_of_the_time) {
  TeamSize size(2);
  Machine machine;
  constexpr int64_t kTime = 60'000 * kMillisecond;
  machine.Run(size, kTime, 0.6, 0.5);
  EXPECT_GT(machine.reduced, kTime * 9 / 10);
  EXPECT_LT(machine.reduced, kTime) << "it was tried again";
}

TEST(TeamSize, all_threads_work_again_when_the_cores_are_free_again) {
  TeamSize size(2);
  Machine machine;
  machine.Run(size, 100 * kMillisecond, 0.6, 0.5);
  EXPECT_GT(machine.reduced, 0);
  machine.Run(size, 2000 * kMillisecond, 0.1, 1.9);
  machine.reduced = 0;
  machine.Run(size, 10'000 * kMillisecond, 0.1, 1.9);
  EXPECT_EQ(machine.reduced, 0);
}

TEST(TeamSize, a_large_team_is_halved_until_what_is_left_gets_its_cores) {
  TeamSize size(8);
  EXPECT_FALSE(size.Add(kMillisecond, 0, 8));
  int64_t now = 0;
  const auto window = [&](double cores) {
    now += 2 * kMillisecond;
    size.Add(2 * kMillisecond, kMillisecond, size.size());
    return size.Decide(size.measures() ? static_cast<int64_t>(cores * 2 * kMillisecond) : -1, now);
  };
  size.Decide(-1, now);
  EXPECT_FALSE(window(2)) << "it has measured nothing yet";
  EXPECT_TRUE(window(2));
  EXPECT_EQ(size.size(), 4);
  EXPECT_FALSE(window(2.5));
  EXPECT_EQ(size.size(), 4);
  EXPECT_EQ(size.Now(now + 3'600'000 * kMillisecond), 8);
}

TEST(TeamSize, nothing_is_concluded_where_processor_time_is_not_known) {
  TeamSize size(2);
  for (int i = 0; i < 100; ++i) {
    size.Add(2 * kMillisecond, 2 * kMillisecond, 2);
    EXPECT_FALSE(size.Decide(-1, i * 2 * kMillisecond));
  }
  EXPECT_EQ(size.size(), 2);
}

}  // namespace team_size_test
}  // namespace eddy
