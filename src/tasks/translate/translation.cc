#include "tasks/translate/translation.h"

#include <algorithm>

#include "eddy/error.h"

namespace eddy {
namespace {

std::string TextOf(TranslatorNetwork& network, const std::string& source, const std::vector<int32_t>& tokens,
                   Threads& threads) {
  const TranslatorDesign& design = network.design();
  const int32_t unknown = design.target.vocabulary.unknown();
  std::vector<std::string> words;
  for (const int32_t token : tokens) words.push_back(design.target.vocabulary[token]);
  if (std::find(tokens.begin(), tokens.end(), unknown) != tokens.end()) {
    const std::vector<std::string> read = design.source.Cut(source);
    const Tensor weights = Align(network, {design.source.Encode(source), tokens}, threads);
    for (size_t t = 0; t < tokens.size(); ++t) {
      const Real* row = weights.data() + t * weights.dim(1);
      // The end token at the source's end is no word.
      if (tokens[t] == unknown) words[t] = read[static_cast<size_t>(std::max_element(row, row + read.size()) - row)];
    }
  }
  return JoinSide(words, design.target.unit);
}

}  // namespace

std::vector<std::vector<Translation>> TranslateTexts(std::span<TranslatorNetwork* const> networks,
                                                     std::span<const std::string> texts, const BeamOptions& options,
                                                     Threads& threads) {
  std::vector<std::vector<int32_t>> sources;
  for (const std::string& text : texts) {
    if (!text.empty()) sources.push_back(networks[0]->design().source.Encode(text));
  }
  std::vector<std::vector<Hypothesis>> found = SearchBeams(networks, sources, options, threads);
  std::vector<std::vector<Translation>> translations;
  auto next = found.begin();
  for (const std::string& text : texts) {
    std::vector<Translation>& best = translations.emplace_back();
    if (text.empty()) {
      best.emplace_back();
      continue;
    }
    for (Hypothesis& each : *next++) {
      std::string made = TextOf(*networks[0], text, each.tokens, threads);
      best.push_back({std::move(made), std::move(each.tokens), each.log_probability, each.score});
    }
  }
  return translations;
}

std::vector<std::string> BestTranslations(std::span<TranslatorNetwork* const> networks, std::span<const std::string> texts,
                                          const BeamOptions& options, Threads& threads) {
  std::vector<std::string> best;
  for (const auto& translations : TranslateTexts(networks, texts, options, threads)) best.push_back(translations[0].text);
  return best;
}

void RequireSameVocabularies(const TranslatorDesign& first, const TranslatorDesign& second, const std::string& first_name,
                             const std::string& second_name) {
  const auto same = [](const SideFormat& a, const SideFormat& b) {
    const bool same_pieces = !a.pieces || !b.pieces || a.pieces->bytes() == b.pieces->bytes();
    return a.unit == b.unit && a.vocabulary.tokens() == b.vocabulary.tokens() && same_pieces;
  };
  if (same(first.source, second.source) && same(first.target, second.target)) return;
  Fail("translate", second_name, "a model of the vocabularies of " + first_name, "one of others");
}

std::vector<TranslatorNetwork> LoadTranslators(const std::vector<std::string>& paths, Threads& threads) {
  std::vector<TranslatorNetwork> networks;
  for (const std::string& path : paths) {
    networks.push_back(LoadTranslator(LoadModel(path, kTranslateTask), threads));
    RequireSameVocabularies(networks[0].design(), networks.back().design(), paths[0], path);
  }
  return networks;
}

std::vector<TranslatorNetwork*> PointersTo(std::vector<TranslatorNetwork>& networks) {
  std::vector<TranslatorNetwork*> pointers;
  for (TranslatorNetwork& network : networks) pointers.push_back(&network);
  return pointers;
}

}  // namespace eddy
