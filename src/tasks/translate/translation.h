// Texts in, translations out: beam search over one network or an ensemble, with what is around it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tasks/translate/beam_search.h"
#include "tasks/translate/model.h"

namespace eddy {

struct Translation {
  std::string text;
  std::vector<int32_t> tokens;  // as the network wrote them, without the end token
  double log_probability = 0, score = 0;
};

// For each text its best translations, of which there is at least one; an empty text has the empty one alone. Where a
// network writes the unknown word, the source's word that the first network attends to most there stands instead (as in
// Luong 2015b, by attention). Throws Error for options out of range.
std::vector<std::vector<Translation>> TranslateTexts(std::span<TranslatorNetwork* const> networks,
                                                     std::span<const std::string> texts, const BeamOptions& options,
                                                     Threads& threads);

// The best translation of each text.
std::vector<std::string> BestTranslations(std::span<TranslatorNetwork* const> networks, std::span<const std::string> texts,
                                          const BeamOptions& options, Threads& threads);

// Throws Error, naming both, where two translators cannot decide together: they have other units or vocabularies.
void RequireSameVocabularies(const TranslatorDesign& first, const TranslatorDesign& second, const std::string& first_name,
                             const std::string& second_name);

// The models of an ensemble. Throws Error for one that is broken, of another task, or of other vocabularies than the first.
std::vector<TranslatorNetwork> LoadTranslators(const std::vector<std::string>& paths, Threads& threads);
std::vector<TranslatorNetwork*> PointersTo(std::vector<TranslatorNetwork>& networks);

}  // namespace eddy
