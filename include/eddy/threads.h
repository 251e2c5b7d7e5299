// A persistent team of threads and the memory they work in, owned by whoever runs the engine and passed down to what uses
// it. A team of 1 creates no thread. Workers spin briefly between jobs, then sleep, so an idle team burns no core; one that
// finds itself on the caller's core leaves it for good. Starting a job costs about a microsecond while the workers spin. Not
// reentrant: one Run at a time, and no Run inside a Run.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

class MemoryPool;

class Threads {
 public:
  // count >= 1; at most kMost. Throws Error otherwise.
  static constexpr int kMost = 1024;
  enum class Share {
    kWorthwhile,  // only work that outlasts waking the others is shared
    kAlways,      // for tests, which are small
  };
  explicit Threads(int count = 1, Share share = Share::kWorthwhile);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  int count() const { return count_; }
  MemoryPool& memory() const { return *memory_; }  // of what is made again and again
  // Whether work of so many operations is to be shared, `least` being what is worth it.
  bool Shares(size_t operations, size_t least) const {
    return count_ > 1 && (operations >= least || share_ == Share::kAlways);
  }

  // Calls job(thread) once on each thread of the team, the caller being thread 0; returns when all have returned.
  // The job must not throw.
  template <class Job>
  void Run(const Job& job) {
    RunErased([](const void* erased, int thread) { (*static_cast<const Job*>(erased))(thread); }, &job);
  }

  // Splits [0, n) into at most count() contiguous parts of at least `grain` and calls job(begin, end) on each.
  template <class Job>
  void For(size_t n, size_t grain, const Job& job) {
    const size_t parts = Parts(n, grain);
    if (parts <= 1) {
      if (n > 0) job(size_t{0}, n);
      return;
    }
    Run([&](int thread) {
      const size_t part = static_cast<size_t>(thread);
      if (part < parts) job(n * part / parts, n * (part + 1) / parts);
    });
  }

  // Inside a Run: returns when every thread of the team has arrived; what they wrote before is then visible to all.
  void Barrier();

 private:
  using Erased = void (*)(const void*, int);
  void RunErased(Erased call, const void* job);
  void Work(int thread);
  size_t Parts(size_t n, size_t grain) const;

  const int count_;
  const std::unique_ptr<MemoryPool> memory_;
  const Share share_;
  Erased call_ = nullptr;
  const void* job_ = nullptr;
  std::atomic<int> core_{-1};                     // where the thread that started the job ran then
  alignas(64) std::atomic<uint32_t> started_{0};  // jobs started so far
  alignas(64) std::atomic<int> running_{0};       // workers still in the current job
  alignas(64) std::atomic<int> arrived_{0};
  alignas(64) std::atomic<uint32_t> barriers_{0};  // barriers passed so far
  std::atomic<bool> stop_{false};
  std::vector<std::thread> workers_;
};

}  // namespace eddy
EDDY_API_END
