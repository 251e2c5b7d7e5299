#include "base/waiting.h"

#include <time.h>

#include <chrono>

namespace eddy {
namespace {

int64_t ReadProcessorClock() {
#ifdef CLOCK_THREAD_CPUTIME_ID
  timespec time = {};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0) return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
#endif
  return 0;
}

// Some systems count ticks of milliseconds.
bool IsFine() {
  constexpr int kReads = 32;
  int changes = 0;
  int64_t last = ReadProcessorClock();
  for (int i = 0; i < kReads; ++i) {
    const int64_t now = ReadProcessorClock();
    changes += now != last;
    last = now;
  }
  return changes > kReads / 2;
}

}  // namespace

int64_t SteadyNanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool HasProcessorClock() {
  static const bool fine = IsFine();
  return fine;
}

int64_t ProcessorNanoseconds() { return HasProcessorClock() ? ReadProcessorClock() : 0; }

WaitedTime& TimeWaited() {
  thread_local WaitedTime waited;
  return waited;
}

}  // namespace eddy
