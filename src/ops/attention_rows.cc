#include "ops/attention_rows.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "eddy/error.h"
#include "kernels/loops.h"
#include "kernels/math.h"
#include "ops/lengths.h"

namespace eddy {
namespace {

void CheckSteps(std::string_view operation, const char* argument, const Shape& shape, const Sequence& sequence) {
  if (shape.rank() == 3 && shape[0] == sequence.steps && shape[1] == sequence.rows) return;
  const std::string steps_and_rows = std::to_string(sequence.steps) + ", " + std::to_string(sequence.rows);
  Fail(operation, argument, "[" + steps_and_rows + ", width]", shape.ToString());
}

}  // namespace

Real ScaleOf(const AttentionOptions& options, size_t head_keys) {
  if (options.scale != 0) return static_cast<Real>(options.scale);
  return static_cast<Real>(1 / std::sqrt(static_cast<double>(std::max<size_t>(head_keys, 1))));
}

Real SlopeOf(const AttentionOptions& options, size_t head) {
  if (options.positions != Positions::kLinearBias) return 0;
  return static_cast<Real>(std::exp2(-8 * static_cast<double>(head + 1) / static_cast<double>(options.heads)));
}

AttentionShape::AttentionShape(std::string_view operation, const Shape& query, const Shape& key, const Shape& value,
                               const AttentionOptions& options, const Sequence& queries, const Sequence& memory)
    : options(options), queries(queries), memory(memory), resets(LatestResets(queries)) {
  CheckSteps(operation, "query", query, queries);
  CheckSteps(operation, "key", key, memory);
  CheckSteps(operation, "value", value, memory);
  CheckLengths(operation, queries);
  CheckLengths(operation, memory);
  Tq = query[0], Tk = key[0], B = query[1], keys = key[2], values = value[2];
  if (query[2] != keys) Fail(operation, "query", "as wide as key " + key.ToString(), query.ToString());
  if (memory.rows != B) Fail(operation, "memory", "of as many rows as queries", std::to_string(memory.rows));
  const auto& [heads, scale, causal, window, positions] = options;
  if (heads < 1 || keys % heads != 0 || values % heads != 0) {
    Fail(operation, "heads", "a divisor of the widths of keys and values", std::to_string(heads));
  }
  Require(positions != Positions::kRotary || HeadKeys() % 2 == 0, operation, "width of a head's keys",
          "even with rotary positions", "odd");
  if (!std::isfinite(scale)) Fail(operation, "scale", "finite", std::to_string(scale));
  if (causal && Tq != Tk) Fail(operation, "memory", "as long as queries, in causal attention", std::to_string(Tk));
  Require(causal || window == 0, operation, "window", "0 unless attention is causal", "above");
  Require(causal || (queries.resets.empty() && memory.resets.empty()), operation, "resets",
          "none unless attention is causal", "given");
}

SeenKeys AttentionShape::SeenBy(size_t row, size_t query) const {
  const size_t length = memory.Length(row);
  if (!options.causal) return {0, length};
  const size_t end = std::min(length, query + 1);
  size_t begin = options.window > 0 && query + 1 > options.window ? query + 1 - options.window : 0;
  if (!resets.empty()) begin = std::max(begin, resets[query * B + row]);
  return {std::min(begin, end), end};
}

Real* AttentionShape::PartOf(const Tensor& x, size_t b, size_t h) const {
  const size_t width = x.dim(2);
  return x.data() + b * width + h * (width / options.heads);
}

Real* AttentionShape::WeightsOf(const Tensor& weights, size_t b, size_t h) const {
  return weights.data() + (b * options.heads + h) * Tq * Tk;
}

MatrixView AttentionShape::Part(const Tensor& x, const Sequence& sequence, size_t b, size_t h) const {
  const size_t width = x.dim(2);
  return {PartOf(x, b, h), sequence.Length(b), width / options.heads, B * width, 1};
}

void SubtractDistances(Real slope, size_t query, size_t first, size_t n, Real* scores) {
  for (size_t i = 0; i < n; ++i) {
    const size_t key = first + i;
    scores[i] -= slope * static_cast<Real>(key < query ? query - key : key - query);
  }
}

void SoftmaxRow(const Real* scores, size_t n, Real* weights) {
  if (n == 0) return;
  const auto [max, sum] = ScaleOfSoftmax(scores, n);
  AddScaledExp(scores, n, max, static_cast<Real>(1 / sum), 0, weights);
}

// With weights w: d score = w (d w - sum of w d w).
void SoftmaxRowBackward(const Real* weights, size_t n, SeenKeys seen, Real scale, Real* slopes) {
  const auto term = [=](size_t i) { return static_cast<double>(weights[seen.begin + i]) * slopes[seen.begin + i]; };
  const auto mean = static_cast<Real>(Sum(seen.size(), term));
  for (size_t i = seen.begin; i < seen.end; ++i) slopes[i] = scale * weights[i] * (slopes[i] - mean);
  std::fill(slopes, slopes + seen.begin, Real{0});
  std::fill(slopes + seen.end, slopes + n, Real{0});
}

}  // namespace eddy
