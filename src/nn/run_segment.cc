#include "nn/run_segment.h"

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "ops/lengths.h"
#include "ops/shapes.h"

namespace eddy {
namespace {

// Steps [begin, end) of a batch.
Sequence Cut(const Sequence& sequence, size_t begin, size_t end) {
  Sequence part{end - begin, sequence.rows, {}, {}};
  for (const size_t length : sequence.lengths) part.lengths.push_back(std::clamp(length, begin, end) - begin);
  if (!sequence.resets.empty()) {
    const auto first = sequence.resets.begin();
    part.resets.assign(first + static_cast<ptrdiff_t>(begin * sequence.rows),
                       first + static_cast<ptrdiff_t>(end * sequence.rows));
  }
  return part;
}

// a [T, B, D], b [T', B, D] -> [T + T', B, D].
Var OneAfterAnother(Tape& tape, Var a, Var b) {
  const Shape first = tape.Value(a).shape(), second = tape.Value(b).shape();
  const Var flat = Concat(tape, Reshape(tape, a, {tape.Value(a).size()}), Reshape(tape, b, {tape.Value(b).size()}));
  return Reshape(tape, flat, {first[0] + second[0], first[1], first[2]});
}

// For each row, how many of its last `steps` inputs there are, from those put out as counts [B, 1].
std::vector<size_t> CheckedCounts(const Tensor& counts, size_t steps) {
  std::vector<size_t> known;
  for (const Real count : counts.values()) {
    const bool fits = count >= 0 && count <= static_cast<Real>(steps) && count == std::floor(count);
    Require(fits, "segment", "the steps handed on", "0 to " + std::to_string(steps), std::to_string(count));
    known.push_back(static_cast<size_t>(count));
  }
  return known;
}

// `sequence`, of at least one step, behind the past ones, of which the last known[row] exist.
Sequence Behind(const Sequence& sequence, size_t steps, const std::vector<size_t>& known) {
  const size_t B = sequence.rows;
  Sequence joined{steps + sequence.steps, B, sequence.lengths, std::vector<uint8_t>(steps * B)};
  for (size_t& length : joined.lengths) length += steps;
  joined.resets.insert(joined.resets.end(), sequence.resets.begin(), sequence.resets.end());
  joined.resets.resize(joined.steps * B);
  for (size_t row = 0; row < B; ++row) {
    if (known[row] < steps) joined.resets[(steps - known[row]) * B + row] = 1;
  }
  return joined;
}

// The steps since the latest reset before step `end` of a row, and those known before the segment where there is none.
size_t StepsSinceReset(const Sequence& sequence, size_t row, size_t end, size_t known) {
  for (size_t t = end; t-- > 0 && !sequence.resets.empty();) {
    if (sequence.resets[t * sequence.rows + row] != 0) return end - t;
  }
  return known + end;
}

}  // namespace

Var RunSegment(const RecurrentStack& stack, Tape& tape, Var x, const Sequence& sequence, Segment* segment) {
  if (segment == nullptr) return stack.Forward(tape, x, sequence).y;
  const size_t at = std::min(segment->at(), sequence.steps);
  const std::vector<Var> before = segment->Take(stack.layers().size());
  if (at == 0) {  // the next segment begins where this one does
    segment->HandOn(before);
    return stack.Forward(tape, x, sequence, before).y;
  }
  if (at == sequence.steps) {
    const RecurrentStack::Output output = stack.Forward(tape, x, sequence, before);
    segment->HandOn(output.state);
    return output.y;
  }
  const RecurrentStack::Output first = stack.Forward(tape, Slice(tape, x, 0, at), Cut(sequence, 0, at), before);
  const RecurrentStack::Output second =
      stack.Forward(tape, Slice(tape, x, at, sequence.steps), Cut(sequence, at, sequence.steps), first.state);
  segment->HandOn(first.state);
  return OneAfterAnother(tape, first.y, second.y);
}

std::vector<size_t> StateWidths(const RecurrentStack& stack) {
  std::vector<size_t> widths;
  for (const Recurrent& layer : stack.layers()) widths.push_back(layer.state_width());
  return widths;
}

Var RunSegment(size_t steps, Tape& tape, Var x, const Sequence& sequence, Segment* segment, const LayerForward& forward) {
  if (segment == nullptr) return forward(x, sequence);
  if (steps == 0) return forward(x, sequence);
  const Tensor inputs = tape.Value(x);
  const size_t B = sequence.rows, D = inputs.dim(2);
  if (inputs.rank() != 3 || inputs.dim(0) != sequence.steps || inputs.dim(1) != B || D == 0) {
    const std::string steps_and_rows = std::to_string(sequence.steps) + ", " + std::to_string(B);
    Fail("segment", "x", "[" + steps_and_rows + ", at least 1]", inputs.shape().ToString());
  }
  CheckLengths("segment", sequence);
  const size_t at = std::min(segment->at(), sequence.steps);
  const std::vector<Var> before = segment->Take(PastWidths(steps, D).size());
  for (size_t i = 0; i < before.size(); ++i) {
    RequireSameShape("segment", "what is handed on", {B, PastWidths(steps, D)[i]}, tape.Value(before[i]).shape());
  }
  if (at == 0) segment->HandOn(before);
  if (sequence.steps == 0) return forward(x, sequence);
  const auto rows_of = [&](Var table, const std::vector<int32_t>& indices) {
    return Embedding(tape, Reshape(tape, table, {tape.Value(table).size() / D, D}), indices);
  };

  // Of each row one after another, as what is handed on has it, to one step after another.
  std::vector<int32_t> order(steps * B);
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int32_t>(i % B * steps + i / B);
  const Var past = before.empty() ? tape.Constant(Tensor({B, steps * D})) : before[0];
  const std::vector<size_t> known = before.empty() ? std::vector<size_t>(B) : CheckedCounts(tape.Value(before[1]), steps);
  const Var joined = OneAfterAnother(tape, Reshape(tape, rows_of(past, order), {steps, B, D}), x);
  const Var y = forward(joined, Behind(sequence, steps, known));
  if (at > 0) {
    Tensor counts({B, 1});
    std::vector<int32_t> indices;
    for (size_t row = 0; row < B; ++row) {
      const size_t end = std::min(at, sequence.Length(row));
      counts[row] = static_cast<Real>(std::min(steps, StepsSinceReset(sequence, row, end, known[row])));
      for (size_t step = end; step < end + steps; ++step) indices.push_back(static_cast<int32_t>(step * B + row));
    }
    segment->HandOn({Reshape(tape, rows_of(joined, indices), {B, steps * D}), tape.Constant(counts)});
  }
  return Slice(tape, y, steps, steps + sequence.steps);
}

std::vector<size_t> PastWidths(size_t steps, size_t inputs) {
  return steps == 0 ? std::vector<size_t>() : std::vector<size_t>{steps * inputs, 1};
}

std::vector<size_t> Joined(std::vector<size_t> first, const std::vector<size_t>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace eddy
