#include "eddy/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "eddy/error.h"

namespace eddy {
namespace {

TEST(Threads, every_thread_runs_a_job_once) {
  for (int count : {1, 2, 5}) {
    Threads threads(count);
    for (int repeat = 0; repeat < 200; ++repeat) {
      std::vector<std::atomic<int>> runs(static_cast<size_t>(count));
      threads.Run([&](int thread) { ++runs[static_cast<size_t>(thread)]; });
      for (auto& n : runs) EXPECT_EQ(n, 1);
    }
  }
}

TEST(Threads, a_barrier_of_threads_shows_what_others_wrote_before_it) {
  Threads threads(3);
  std::vector<int> written(3);
  threads.Run([&](int thread) {
    for (int round = 1; round <= 500; ++round) {
      written[static_cast<size_t>(thread)] = round;
      threads.Barrier();
      for (int value : written) EXPECT_EQ(value, round);
      threads.Barrier();
    }
  });
}

TEST(Threads, parts_of_a_range_shared_by_threads_cover_it_once) {
  Threads threads(3);
  for (size_t n : {0, 1, 2, 3, 100}) {
    for (size_t grain : {1, 7, 1000}) {
      std::vector<std::atomic<int>> seen(n);
      threads.For(n, grain, [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) ++seen[i];
      });
      for (auto& times : seen) EXPECT_EQ(times, 1);
    }
  }
}

TEST(Threads, threads_that_slept_wake_for_the_next_job) {
  Threads threads(2);
  std::atomic<int> runs{0};
  threads.Run([&](int) { ++runs; });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  threads.Run([&](int) { ++runs; });
  EXPECT_EQ(runs, 4);
}

TEST(Threads, refuses_a_team_of_none_or_too_many_threads) {
  EXPECT_THROW(Threads(0), Error);
  EXPECT_THROW(Threads(1000000), Error);
}

}  // namespace
}  // namespace eddy
