#include "loss/crf_shape.h"

#include "eddy/error.h"
#include "ops/lengths.h"
#include "ops/shapes.h"

namespace eddy {

void CheckCrf(std::string_view operation, const Shape& scores, const Shape& transitions, const Shape& start,
              const Shape& end, const Sequence& sequence) {
  if (scores.rank() != 3 || scores[0] != sequence.steps || scores[1] != sequence.rows || scores[2] < 1) {
    const std::string steps_and_rows = std::to_string(sequence.steps) + ", " + std::to_string(sequence.rows);
    Fail(operation, "scores", "[" + steps_and_rows + ", K]", scores.ToString());
  }
  CheckLengths(operation, sequence);
  const size_t tags = scores[2];
  RequireSameShape(operation, "transitions", {tags, tags}, transitions);
  RequireSameShape(operation, "start", {tags}, start);
  RequireSameShape(operation, "end", {tags}, end);
}

}  // namespace eddy
