// The most memory that the program has had resident so far, in bytes.
#pragma once

#include <cstddef>

namespace eddy {

size_t PeakMemory();

// Measures by how much the memory in use has grown: the most that has been resident since this object was made, less what
// was resident when it was made. A new object does not count peaks from before it.
class MemoryMeter {
 public:
  MemoryMeter();
  double bytes() const;  // NaN where the system does not say

 private:
  double begin_;
};

}  // namespace eddy
