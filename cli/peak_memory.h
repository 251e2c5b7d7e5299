// The most memory that the program has had resident so far, in bytes.
#pragma once

#include <cstddef>

namespace eddy {

size_t PeakMemory();

// How much more there was resident at most, since this was made, than then. Made anew it forgets what was before.
class MemoryMeter {
 public:
  MemoryMeter();
  double bytes() const;  // NaN where the system does not say

 private:
  double begin_;
};

}  // namespace eddy
