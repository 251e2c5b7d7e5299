#include "eddy/version.h"

namespace eddy {

std::string_view Version() { return EDDY_VERSION; }

}  // namespace eddy
