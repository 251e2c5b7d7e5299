// On which cores threads run. Where the system does not tell, nothing is moved.
#pragma once

#ifdef __linux__
#include <sched.h>
#endif

namespace eddy {

// The cores that a thread may run on.
class CoreMask {
 public:
  static CoreMask OfThisThread();
  // Moves this thread, one of so many workers, to the others of these cores, if there is one for each. Says whether it did.
  bool MoveAwayFrom(int core, int workers) const;
  void ApplyToThisThread() const;

 private:
#ifdef __linux__
  cpu_set_t cores_ = {};
  bool known_ = false;
#endif
};

int CoreOfThisThread();  // -1 where it is unknown

}  // namespace eddy
