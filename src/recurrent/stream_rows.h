// What every stream asks: of its number of rows, of the memory for its arrays, and whether it has been moved from.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/aligned.h"
#include "eddy/error.h"
#include "eddy/tensor.h"

namespace eddy {

inline constexpr size_t kMostStreamRows = size_t{1} << 20;

inline void CheckStreamRows(std::string_view operation, size_t rows) {
  if (rows < 1 || rows > kMostStreamRows) Fail(operation, "rows", "between 1 and 2^20", std::to_string(rows));
}

// `state` is what a stream keeps, in reals.
inline void CheckStreamState(std::string_view operation, const Shape& state) {
  if (state.size() > kMostBytes / sizeof(Real)) {
    Fail(operation, "the state", "one that there is memory for", "of shape " + state.ToString());
  }
}

// Throws Error for a stream that has been moved from, whose `parts` are null.
inline void CheckStream(std::string_view operation, const auto& parts) {
  Require(parts != nullptr, operation, "the stream", "there", "one that has been moved from");
}

// For a handler of std::bad_alloc.
[[noreturn]] inline void FailStreamMemory(std::string_view operation, size_t rows) {
  Fail(operation, "rows", "few enough for the memory that there is", std::to_string(rows));
}

}  // namespace eddy
