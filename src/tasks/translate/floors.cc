#include "tasks/translate/floors.h"

#include "floors/letter_sounds.h"
#include "floors/word_translation.h"

namespace eddy {
namespace {

// Scores what `translate` makes of each source.
template <class Translate>
TranslationScores Score(std::span<const Pair> judged, const TranslatorDesign& design, BleuTokens tokens,
                        const Translate& translate) {
  std::vector<std::string> sources, references, made;
  for (const Pair& pair : judged) {
    sources.push_back(pair.source);
    references.push_back(pair.target);
  }
  const SourceGroups groups = GroupsOf(sources);
  for (const std::vector<size_t>& group : groups) made.push_back(translate(sources[group.front()]));
  return ScoreTranslations(made, references, groups, design.target.unit, tokens);
}

template <class Method>
auto TranslateBy(const Method& method, SideUnit from, SideUnit to) {
  return [&method, from, to](const std::string& source) { return JoinSide(method.Translate(CutSide(source, from)), to); };
}

template <class Method>
Method Learn(std::span<const Pair> pairs, SideUnit from, SideUnit to) {
  std::vector<typename Method::Example> examples;
  for (const Pair& pair : pairs) examples.push_back({CutSide(pair.source, from), CutSide(pair.target, to)});
  return Method(examples);
}

}  // namespace

TranslationFloor CopiedSource(const TranslatorDesign& design, std::span<const Pair> judged, BleuTokens tokens) {
  const auto copy = [&](const std::string& source) {
    // Letters stand for sounds, with spaces between them as between those.
    const bool letters = IsSpelling(design.target.unit);
    return letters ? JoinSide(design.source.Cut(source), design.target.unit) : source;
  };
  return {"the source as it is", Score(judged, design, tokens, copy)};
}

TranslationFloor SimpleTranslation(const TranslatorDesign& design, std::span<const Pair> train, std::span<const Pair> judged,
                                   BleuTokens tokens) {
  const SideUnit from = design.source.unit, to = design.target.unit;
  if (IsSpelling(to)) {
    const auto method = Learn<LetterSounds>(train, from, to);
    return {"letters by their neighbours", Score(judged, design, tokens, TranslateBy(method, from, to))};
  }
  const SideUnit words = SideUnit::kWords;
  const auto method = Learn<WordTranslation>(train, words, words);
  return {"word for word (IBM model 1)", Score(judged, design, tokens, TranslateBy(method, words, words))};
}

}  // namespace eddy
