// Waiting for another thread, and what it cost.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace eddy {

int64_t SteadyNanoseconds();
// Of this thread; 0 where no clock tells it finely enough.
int64_t ProcessorNanoseconds();
bool HasProcessorClock();

// What a thread has spent in AwaitChange(), in nanoseconds: running, and without its core, asleep or not. Waits of less than
// a few microseconds are not counted.
struct WaitedTime {
  int64_t awake = 0;
  int64_t away = 0;
};
WaitedTime& TimeWaited();  // of this thread since it was last set to 0

inline void Pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Returns once `value` differs from `old`: spins first, offering its core to others now and then, and then sleeps, at once
// where others took the core.
template <class T>
void AwaitChange(const std::atomic<T>& value, T old) {
  // Longer than what one thread does alone inside a training step, far shorter than a person waits.
  constexpr int64_t kSpinTime = 1'000'000;
  // So long a wait means that the awaited thread may be waiting for this one's core.
  constexpr int64_t kYieldTime = 20'000;
  constexpr int64_t kAway = 200'000;      // no look at the clock comes so late unless the core was taken
  constexpr int kSpinsBetweenLooks = 64;  // at the clock
  const auto changes = [&] {
    for (int i = 0; i < kSpinsBetweenLooks; ++i) {
      if (value.load(std::memory_order_acquire) != old) return true;
      Pause();
    }
    return false;
  };
  if (changes()) return;
  WaitedTime& waited = TimeWaited();
  const int64_t began = SteadyNanoseconds();
  int64_t last = began, yielded = began, away = 0;
  bool changed = false;
  while (!(changed = changes()) && away == 0 && last - began < kSpinTime) {
    if (last - yielded >= kYieldTime) {
      std::this_thread::yield();
      yielded = last;
    }
    const int64_t now = SteadyNanoseconds();
    if (now - last >= kAway) away = now - last;
    last = now;
  }
  const int64_t slept = SteadyNanoseconds();
  waited.awake += slept - began - away;
  waited.away += away;
  if (changed) return;
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
  waited.away += SteadyNanoseconds() - slept;
}

}  // namespace eddy
