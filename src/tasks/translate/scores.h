// How good translations are: the figures of a set of them against their references.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/ragged.h"
#include "data/side_format.h"
#include "metrics/bleu.h"
#include "metrics/bootstrap.h"
#include "metrics/chrf.h"

namespace eddy {

struct TranslationScores {
  size_t pairs = 0;             // references
  size_t sources = 0;           // translated: pairs of the same source are several references of one
  double bleu = 0, chrf = 0;    // 0 to 100 (bleu.h, chrf.h)
  double wrong_share = 0;       // of pairs whose translation is not exactly the reference: of spellings the word error rate
  double token_error_rate = 0;  // insertions, deletions and replacements over the references' tokens: of sentences the word
                                // error rate (in words as BLEU has them), of spellings the phoneme error rate
  double nats = std::numeric_limits<double>::quiet_NaN();  // -ln p a token of the references; NaN of what has no p
  // Of each source: whether it is wrong, and 1; what BLEU and chrF2 are made of.
  PartSums wrong{2}, bleu_sums{kBleuColumns}, chrf_sums{kChrfColumns};
};

// Pairs of the same source, by their places, in the order of their first ones.
using SourceGroups = std::vector<std::vector<size_t>>;
SourceGroups GroupsOf(const Ragged<char>& sources);

// Figures of one translation a source. Where it has several references it is right if it meets any, and its errors are those
// of the nearest. made [groups], references of all pairs. `unit` is that of the targets. At least one translation.
TranslationScores ScoreTranslations(std::span<const std::string> made, std::span<const std::string> references,
                                    const SourceGroups& groups, SideUnit unit, BleuTokens tokens);
// The same with one reference a translation.
TranslationScores ScoreTranslations(std::span<const std::string> made, std::span<const std::string> references,
                                    SideUnit unit, BleuTokens tokens);

// Whether the units are those of spellings, which are right or wrong as a whole; sentences are judged by BLEU.
bool IsSpelling(SideUnit unit);

}  // namespace eddy
