#include "tasks/translate/batch.h"

#include <algorithm>

#include "eddy/loss.h"

namespace eddy {

EncodedPairs EncodePairs(const PairSet& pairs, const TranslatorDesign& design) {
  EncodedPairs encoded;
  // A token but the last has a letter at least.
  encoded.Reserve(pairs.size(), pairs.sources().elements() + pairs.size(), pairs.targets().elements() + pairs.size());
  for (size_t i = 0; i < pairs.size(); ++i) {
    encoded.Add({design.source.Encode(pairs[i].source), design.target.Encode(pairs[i].target)});
  }
  return encoded;
}

TokenBatch MakeTokenBatch(std::span<const std::span<const int32_t>> rows) {
  TokenBatch batch;
  Sequence& sequence = batch.sequence;
  sequence.rows = rows.size();
  for (const auto& row : rows) {
    sequence.lengths.push_back(row.size());
    sequence.steps = std::max(sequence.steps, row.size());
  }
  batch.tokens.resize(sequence.steps * sequence.rows);
  for (size_t b = 0; b < rows.size(); ++b) {
    for (size_t t = 0; t < rows[b].size(); ++t) batch.tokens[t * rows.size() + b] = rows[b][t];
  }
  return batch;
}

TokenBatch ShiftTargets(const TokenBatch& target, int32_t end) {
  TokenBatch inputs{target.sequence, std::vector<int32_t>(target.sequence.rows, end)};
  inputs.tokens.insert(inputs.tokens.end(), target.tokens.begin(),
                       target.tokens.end() - static_cast<ptrdiff_t>(target.sequence.rows));
  return inputs;
}

std::vector<int32_t> TargetsOf(const TokenBatch& target) {
  const size_t B = target.sequence.rows;
  std::vector<int32_t> targets = target.tokens;
  for (size_t i = 0; i < targets.size(); ++i) {
    if (i / B >= target.sequence.Length(i % B)) targets[i] = kIgnore;
  }
  return targets;
}

}  // namespace eddy
