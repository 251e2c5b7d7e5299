#include "tasks/translate/floors.h"

#include "floors/letter_sounds.h"
#include "floors/word_translation.h"

namespace eddy {
namespace {

// Scores what `translate` makes of each source; a process translates its share of them.
template <class Translate>
TranslationScores Score(const PairSet& judged, const TranslatorDesign& design, BleuTokens tokens, const Translate& translate,
                        ProcessGroup& processes) {
  const SourceGroups groups = GroupsOf(judged.sources());
  std::vector<std::string> made;
  for (const std::vector<size_t>& group : OwnShare(processes).Of(std::span<const std::vector<size_t>>(groups))) {
    made.push_back(translate(judged[group.front()].source));
  }
  return ScoreTranslations(Joined(processes, std::move(made)), TargetsOf(judged), groups, design.target.unit, tokens);
}

template <class Method>
auto TranslateBy(const Method& method, SideUnit from, SideUnit to) {
  return [&method, from, to](std::string_view source) { return JoinSide(method.Translate(CutSide(source, from)), to); };
}

template <class Method, class... More>
Method Learn(const PairSet& pairs, SideUnit from, SideUnit to, More&... more) {
  const auto example = [&](size_t i) -> typename Method::Example {
    return {CutSide(pairs[i].source, from), CutSide(pairs[i].target, to)};
  };
  return Method(pairs.size(), example, more...);
}

}  // namespace

TranslationFloor CopiedSource(const TranslatorDesign& design, const PairSet& judged, BleuTokens tokens) {
  const auto copy = [&](std::string_view source) {
    // Letters stand for sounds, with spaces between them as between those.
    const bool letters = IsSpelling(design.target.unit);
    return letters ? JoinSide(design.source.Cut(source), design.target.unit) : std::string(source);
  };
  return {"the source as it is", Score(judged, design, tokens, copy, Alone())};
}

TranslationFloor SimpleTranslation(const TranslatorDesign& design, const PairSet& train, const PairSet& judged,
                                   BleuTokens tokens, Threads& threads, ProcessGroup& group) {
  const SideUnit from = design.source.unit, to = design.target.unit;
  if (IsSpelling(to)) {
    const auto method = Learn<LetterSounds>(train, from, to);
    return {"letters by their neighbours", Score(judged, design, tokens, TranslateBy(method, from, to), group)};
  }
  const SideUnit words = SideUnit::kWords;
  const auto method = Learn<WordTranslation>(train, words, words, threads, group);
  return {"word for word (IBM model 1)", Score(judged, design, tokens, TranslateBy(method, words, words), group)};
}

}  // namespace eddy
