// Eddy's version, as major.minor.patch. Before 1.0 a new minor version may change the API, a new patch may not
// (docs/api-stability.md). The build reads the version from here.
#pragma once

#include <string_view>

#include "eddy/export.h"

#define EDDY_VERSION_MAJOR 0
#define EDDY_VERSION_MINOR 1
#define EDDY_VERSION_PATCH 0
#define EDDY_VERSION "0.1.0"

EDDY_API_BEGIN
namespace eddy {

// That of the library that runs: with a shared library it may be later than EDDY_VERSION, that of the headers.
std::string_view Version();

}  // namespace eddy
EDDY_API_END
