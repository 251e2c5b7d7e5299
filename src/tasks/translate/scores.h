// How good translations are: the figures of a set of them against one reference each.
#pragma once

#include <limits>
#include <span>
#include <string>

#include "data/side_format.h"
#include "metrics/bleu.h"

namespace eddy {

struct TranslationScores {
  size_t pairs = 0;
  double bleu = 0, chrf = 0;    // 0 to 100 (bleu.h, chrf.h)
  double wrong_share = 0;       // of pairs whose translation is not exactly the reference: of spellings the word error rate
  double token_error_rate = 0;  // insertions, deletions and replacements over the references' tokens: of sentences the word
                                // error rate (in words as BLEU has them), of spellings the phoneme error rate
  double nats = std::numeric_limits<double>::quiet_NaN();  // -ln p a token of the references; NaN of what has no p
};

// `unit` is that of the targets. At least one translation.
TranslationScores ScoreTranslations(std::span<const std::string> made, std::span<const std::string> references,
                                    SideUnit unit, BleuTokens tokens);

// Whether the units are those of spellings, which are right or wrong as a whole; sentences are judged by BLEU.
bool IsSpelling(SideUnit unit);

}  // namespace eddy
