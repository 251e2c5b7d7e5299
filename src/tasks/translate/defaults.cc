#include "tasks/translate/defaults.h"

#include <algorithm>

#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kMinWordCount = 2;
constexpr size_t kMostPieces = 8'000;  // of a side
constexpr double kLeastSteps = 1500;   // so that a few pairs are learned, too
constexpr double kMostSteps = 36'000;  // of spellings: some ten minutes of two cores
constexpr size_t kManyPairs = 10'000;  // of spellings, which are not soon known by heart

// Sources of spellings hold no spaces: they are single words, or symbols.
bool LooksLikeSpelling(const Ragged<char>& sources) {
  if (CharactersOrSymbols(sources) == SideUnit::kSymbols) return true;
  size_t spaced = 0;
  for (size_t i = 0; i < sources.size(); ++i) spaced += sources[i].find(' ') != std::string_view::npos;
  return 10 * spaced < sources.size();
}

SideFormat FormatOf(const Ragged<char>& texts, const std::string& unit, std::optional<size_t> most,
                    const SideFormat* known) {
  if (known && known->pieces) return *known;
  if (known) {
    SideFormat format = MakeSideFormat(texts, known->unit, known->unit == SideUnit::kWords ? kMinWordCount : 1,
                                       most.value_or(kMostSideTokens));
    format.vocabulary = Grown(known->vocabulary, format.vocabulary);
    return format;
  }
  if (unit == "bpe") return PieceFormat(Pieces::Learn(texts, most.value_or(kMostPieces)));
  if (unit == "word") return MakeSideFormat(texts, SideUnit::kWords, kMinWordCount, most.value_or(kMostSideTokens));
  return MakeSideFormat(texts, CharactersOrSymbols(texts), 1, most.value_or(kMostSideTokens));
}

// As the option names it.
std::string UnitOf(const SideFormat& side) {
  if (side.unit == SideUnit::kPieces) return "bpe";
  return side.unit == SideUnit::kWords ? "word" : "char";
}

std::string ChosenUnit(const Ragged<char>& sources, const TranslatorUnits& units) {
  if (units.start) {
    const std::string unit = UnitOf(units.start->source);
    Require(units.unit.empty() || units.unit == unit, "train", "--unit", "that of the model to start from, " + unit,
            units.unit);
    return unit;
  }
  if (!units.unit.empty()) return units.unit;
  return LooksLikeSpelling(sources) ? "char" : "word";
}

// Of the decoder: the fewer the pairs, the fewer the units that have something to learn.
size_t HiddenFor(size_t pairs, bool spelling) {
  if (pairs < 300) return 64;
  if (pairs < 1000) return 128;
  return spelling || pairs < 3000 ? 256 : 512;
}

}  // namespace

TranslatorSetup DefaultTranslatorSetup(const PairSet& train, const TranslatorUnits& units) {
  const std::string unit = ChosenUnit(train.sources(), units);
  TranslatorSetup setup;
  TranslatorDesign& design = setup.design;
  const TranslatorDesign* start = units.start;
  design.source = FormatOf(train.sources(), unit, units.most_tokens, start ? &start->source : nullptr);
  design.target = FormatOf(train.targets(), unit, units.most_tokens, start ? &start->target : nullptr);
  TrainingOptions& training = setup.training;
  training.limit = "epochs";
  training.schedule.warmup = 0.05;
  training.average_decay = 0.99;
  training.patience = 6;
  setup.batching.label_smoothing = 0.1;
  design.decoder.layer.hidden = HiddenFor(train.size(), unit == "char");
  design.embedding = design.encoder.layer.hidden = design.decoder.layer.hidden / 2;
  setup.batching.rows = unit == "char" ? 32 : 64;
  const double epochs_a_step = static_cast<double>(setup.batching.rows) / static_cast<double>(train.size());
  if (unit != "char") {
    design.dropout = 0.4;
    training.schedule.rate = 1e-3;
    training.amount = 15;
  } else {
    design.dropout = train.size() < kManyPairs ? 0.5 : 0.15;
    training.schedule.rate = 2e-3;
    training.amount = std::min(40.0, kMostSteps * epochs_a_step);
  }
  training.amount = std::max(training.amount, kLeastSteps * epochs_a_step);
  design.encoder.bidirectional = true;
  for (StackOptions* stack : {&design.encoder, &design.decoder}) {
    stack->layer.input = design.embedding;
    stack->dropout = design.dropout;
  }
  return setup;
}

}  // namespace eddy
