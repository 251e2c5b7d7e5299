#include "eddy/threads.h"

#ifdef __unix__
#include <pthread.h>
#endif

#include <algorithm>
#include <exception>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/cores.h"
#include "base/cpu_quota.h"
#include "base/memory_pool.h"
#include "base/team_size.h"
#include "base/waiting.h"
#include "eddy/error.h"

namespace eddy {
namespace {

// What a worker's slot says. The caller turns kIdle into kOffered; the worker that into kTaken and, done, into kIdle; the
// caller takes back an offer that the worker has not taken.
enum Slot : uint32_t { kIdle, kOffered, kTaken, kEnd };

std::atomic<uint32_t> forks{0};  // that made this process

void CountForks() {
#ifdef __unix__
  static const int once = pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  static_cast<void>(once);
#endif
}

}  // namespace

struct Threads::Crew {
  struct alignas(64) Worker {
    std::atomic<uint32_t> slot{kIdle};
    std::exception_ptr error;  // of its last shares
    int64_t busy = 0;          // nanoseconds of processor time in shares, waiting aside, while the crew measures
    std::thread thread;
  };

  explicit Crew(int count) : count(count), size(std::min(count, GrantedCores())) { Start(); }
  ~Crew() { Forked() ? Forsake() : End(); }

  void Start();
  void End();
  bool Forked() const { return forks_then != forks.load(std::memory_order_relaxed); }
  void Forsake();
  void Work(int thread);
  void Do(int thread);
  void Offer(int thread);
  void StartAgainAfterFork();
  void Leave();  // a thread that waits at no barrier any more
  void Run(Erased call, const void* job, int participants, int shares, bool apart);
  std::exception_ptr AwaitWorkers(bool apart);
  void Judge(int64_t began);

  const int count;
  std::unique_ptr<Worker[]> workers;  // of which the first stands for the caller
  uint32_t forks_then = 0;
  CoreMask allowed;                     // the creator's cores
  std::atomic<bool> running{false};     // whether somebody is in Run
  std::atomic<uint32_t> reductions{0};  // after which workers may run where the creator may
  std::atomic<int> core{-1};            // where the caller ran when it began the job

  // Of the job at hand: written by the caller before it offers, read by who has taken.
  Erased call = nullptr;
  const void* job = nullptr;
  int participants = 1;
  int shares = 1;
  bool measures = false;

  alignas(64) std::atomic<int> pending{1};  // threads that the barrier waits for
  std::atomic<int> expected{1};             // at the next one
  alignas(64) std::atomic<uint32_t> barriers{0};

