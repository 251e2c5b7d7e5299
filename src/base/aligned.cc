#include "base/aligned.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace eddy {

void PreferHugePages([[maybe_unused]] void* p, [[maybe_unused]] size_t bytes) {
#ifdef MADV_HUGEPAGE
  madvise(p, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
}

}  // namespace eddy
