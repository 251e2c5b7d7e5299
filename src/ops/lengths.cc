#include "ops/lengths.h"

#include <string>

#include "eddy/error.h"

namespace eddy {

void CheckLengths(std::string_view operation, const Sequence& sequence) {
  const auto& lengths = sequence.lengths;
  if (!lengths.empty() && lengths.size() != sequence.rows) {
    Fail(operation, "lengths", "one a row (" + std::to_string(sequence.rows) + ")", std::to_string(lengths.size()));
  }
  for (size_t length : lengths) {
    if (length > sequence.steps) {
      Fail(operation, "a length", "at most " + std::to_string(sequence.steps), std::to_string(length));
    }
  }
}

}  // namespace eddy
