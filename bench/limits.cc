// What this machine can do at best, for bench/compare: a worker (compare_worker.h) whose `run` replies, in place of
// microseconds, the 10^9 operations a second of a loop of multiply-adds in registers on all threads, by the fastest
// instruction for products of the precision; float32's where the processor has no other.
//     setup PRECISION THREADS   ok | unsupported WHY
//     meet                      nanoseconds of a cache line from one thread to a second and back; 0 with one thread
//     read KIB                  10^9 bytes a second that one thread reads of so many KiB, again and again from first to last
#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "eddy/error.h"
#include "eddy/precision.h"
#include "eddy/threads.h"
#include "limits_dot.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/limits.cc"
#include "hwy/aligned_allocator.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace limits {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// 12 chains hide a latency of 4 to 6 cycles at 2 multiply-adds a cycle and fit, with two operands, into 16 registers.
constexpr size_t kChains = 12;

// `start` [kChains + 2]: different values that the compiler does not know, so that it can neither join nor fold the chains;
// their sum is returned, so that it cannot drop them.
float MultiplyAdds(const float* start, size_t count) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const V factor = hn::Set(d, start[kChains]), term = hn::Set(d, start[kChains + 1]);
#define LIMITS_CHAINS(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)
#define LIMITS_START(i) V v##i = hn::Set(d, start[i]);
#define LIMITS_STEP(i) v##i = hn::MulAdd(v##i, factor, term);
#define LIMITS_SUM(i) sum = hn::Add(sum, v##i);
  LIMITS_CHAINS(LIMITS_START)
  for (size_t n = 0; n < count; ++n) {
    LIMITS_CHAINS(LIMITS_STEP)
  }
  V sum = hn::Zero(d);
  LIMITS_CHAINS(LIMITS_SUM)
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

// A sum over all of data [count], a multiple of eight vectors' lanes.
float Sum(const float* data, size_t count) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  hn::Vec<decltype(d)> sum[8];
  for (auto& some : sum) some = hn::Zero(d);
  for (size_t i = 0; i < count; i += 8 * lanes) {
    for (size_t n = 0; n < 8; ++n) sum[n] = hn::Add(sum[n], hn::Load(d, data + i + n * lanes));
  }
  for (size_t n = 1; n < 8; ++n) sum[0] = hn::Add(sum[0], sum[n]);
  return hn::GetLane(hn::SumOfLanes(d, sum[0]));
}

size_t OperationsAStep() { return 2 * kChains * hn::Lanes(hn::ScalableTag<float>()); }
const char* TargetName() { return hwy::TargetName(HWY_TARGET); }

}  // namespace HWY_NAMESPACE
}  // namespace limits
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace limits {
namespace {

HWY_EXPORT(MultiplyAdds);
HWY_EXPORT(OperationsAStep);
HWY_EXPORT(Sum);
HWY_EXPORT(TargetName);

constexpr size_t kSteps = 1 << 19;  // one to two milliseconds
constexpr size_t kMostKib = size_t{1} << 20;

float RunFloat32(size_t steps) {
  volatile float start[14];
  for (int i = 0; i < 14; ++i) start[i] = 0.5f + 0.03125f * static_cast<float>(i);  // the last two: a factor below 1, a term
  start[12] = 0.75f;
  float own[14];
  std::copy(start, start + 14, own);
  return HWY_DYNAMIC_DISPATCH(MultiplyAdds)(own, steps);
}

Loop LoopOf(eddy::Precision precision) {
  const Loop* narrow = nullptr;
  if (precision == eddy::Precision::kBfloat16) narrow = Bfloat16Loop();
  if (precision == eddy::Precision::kInt8) narrow = Int8Loop();
  return narrow != nullptr ? *narrow : Loop{HWY_DYNAMIC_DISPATCH(OperationsAStep)(), RunFloat32};
}

double Giga(const Loop& loop, eddy::Threads& threads) {
  double best = 0;
  for (int turn = 0; turn < 3; ++turn) {
    const auto begin = std::chrono::steady_clock::now();
    threads.Run([&](int) {
      volatile float sink = loop.run(kSteps);
      static_cast<void>(sink);
    });
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    best = std::max(best, static_cast<double>(kSteps * loop.operations) * threads.count() / seconds / 1e9);
  }
  return best;
}

// The shortest of several runs.
double RoundTrip(eddy::Threads& threads) {
  if (threads.count() == 1) return 0;
  constexpr int kTrips = 200, kTurns = 20;
  alignas(128) std::atomic<int> ball{0};  // odd when it is the second thread's turn
  double best = std::numeric_limits<double>::infinity();
  threads.Run([&](int thread) {
    for (int turn = 0, trip = 0; turn < kTurns && thread < 2; ++turn) {
      const auto begin = std::chrono::steady_clock::now();
      for (const int end = trip + 2 * kTrips; trip < end; trip += 2) {
        for (int looks = 1; ball.load(std::memory_order_acquire) != trip + thread; ++looks) {
          if (looks % 4096 == 0) std::this_thread::yield();  // to a second thread that has to share this core
        }
        ball.store(trip + thread + 1, std::memory_order_release);
      }
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
      if (thread == 0) best = std::min(best, seconds / kTrips * 1e9);
    }
  });
  return best;
}

double GigabytesRead(size_t kib) {
  const size_t count = kib * 1024 / sizeof(float), sweeps = (size_t{1} << 26) / count + 1;  // milliseconds
  const auto data = hwy::AllocateAligned<float>(count);
  std::fill_n(data.get(), count, 0.5f);
  double best = 0;
  for (int turn = 0; turn < 9; ++turn) {
    const auto begin = std::chrono::steady_clock::now();
    for (size_t sweep = 0; sweep < sweeps; ++sweep) {
      volatile float sink = HWY_DYNAMIC_DISPATCH(Sum)(data.get(), count);
      static_cast<void>(sink);
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    best = std::max(best, static_cast<double>(sweeps * count * sizeof(float)) / seconds / 1e9);
  }
  return best;
}

}  // namespace
}  // namespace limits

int main() {
  std::cout << "ready limit of " << HWY_DYNAMIC_DISPATCH(limits::TargetName)() << std::endl;
  std::unique_ptr<eddy::Threads> threads;
  limits::Loop loop;
  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    std::istringstream words(line);
    std::string request, precision;
    int count = 1;
    words >> request >> precision >> count;
    if (size_t kib = 0; request == "read" && std::istringstream(precision) >> kib && kib >= 1 && kib <= limits::kMostKib) {
      std::cout << limits::GigabytesRead(kib) << std::endl;
    } else if (request == "setup") {
      try {
        loop = limits::LoopOf(eddy::PrecisionFromName(precision));
        threads = std::make_unique<eddy::Threads>(count);
        std::cout << "ok" << std::endl;
      } catch (const eddy::Error& error) {
        std::cout << "unsupported " << error.what() << std::endl;
      }
    } else if (request == "meet" && threads) {
      std::cout << limits::RoundTrip(*threads) << std::endl;
    } else if (request == "run" && threads) {
      std::cout << limits::Giga(loop, *threads) << std::endl;
    } else {
      std::cout << "failed no such request: " << line << std::endl;
    }
  }
}
#endif  // HWY_ONCE
