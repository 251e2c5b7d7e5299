#include "eddy/precision.h"

#include <string>

#include "eddy/error.h"

namespace eddy {

std::string_view PrecisionName(Precision precision) {
  switch (precision) {
    case Precision::kFloat32:
      return "float32";
    case Precision::kBfloat16:
      return "bf16";
    case Precision::kInt8:
      return "int8";
  }
  return {};
}

Precision PrecisionFromName(std::string_view name) {
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    if (PrecisionName(precision) == name) return precision;
  }
  Fail("precision", "the name", "float32, bf16 or int8", std::string(name));
}

}  // namespace eddy
