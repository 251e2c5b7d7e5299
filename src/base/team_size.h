// How many threads of a team work now. Jobs are looked at in windows of a few milliseconds. One in which the caller waits
// for a good part of the time is followed by one in which the processor time of every thread is measured; where all together
// had less of it than half as many threads would have had on cores of their own, half as many work for a while, and then all
// again. The while grows as long as that fails, so that trying costs a tenth of the time at most.
//
// Times are in nanoseconds and come from the caller. size(), Now() may be asked by any thread, the rest by the team's
// caller.
#pragma once

#include <atomic>
#include <cstdint>

namespace eddy {

class TeamSize {
 public:
  explicit TeamSize(int count) : count_(count), size_(count) {}

  int size() const { return size_.load(std::memory_order_relaxed); }
  int Now(int64_t now);                        // the size from now on
  bool measures() const { return measures_; }  // whether the next job's processor time is wanted
  // A job of so many threads took `total`, of which the caller waited. Says whether that completes a window.
  bool Add(int64_t total, int64_t waited, int threads);
  // After a complete window, in which the threads had `busy` of processor time; below 0 where that was not measured. Says
  // whether the size fell.
  bool Decide(int64_t busy, int64_t now);

 private:
  void Reduce(int64_t now);

  const int count_;
  std::atomic<int> size_;
  std::atomic<int64_t> until_{0};  // when all shall work again
  bool measures_ = false;
  int64_t total_ = 0, waited_ = 0, capacity_ = 0;  // of the window; capacity: total times threads
  int64_t healthy_ = 0;                            // total since the last reduction
  int64_t pause_ = 0;                              // the last one
};

}  // namespace eddy
