// A persistent team of threads and the memory they work in, owned by whoever runs the engine and passed down to what uses
// it. A team of 1 creates no thread. Workers spin briefly between jobs, then sleep, so an idle team burns no core; one that
// finds itself on the caller's core leaves it for another of those that the team's creator was allowed. Starting a job costs
// about a microsecond while the workers spin.
//
// Where others keep the cores busy, a thread that is not running holds up those that wait for it, and two may be slower than
// one. The team notices that it waits for more than its workers do, and lets fewer of them work for a while (team()), then
// tries again: a tenth of the time goes there at most. No result depends on how many there are.
//
// A team belongs to one thread at a time. A Run inside a Run, or beside one of another thread, is done by its caller alone.
// After fork() the child's copy starts workers of its own with its next job.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "eddy/export.h"
#include "eddy/stop.h"

EDDY_API_BEGIN
namespace eddy {

class MemoryPool;

// Cores that this process can use at once: those that it is allowed to run on, or fewer where its control group has a quota
// of processor time (Linux, both versions). At least 1.
int UsableCores();

class Threads {
 public:
  // count >= 1; at most kMost. Throws Error otherwise, and where the system cannot start so many.
  static constexpr int kMost = 1024;
  enum class Share {
    kWorthwhile,  // only work that outlasts waking the others is shared
    kAlways,      // for tests, which are small; and by all threads always
  };
  explicit Threads(int count = 1, Share share = Share::kWorthwhile);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  int count() const { return count_; }
  Share share() const { return share_; }
  // Threads among which work is to be split now: count(), or fewer for a while, or where a quota grants less.
  int team() const { return team_.load(std::memory_order_relaxed) == count_ ? count_ : TeamNow(); }
  MemoryPool& memory() const { return *memory_; }  // of what is made again and again
  // Whether work of so many operations is to be shared, `least` being what is worth it.
  bool Shares(size_t operations, size_t least) const {
    return count_ > 1 && (share_ == Share::kAlways || (operations >= least && team() > 1));
  }

  // Calls job(thread) once on each of count() threads, the caller being thread 0; returns when all have returned. What one
  // of them throws is thrown here then; of several the one of the lowest thread. A thread that has thrown is no longer
  // waited for at barriers.
  template <class Job>
  void Run(const Job& job) {
    Run(count_, job);
  }
  // The same on so many threads, at most count().
  template <class Job>
  void Run(int threads, const Job& job) {
    RunTogether(threads, &Call<Job>, &job);
  }

  // Calls job(share) once for each share in [0, shares), on as many threads as there are, now, for it: without Barrier, for
  // the caller takes those that nobody has begun when it is done with its own. Errors as above.
  template <class Job>
  void RunShares(int shares, const Job& job) {
    RunApart(shares, &Call<Job>, &job);
  }

  // Splits [0, n) into at most team() contiguous parts of at least `grain` and calls job(begin, end) on each.
  template <class Job>
  void For(size_t n, size_t grain, const Job& job) {
    const size_t parts = Parts(n, grain);
    if (parts <= 1) {
      if (n > 0) job(size_t{0}, n);
      return;
    }
    RunShares(static_cast<int>(parts), [&](int share) {
      const size_t part = static_cast<size_t>(share);
      job(n * part / parts, n * (part + 1) / parts);
    });
  }

  // Inside a Run: returns when every thread of it has arrived; what they wrote before is then visible to all.
  void Barrier();

  // Where long work on this team looks whether it is to stop; null for nowhere. It must outlive its use.
  void SetStop(const StopRequest* stop) { stop_ = stop; }
  const StopRequest* stop() const { return stop_; }
  void ThrowIfStopped() const {
    if (stop_ != nullptr && stop_->asked()) throw Stopped();
  }

 private:
  struct Crew;
  using Erased = void (*)(const void*, int);
  template <class Job>
  static void Call(const void* job, int thread) {
    (*static_cast<const Job*>(job))(thread);
  }
  void RunTogether(int threads, Erased call, const void* job);
  void RunApart(int shares, Erased call, const void* job);
  int TeamNow() const;
  size_t Parts(size_t n, size_t grain) const;

  const int count_;
  const std::unique_ptr<MemoryPool> memory_;
  const Share share_;
  const StopRequest* stop_ = nullptr;
  mutable std::atomic<int> team_;
  std::unique_ptr<Crew> crew_;  // none for a team of 1
};

}  // namespace eddy
EDDY_API_END
