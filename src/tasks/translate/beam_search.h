// Beam search: the likeliest translations that can be found by keeping the best few beginnings at every step. Networks of
// the same vocabularies decide together (an ensemble), by the mean of their log probabilities.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tasks/translate/network.h"

namespace eddy {

inline constexpr size_t kMostBeam = 256;

struct BeamOptions {
  size_t width = 5;             // beginnings kept for a source, 1 to kMostBeam; 1 takes the likeliest token at every step
  size_t best = 1;              // translations wanted of a source, at most `width`
  double length_penalty = 0.6;  // alpha of Wu 2016, equation 14; 0 for none, which favours short translations
};

struct Hypothesis {
  std::vector<int32_t> tokens;  // without the end token
  double log_probability = 0;   // the end token included
  double score = 0;             // log_probability / ((5 + length) / 6)^alpha, the end token counted (equation 14 without its
                                // coverage penalty)
};

// For each source its translations, the best first: fewer than wanted where that many were not found. A translation that
// does not end is cut off after three times the source's steps and 20. The unknown token is predicted where units are words.
// Sources of similar length are searched side by side; neither that nor the number of threads changes a bit of the result.
// Throws Error for options out of range and tokens that are not in the vocabulary.
std::vector<std::vector<Hypothesis>> SearchBeams(std::span<TranslatorNetwork* const> networks,
                                                 std::span<const std::vector<int32_t>> sources, const BeamOptions& options,
                                                 Threads& threads);

}  // namespace eddy
