// Any bytes are pairs, cut, encoded and joined again, and scored, or an Error. The first byte chooses the format and the
// unit.
#include <cstdint>
#include <string>

#include "data/pairs.h"
#include "eddy/error.h"
#include "floors/letter_sounds.h"
#include "floors/word_translation.h"
#include "metrics/chrf.h"
#include "tasks/translate/batch.h"
#include "tasks/translate/scores.h"

namespace {

eddy::PairSet Parse(uint8_t choice, std::string_view text) {
  if (choice & 4) return eddy::ParsePairTable(text, "fuzz");
  const size_t half = text.find('\0');
  return eddy::ParsePairLines(text.substr(0, half), half < text.size() ? text.substr(half + 1) : "", {{}, "from", "to"});
}

template <class Method, class... More>
Method Learn(const eddy::PairSet& pairs, eddy::SideUnit unit, More&... more) {
  const auto example = [&](size_t i) -> typename Method::Example {
    return {eddy::CutSide(pairs[i].source, unit), eddy::CutSide(pairs[i].target, unit)};
  };
  return Method(pairs.size(), example, more...);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto unit = static_cast<eddy::SideUnit>(data[0] % 3);  // not pieces: their library is not ours to test
  try {
    const eddy::PairSet pairs = Parse(data[0], text);
    std::vector<std::string> sources, targets;
    for (size_t i = 0; i < pairs.size(); ++i) {
      sources.emplace_back(pairs[i].source);
      targets.emplace_back(pairs[i].target);
      eddy::JoinSide(eddy::CutSide(sources.back(), unit), unit);
    }
    eddy::TranslatorDesign design;
    design.source = eddy::MakeSideFormat(pairs.sources(), unit, 1, 100);
    design.target = eddy::MakeSideFormat(pairs.targets(), eddy::CharactersOrSymbols(pairs.targets()), 2, 100);
    const eddy::EncodedPairs encoded = eddy::EncodePairs(pairs, design);
    const std::span<const int32_t> row = encoded[0].target;
    eddy::TargetsOf(eddy::ShiftTargets(eddy::MakeTokenBatch(std::span(&row, 1)), design.target.vocabulary.end()));
    eddy::ScoreTranslations(sources, targets, unit, data[0] & 8 ? eddy::BleuTokens::k13a : eddy::BleuTokens::kNone);
    if (size > 2000) return 0;  // the floors take their time
    const std::vector<std::string> first = eddy::CutSide(sources.front(), unit);
    Learn<eddy::LetterSounds>(pairs, unit).Translate(first);
    static eddy::Threads threads(1);
    Learn<eddy::WordTranslation>(pairs, unit, threads).Translate(first);
  } catch (const eddy::Error&) {
  }
  return 0;
}
