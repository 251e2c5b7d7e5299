// What text is cut into.
#pragma once

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

enum class TextUnit { kCharacters, kBytes, kWords };

}  // namespace eddy
EDDY_API_END
