// A network that begins where another ended: with its weights.
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>

#include "eddy/precision.h"
#include "eddy/tape.h"

namespace eddy {

// What may be larger than in the network that is gone on with: of these parameters each row stands for a token. Rows of
// tokens that are new begin as that of `pattern`, such as the unknown token.
struct GrowingRows {
  std::set<std::string> parameters;
  size_t pattern = 0;
};

// Copies the values of `start`, whose parameters are those of the same names; those of `growing` are the first rows. Throws
// Error, before anything is copied, where names or shapes differ. `source` is the name of the model in errors.
void StartFrom(std::span<Parameter* const> network, std::span<Parameter* const> start, const GrowingRows& growing,
               const std::string& source);

// Throws Error for a quantized model.
void RequireFloat32(Precision precision, const std::string& source);

// Of the values: what a run that starts from them must find again to be resumed.
std::string HashOfWeights(std::span<Parameter* const> parameters);

}  // namespace eddy
