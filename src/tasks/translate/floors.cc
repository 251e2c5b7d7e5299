#include "tasks/translate/floors.h"

#include "floors/letter_sounds.h"
#include "floors/word_translation.h"

namespace eddy {
namespace {

TranslationScores Score(const std::vector<std::string>& made, std::span<const Pair> judged, const TranslatorDesign& design,
                        BleuTokens tokens) {
  std::vector<std::string> references;
  for (const Pair& pair : judged) references.push_back(pair.target);
  return ScoreTranslations(made, references, design.target.unit, tokens);
}

template <class Method>
std::vector<std::string> TranslateBy(const Method& method, std::span<const Pair> pairs, SideUnit from, SideUnit to) {
  std::vector<std::string> made;
  for (const Pair& pair : pairs) made.push_back(JoinSide(method.Translate(CutSide(pair.source, from)), to));
  return made;
}

template <class Method>
Method Learn(std::span<const Pair> pairs, SideUnit from, SideUnit to) {
  std::vector<typename Method::Example> examples;
  for (const Pair& pair : pairs) examples.push_back({CutSide(pair.source, from), CutSide(pair.target, to)});
  return Method(examples);
}

}  // namespace

TranslationFloor CopiedSource(const TranslatorDesign& design, std::span<const Pair> judged, BleuTokens tokens) {
  std::vector<std::string> made;
  for (const Pair& pair : judged) {
    // Letters stand for sounds, with spaces between them as between those.
    const bool letters = IsSpelling(design.target.unit);
    made.push_back(letters ? JoinSide(design.source.Cut(pair.source), design.target.unit) : pair.source);
  }
  return {"the source as it is", Score(made, judged, design, tokens)};
}

TranslationFloor SimpleTranslation(const TranslatorDesign& design, std::span<const Pair> train, std::span<const Pair> judged,
                                   BleuTokens tokens) {
  const SideUnit from = design.source.unit, to = design.target.unit;
  if (IsSpelling(to)) {
    const auto made = TranslateBy(Learn<LetterSounds>(train, from, to), judged, from, to);
    return {"letters by their neighbours", Score(made, judged, design, tokens)};
  }
  const SideUnit words = SideUnit::kWords;
  const auto made = TranslateBy(Learn<WordTranslation>(train, words, words), judged, words, words);
  return {"word for word (IBM model 1)", Score(made, judged, design, tokens)};
}

}  // namespace eddy
