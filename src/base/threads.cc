#include "eddy/threads.h"

#ifdef __linux__
#include <sched.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <chrono>
#include <string>

#include "base/memory_pool.h"
#include "eddy/error.h"

namespace eddy {
namespace {

// Longer than what one thread does alone inside a training step, far shorter than a person waits.
constexpr auto kSpinTime = std::chrono::milliseconds(1);
// So long a wait means that the awaited thread may be waiting for this one's core.
constexpr auto kYieldTime = std::chrono::microseconds(20);
constexpr int kSpinsBetweenLooks = 64;  // at the clock

void Pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

#ifdef __linux__
int Core() { return sched_getcpu(); }

// Moves the calling thread, one of so many, to another core of those that the program may use, if there is one for each.
void LeaveCore(int core, int workers) {
  cpu_set_t cores;
  if (sched_getaffinity(getpid(), sizeof(cores), &cores) != 0) return;
  CPU_CLR(static_cast<size_t>(core), &cores);
  if (CPU_COUNT(&cores) >= workers) sched_setaffinity(0, sizeof(cores), &cores);  // it does no harm to fail
}
#else
int Core() { return -1; }
void LeaveCore(int, int) {}
#endif

// Returns once `value` differs from `old`: spins first, offering its core to others now and then, then sleeps.
template <class T>
void AwaitChange(const std::atomic<T>& value, T old) {
  using Clock = std::chrono::steady_clock;
  Clock::time_point now = {}, end = {}, yield = {};
  do {
    for (int i = 0; i < kSpinsBetweenLooks; ++i) {
      if (value.load(std::memory_order_acquire) != old) return;
      Pause();
    }
    now = Clock::now();
    if (end == Clock::time_point()) {
      end = now + kSpinTime;
      yield = now + kYieldTime;
    } else if (now >= yield) {
      std::this_thread::yield();
      yield = now + kYieldTime;
    }
  } while (now < end);
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
}

}  // namespace

Threads::Threads(int count, Share share) : count_(count), memory_(std::make_unique<MemoryPool>()), share_(share) {
  Require(count >= 1 && count <= kMost, "threads", "count", "between 1 and 1024", std::to_string(count));
  for (int thread = 1; thread < count; ++thread) workers_.emplace_back([this, thread] { Work(thread); });
}

Threads::~Threads() {
  stop_.store(true, std::memory_order_relaxed);
  started_.fetch_add(1, std::memory_order_release);
  started_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

size_t Threads::Parts(size_t n, size_t grain) const {
  if (share_ == Share::kAlways) grain = 1;
  return std::min<size_t>(static_cast<size_t>(count_), n / std::max<size_t>(grain, 1));
}

void Threads::RunErased(Erased call, const void* job) {
  if (count_ == 1) return call(job, 0);
  call_ = call;
  job_ = job;
  core_.store(Core(), std::memory_order_relaxed);
  running_.store(count_ - 1, std::memory_order_relaxed);
  started_.fetch_add(1, std::memory_order_release);
  started_.notify_all();
  call(job, 0);
  for (int left; (left = running_.load(std::memory_order_acquire)) != 0;) AwaitChange(running_, left);
}

void Threads::Work(int thread) {
  for (uint32_t seen = 0;; ++seen) {
    AwaitChange(started_, seen);
    if (stop_.load(std::memory_order_relaxed)) return;
    // Who is woken for a job of microseconds may be woken, each time, on the core of who waits for it.
    if (const int core = Core(); core >= 0 && core == core_.load(std::memory_order_relaxed)) LeaveCore(core, count_ - 1);
    call_(job_, thread);
    if (running_.fetch_sub(1, std::memory_order_acq_rel) == 1) running_.notify_one();
  }
}

void Threads::Barrier() {
  if (count_ == 1) return;
  const uint32_t passed = barriers_.load(std::memory_order_acquire);
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) == count_ - 1) {
    arrived_.store(0, std::memory_order_relaxed);
    barriers_.fetch_add(1, std::memory_order_release);
    barriers_.notify_all();
  } else {
    AwaitChange(barriers_, passed);
  }
}

}  // namespace eddy
