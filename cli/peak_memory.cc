#include "peak_memory.h"

#include <sys/resource.h>

namespace eddy {

size_t PeakMemory() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<size_t>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
}

}  // namespace eddy
