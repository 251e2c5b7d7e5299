#include "eddy/threads.h"

#include <gtest/gtest.h>

#ifdef __linux__
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <atomic>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "eddy/error.h"

namespace eddy {
namespace threads_test {

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

TEST(Threads, every_share_is_run_once_by_however_many_threads) {
  for (int count : {1, 2, 3}) {
    Threads threads(count);
    for (int shares : {0, 1, 2, 7}) {
      for (int repeat = 0; repeat < 100; ++repeat) {
        std::vector<std::atomic<int>> runs(static_cast<size_t>(shares));
        threads.RunShares(shares, [&](int share) { ++runs[static_cast<size_t>(share)]; });
        for (auto& n : runs) EXPECT_EQ(n, 1);
      }
    }
  }
}

TEST(Threads, a_share_that_no_thread_has_begun_is_done_by_the_caller) {
  Threads threads(2);
  std::atomic<bool> done{false};
  std::thread::id second;
  // The worker is kept busy by the first job's share, which ends only when the second has run both of its own.
  std::thread other([&] {
    threads.RunShares(2, [&](int share) {
      while (share == 1 && !done) std::this_thread::yield();
    });
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  threads.RunShares(2, [&](int share) {
    if (share == 1) second = std::this_thread::get_id();
  });
  done = true;
  other.join();
  EXPECT_EQ(second, std::this_thread::get_id());
}

TEST(Threads, what_a_thread_throws_reaches_the_caller_when_all_threads_have_returned) {
  Threads threads(3);
  for (int thrower : {0, 1, 2}) {
    std::atomic<int> returned{0};
    const auto job = [&](int thread) {
      if (thread == thrower) throw std::runtime_error("thread " + std::to_string(thread));
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ++returned;
    };
    try {
      threads.Run(job);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(error.what(), "thread " + std::to_string(thrower));
    }
    EXPECT_EQ(returned, 2);
    EXPECT_THROW(threads.RunShares(3, job), std::runtime_error);
    EXPECT_THROW(threads.For(3, 1, [&](size_t begin, size_t) { job(static_cast<int>(begin)); }), std::runtime_error);
  }
  std::atomic<int> runs{0};
  threads.Run([&](int) { ++runs; });
  EXPECT_EQ(runs, 3) << "the team works on";
}

TEST(Threads, of_several_exceptions_that_of_the_lowest_thread_is_thrown) {
  Threads threads(3);
  try {
    threads.Run([&](int thread) { throw thread; });
  } catch (int thread) {
    EXPECT_EQ(thread, 0);
  }
}

TEST(Threads, a_thread_that_throws_is_not_waited_for_at_a_barrier) {
  Threads threads(3);
  for (int thrower : {0, 1, 2}) {
    const auto job = [&](int thread) {
      for (int round = 0; round < 10; ++round) {
        if (thread == thrower && round == 5) throw std::runtime_error("gone");
        threads.Barrier();
      }
    };
    EXPECT_THROW(threads.Run(job), std::runtime_error);
  }
  std::vector<int> written(3);
  threads.Run([&](int thread) {
    written[static_cast<size_t>(thread)] = 1;
    threads.Barrier();
    EXPECT_EQ(std::accumulate(written.begin(), written.end(), 0), 3) << "all are waited for again";
  });
}

TEST(Threads, shares_inside_a_job_of_threads_are_run_by_their_caller_alone) {
  Threads threads(2);
  std::atomic<int> runs{0};
  threads.Run([&](int) {
    const std::thread::id self = std::this_thread::get_id();
    threads.RunShares(4, [&](int) {
      EXPECT_EQ(std::this_thread::get_id(), self);
      ++runs;
    });
    threads.For(10, 1, [&](size_t begin, size_t end) { runs += static_cast<int>(end - begin); });
  });
  EXPECT_EQ(runs, 2 * 14);
}

TEST(Threads, a_barrier_is_no_obstacle_to_one_thread_alone) {
  Threads threads(3);
  threads.Run([](int) {});
  threads.Barrier();
  int runs = 0;
  threads.Run(1, [&](int) {
    threads.Barrier();
    ++runs;
  });
  EXPECT_EQ(runs, 1);
}

TEST(Threads, a_job_for_all_threads_inside_another_is_refused) {
  Threads threads(2);
  EXPECT_THROW(threads.Run([&](int) { threads.Run([](int) {}); }), Error);
  EXPECT_THROW(threads.Run(3, [](int) {}), Error);
  EXPECT_THROW(threads.Run(0, [](int) {}), Error);
}

TEST(Threads, a_stop_request_is_seen_where_threads_look_for_it) {
  StopRequest stop;
  Threads threads(2);
  threads.ThrowIfStopped();
  threads.SetStop(&stop);
  threads.ThrowIfStopped();
  stop.Ask();
  EXPECT_THROW(threads.ThrowIfStopped(), Stopped);
  EXPECT_THROW(threads.Run([&](int) { threads.ThrowIfStopped(); }), Stopped);
  stop.TakeBack();
  threads.ThrowIfStopped();
}

#ifdef __linux__
std::string CoresOfThread() {
  cpu_set_t cores;
  EXPECT_EQ(sched_getaffinity(0, sizeof(cores), &cores), 0);
  std::string text;
  for (size_t core = 0; core < CPU_SETSIZE; ++core) text += CPU_ISSET(core, &cores) ? std::to_string(core) + " " : "";
  return text;
}

TEST(Threads, a_thread_of_the_team_stays_on_the_cores_of_its_creator) {
  std::thread creator([] {  // the process itself may run anywhere
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<size_t>(sched_getcpu()), &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
    const std::string cores = CoresOfThread();
    EXPECT_EQ(UsableCores(), 1);
    Threads threads(2);
    for (int repeat = 0; repeat < 20; ++repeat) {
      threads.Run([&](int) { EXPECT_EQ(CoresOfThread(), cores); });
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
  creator.join();
}

TEST(ForkedTeam, of_the_child_has_workers_of_its_own) {
  Threads threads(3);
  threads.Run([](int) {});
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<int> runs{0};
    threads.RunShares(3, [&](int) { ++runs; });
    threads.Run([&](int) {
      threads.Barrier();
      ++runs;
    });
    {
      Threads of_child(2);
      of_child.Run([&](int) { ++runs; });
    }
    _exit(runs == 8 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  std::atomic<int> runs{0};
  threads.Run([&](int) { ++runs; });
  EXPECT_EQ(runs, 3) << "the parent's team works on";
}

TEST(ForkedTeam, that_the_child_never_used_can_be_destroyed_there) {
  auto threads = std::make_unique<Threads>(2);
  const pid_t child = fork();
  if (child == 0) {
    threads.reset();
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
#endif

TEST(Threads, refuses_a_team_of_none_or_too_many_threads) {
  EXPECT_THROW(Threads(0), Error);
  EXPECT_THROW(Threads(1000000), Error);
}

}  // namespace threads_test
}  // namespace eddy
