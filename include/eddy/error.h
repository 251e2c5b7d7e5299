// The one exception of the public edge. Its message is one line: the operation, the argument, what was expected, what was
// given. Inside kernels there are only debug assertions.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// That there is not enough memory for what was asked of this process.
class MemoryError : public Error {
 public:
  using Error::Error;
};

// Throws Error("`operation`: `argument` must be `expected`, but is `given`").
[[noreturn]] void Fail(std::string_view operation, std::string_view argument, std::string_view expected,
                       std::string_view given);

// Throws like Fail unless `holds`. For checks whose texts cost nothing to make.
inline void Require(bool holds, std::string_view operation, std::string_view argument, std::string_view expected,
                    std::string_view given) {
  if (!holds) Fail(operation, argument, expected, given);
}

}  // namespace eddy
EDDY_API_END
