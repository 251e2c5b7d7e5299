#include "peak_memory.h"

#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

namespace eddy {
namespace {

// A line of /proc/self/status, which counts in KiB.
double StatusBytes(std::string_view key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::strtod(line.c_str() + key.size(), nullptr) * 1024;
  }
  return std::nan("");
}

}  // namespace

size_t PeakMemory() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<size_t>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
}

MemoryMeter::MemoryMeter() {
  malloc_trim(0);                               // what was freed is not used again unseen
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak begins anew (proc(5))
  begin_ = StatusBytes("VmRSS:");
}

double MemoryMeter::bytes() const { return std::max(0.0, StatusBytes("VmHWM:") - begin_); }

}  // namespace eddy
