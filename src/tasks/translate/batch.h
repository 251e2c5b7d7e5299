// Pairs as a translator reads them, and batches of token sequences. Shapes: T steps, B rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/pairs.h"
#include "eddy/sequence.h"
#include "tasks/translate/design.h"

namespace eddy {

using EncodedPairs = PairColumns<int32_t>;  // each side closed by the end token
using EncodedPair = EncodedPairs::Pair;

EncodedPairs EncodePairs(const PairSet& pairs, const TranslatorDesign& design);

struct TokenBatch {
  Sequence sequence;            // with a length a row
  std::vector<int32_t> tokens;  // [T, B]; beyond a row's length 0
};
TokenBatch MakeTokenBatch(std::span<const std::span<const int32_t>> rows);

// What the decoder reads to predict `target`: the same a step later, after the end token.
TokenBatch ShiftTargets(const TokenBatch& target, int32_t end);

// [T, B]: the tokens to predict, kIgnore beyond a row's length.
std::vector<int32_t> TargetsOf(const TokenBatch& target);

}  // namespace eddy
