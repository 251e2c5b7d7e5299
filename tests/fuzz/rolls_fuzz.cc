// Any bytes are piano rolls, as JSON or as MATLAB has them, or an Error.
#include <cstdint>
#include <string_view>

#include "eddy/error.h"
#include "tasks/compose/rolls.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    if (eddy::IsMatRolls(bytes)) {
      eddy::ParseMatRolls(bytes, "fuzz");
    } else {
      eddy::ParseJsonRolls(bytes, "fuzz");
    }
  } catch (const eddy::Error&) {
  }
  return 0;
}
