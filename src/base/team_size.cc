#include "base/team_size.h"

#include <algorithm>

namespace eddy {
namespace {

constexpr int64_t kMillisecond = 1'000'000;
constexpr int64_t kWindow = 2 * kMillisecond;
constexpr int64_t kLeastPause = 250 * kMillisecond, kMostPause = 20'000 * kMillisecond;
constexpr int64_t kWindowsAPause = 20;            // a pause is at least so many times what it took to see the need
constexpr int64_t kHealthy = 500 * kMillisecond;  // after so much undisturbed work pauses begin short again
constexpr double kNoticedWait = 0.25;             // of a window
constexpr double kLeastUse = 0.475;               // of the threads' time: below half of it, half as many do as well

}  // namespace

int TeamSize::Now(int64_t now) {
  if (size() < count_ && now >= until_.load(std::memory_order_relaxed)) size_.store(count_, std::memory_order_relaxed);
  return size();
}

bool TeamSize::Add(int64_t total, int64_t waited, int threads) {
  total_ += total;
  waited_ += waited;
  capacity_ += total * threads;
  return total_ >= kWindow;
}

bool TeamSize::Decide(int64_t busy, int64_t now) {
  const bool noticed = static_cast<double>(waited_) > kNoticedWait * static_cast<double>(total_);
  const bool wasted = busy >= 0 && static_cast<double>(busy) < kLeastUse * static_cast<double>(capacity_);
  const bool reduces = noticed && wasted && size() > 1;
  if (reduces) {
    Reduce(now);
  } else if (!noticed && (healthy_ += total_) > kHealthy) {
    pause_ = 0;
  }
  measures_ = noticed || pause_ > 0;
  total_ = waited_ = capacity_ = 0;
  return reduces;
}

void TeamSize::Reduce(int64_t now) {
  pause_ = std::clamp(std::max(2 * pause_, kWindowsAPause * 2 * total_), kLeastPause, kMostPause);
  until_.store(now + pause_, std::memory_order_relaxed);
  size_.store(size() / 2, std::memory_order_relaxed);
  healthy_ = 0;
}

}  // namespace eddy
