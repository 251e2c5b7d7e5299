// How long work is asked to stop: its owner keeps a StopRequest, hands it to the team of threads that the work runs on
// (Threads::SetStop), and asks from wherever it likes, a signal handler included. Work that takes long looks at it between
// two of its parts and throws Stopped, which leaves through everything on its way as an error would; what was being made is
// dropped, and layers, models and teams can be used again. Steps of streams never look: they are short.
#pragma once

#include <atomic>
#include <exception>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

class StopRequest {
 public:
  void Ask() noexcept { asked_.store(true, std::memory_order_relaxed); }
  void TakeBack() noexcept { asked_.store(false, std::memory_order_relaxed); }
  bool asked() const noexcept { return asked_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> asked_{false};
  static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may ask");
};

// Thrown where work ends because it was asked to. No Error: nothing is wrong.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped"; }
};

}  // namespace eddy
EDDY_API_END
