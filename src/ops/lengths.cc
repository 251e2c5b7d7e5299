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
  const size_t positions = sequence.steps * sequence.rows, resets = sequence.resets.size();
  if (resets != 0 && resets != positions) {
    Fail(operation, "resets", "one a step and row (" + std::to_string(positions) + ")", std::to_string(resets));
  }
}

std::vector<size_t> LatestResets(const Sequence& sequence) {
  std::vector<size_t> latest(sequence.resets.size());
  for (size_t i = 0; i < latest.size(); ++i) {
    const size_t before = i < sequence.rows ? 0 : latest[i - sequence.rows];
    latest[i] = sequence.resets[i] != 0 ? i / sequence.rows : before;
  }
  return latest;
}

}  // namespace eddy
