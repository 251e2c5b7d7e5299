#include "base/cores.h"

namespace eddy {

#ifdef __linux__

CoreMask CoreMask::OfThisThread() {
  CoreMask mask;
  mask.known_ = sched_getaffinity(0, sizeof(mask.cores_), &mask.cores_) == 0;
  return mask;
}

bool CoreMask::MoveAwayFrom(int core, int workers) const {
  cpu_set_t others = cores_;
  CPU_CLR(static_cast<size_t>(core), &others);
  return known_ && CPU_COUNT(&others) >= workers && sched_setaffinity(0, sizeof(others), &others) == 0;
}

void CoreMask::ApplyToThisThread() const {
  if (known_) sched_setaffinity(0, sizeof(cores_), &cores_);  // it does no harm to fail
}

int CoreOfThisThread() { return sched_getcpu(); }

#else

CoreMask CoreMask::OfThisThread() { return {}; }
bool CoreMask::MoveAwayFrom(int, int) const { return false; }
void CoreMask::ApplyToThisThread() const {}
int CoreOfThisThread() { return -1; }

#endif

}  // namespace eddy