  TeamSize size;
};

void Threads::Crew::Start() {
  CountForks();
  allowed = CoreMask::OfThisThread();
  workers = std::make_unique<Worker[]>(static_cast<size_t>(count));
  for (int thread = 1; thread < count; ++thread) {
    try {
      workers[static_cast<size_t>(thread)].thread = std::thread([this, thread] { Work(thread); });
    } catch (const std::system_error& error) {
      End();
      Fail("threads", "a team of " + std::to_string(count), "one that the system can start",
           "no more than " + std::to_string(thread) + ": " + error.code().message());
    }
  }
  forks_then = forks.load(std::memory_order_relaxed);
}

void Threads::Crew::End() {
  for (int thread = 1; thread < count; ++thread) {
    Worker& worker = workers[static_cast<size_t>(thread)];
    if (!worker.thread.joinable()) break;
    worker.slot.store(kEnd, std::memory_order_release);
    worker.slot.notify_one();
    worker.thread.join();
  }
}

// Keeps the handles of threads that only the parent has: they can be neither joined nor destroyed.
void Threads::Crew::Forsake() {
  static auto& kept = *new std::vector<std::unique_ptr<Worker[]>>;
  kept.push_back(std::move(workers));
}

void Threads::Crew::StartAgainAfterFork() {
  if (!Forked()) return;
  Forsake();
  Start();
}

void Threads::Crew::Work(int thread) {
  Worker& self = workers[static_cast<size_t>(thread)];
  uint32_t moved = 0;  // reductions when it left a core
  bool pinned = false;
  for (;;) {
    AwaitChange<uint32_t>(self.slot, kIdle);
    uint32_t offered = kOffered;
    if (!self.slot.compare_exchange_strong(offered, kTaken, std::memory_order_acq_rel)) {
      if (offered == kEnd) return;
      continue;
    }
    const uint32_t now = reductions.load(std::memory_order_relaxed);
    if (pinned && moved != now) {
      allowed.ApplyToThisThread();
      pinned = false;
    }
    // Who is woken for a job of microseconds may be woken, each time, on the core of who waits for it.
    if (const int here = CoreOfThisThread(); here >= 0 && here == core.load(std::memory_order_relaxed)) {
      pinned = allowed.MoveAwayFrom(here, count - 1) || pinned;
      moved = now;
    }
    TimeWaited() = {};
    Do(thread);
    self.slot.store(kIdle, std::memory_order_release);
    self.slot.notify_one();
  }
}

// A thread's part of the job. Shares go to threads in turn.
void Threads::Crew::Do(int thread) {
  Worker& self = workers[static_cast<size_t>(thread)];
  const int64_t before = measures ? ProcessorNanoseconds() - TimeWaited().awake : 0;
  try {
    for (int share = thread; share < shares; share += participants) call(job, share);
  } catch (...) {
    self.error = std::current_exception();
    Leave();
  }
  if (measures) self.busy += std::max<int64_t>(0, ProcessorNanoseconds() - TimeWaited().awake - before);
}

void Threads::Crew::Offer(int thread) {
  Worker& worker = workers[static_cast<size_t>(thread)];
  worker.slot.store(kOffered, std::memory_order_release);
  worker.slot.notify_one();
}

void Threads::Crew::Leave() {
  expected.fetch_sub(1, std::memory_order_acq_rel);
  if (pending.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  pending.store(expected.load(std::memory_order_relaxed), std::memory_order_relaxed);
  barriers.fetch_add(1, std::memory_order_release);
  barriers.notify_all();
}

// Shares [0, shares) on as many threads as participants; `apart` where none waits for another.
void Threads::Crew::Run(Erased new_call, const void* new_job, int new_participants, int new_shares, bool apart) {
  const int64_t began = SteadyNanoseconds();
  TimeWaited() = {};
  call = new_call;
  job = new_job;
  participants = new_participants;
  shares = new_shares;
  measures = size.measures() && HasProcessorClock();
  pending.store(participants, std::memory_order_relaxed);
  expected.store(participants, std::memory_order_relaxed);
  core.store(CoreOfThisThread(), std::memory_order_relaxed);
  for (int thread = 1; thread < participants; ++thread) Offer(thread);
  Do(0);
  const std::exception_ptr error = AwaitWorkers(apart);
  Judge(began);
  pending.store(1, std::memory_order_relaxed);
  expected.store(1, std::memory_order_relaxed);
  running.store(false, std::memory_order_release);
  if (error) std::rethrow_exception(error);
}

// Returns what the lowest of the threads has thrown.
std::exception_ptr Threads::Crew::AwaitWorkers(bool apart) {
  std::exception_ptr first = std::exchange(workers[0].error, nullptr);
  for (int thread = 1; thread < participants; ++thread) {
    Worker& worker = workers[static_cast<size_t>(thread)];
    uint32_t offered = kOffered;
    if (apart && worker.slot.compare_exchange_strong(offered, kIdle, std::memory_order_acq_rel)) {
      if (!first) Do(thread);
    } else {
      for (uint32_t slot; (slot = worker.slot.load(std::memory_order_acquire)) != kIdle;) AwaitChange(worker.slot, slot);
    }
    std::exception_ptr error = std::exchange(worker.error, nullptr);
    if (!first) first = std::move(error);
  }
  return first;
}

void Threads::Crew::Judge(int64_t began) {
  const WaitedTime waited = TimeWaited();
  const int64_t now = SteadyNanoseconds();
  if (!size.Add(now - began, waited.awake + waited.away, participants)) return;
  int64_t busy = 0;
  for (int thread = 0; thread < count; ++thread) busy += std::exchange(workers[static_cast<size_t>(thread)].busy, 0);
  if (size.Decide(measures ? busy : -1, now)) reductions.fetch_add(1, std::memory_order_relaxed);
}

Threads::Threads(int count, Share share)
    : count_(count), memory_(std::make_unique<MemoryPool>()), share_(share), team_(count) {
  Require(count >= 1 && count <= kMost, "threads", "count", "between 1 and 1024", std::to_string(count));
  if (count == 1) return;
  crew_ = std::make_unique<Crew>(count);
  TeamNow();
}

Threads::~Threads() = default;

size_t Threads::Parts(size_t n, size_t grain) const {
  if (share_ == Share::kAlways) grain = 1;
  return std::min<size_t>(static_cast<size_t>(team()), n / std::max<size_t>(grain, 1));
}

int Threads::TeamNow() const {
  const int now = share_ == Share::kAlways ? count_ : crew_->size.Now(SteadyNanoseconds());
  team_.store(now, std::memory_order_relaxed);
  return now;
}

void Threads::RunTogether(int threads, Erased call, const void* job) {
  if (threads < 1 || threads > count_) {
    Fail("run", "threads", "between 1 and the team's " + std::to_string(count_), std::to_string(threads));
  }
  if (count_ == 1) return call(job, 0);
  crew_->StartAgainAfterFork();
  Require(!crew_->running.exchange(true, std::memory_order_acquire), "run", "a team", "not at work",
          "inside one of its jobs, or used by two threads at once");
  crew_->Run(call, job, threads, threads, false);
  if (share_ == Share::kWorthwhile) team_.store(crew_->size.size(), std::memory_order_relaxed);
}

void Threads::RunApart(int shares, Erased call, const void* job) {
  const int participants = std::min(team(), shares);
  if (participants > 1) crew_->StartAgainAfterFork();
  if (participants <= 1 || crew_->running.exchange(true, std::memory_order_acquire)) {
    for (int share = 0; share < shares; ++share) call(job, share);
    return;
  }
  crew_->Run(call, job, participants, shares, true);
  if (share_ == Share::kWorthwhile) team_.store(crew_->size.size(), std::memory_order_relaxed);
}

void Threads::Barrier() {
  if (count_ == 1) return;
  Crew& crew = *crew_;
  const uint32_t passed = crew.barriers.load(std::memory_order_acquire);
  if (crew.pending.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    crew.pending.store(crew.expected.load(std::memory_order_relaxed), std::memory_order_relaxed);
    crew.barriers.fetch_add(1, std::memory_order_release);
    crew.barriers.notify_all();
  } else {
    AwaitChange(crew.barriers, passed);
  }
}

}  // namespace eddy
