#include "loss/ctc_frames.h"

#include "eddy/error.h"
#include "ops/lengths.h"

namespace eddy {

void CheckFrames(std::string_view operation, const Shape& logits, const Sequence& sequence, int32_t blank) {
  if (logits.rank() != 3 || logits[0] != sequence.steps || logits[1] != sequence.rows) {
    const std::string steps_and_rows = std::to_string(sequence.steps) + ", " + std::to_string(sequence.rows);
    Fail(operation, "logits", "[" + steps_and_rows + ", V]", logits.ToString());
  }
  if (blank < 0 || static_cast<size_t>(blank) >= logits[2]) {
    Fail(operation, "blank", "a class of " + logits.ToString(), std::to_string(blank));
  }
  CheckLengths(operation, sequence);
}

}  // namespace eddy
