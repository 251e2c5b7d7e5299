#include "tasks/tag/defaults.h"

#include <algorithm>

namespace eddy {
namespace {

constexpr size_t kMostCharacterKinds = 5000;
constexpr size_t kMinCharacterCount = 2;  // so that the unknown one occurs
constexpr double kLeastEpochs = 12;
constexpr double kLeastSteps = 2000;  // so that a few sequences are learned, too

void ReadVocabularies(const TokenSet& train, size_t most_words, TaggerDesign& design) {
  TokenCounts words, characters;
  for (const TokenSequence& sequence : train.sequences) {
    for (const std::string& token : sequence.tokens) {
      words.Add(WordForm(token));
      for (const std::string_view character : SpellingOf(token)) characters.Add(character);
    }
  }
  const std::vector<std::string> first = {std::string(Vocabulary::kUnknown)};
  // A token may be spelled like the unknown one, which is then what it is.
  words.Erase(first[0]);
  design.words = FrequentTokens(first, words, 1, most_words);
  design.characters = FrequentTokens(first, characters, kMinCharacterCount, kMostCharacterKinds);
}

}  // namespace

TaggerSetup DefaultTaggerSetup(const TokenSet& train, const std::vector<std::string>& tags, size_t most_words) {
  TaggerSetup setup;
  TaggerDesign& design = setup.design;
  design.tags = tags;
  ReadVocabularies(train, most_words, design);
  design.embedding = 100;
  design.character_embedding = 32;
  design.character_features = 64;
  design.dropout = 0.5;
  design.stack.bidirectional = true;
  design.stack.layer.hidden = 128;
  design.stack.layer.input = design.inputs();
  design.stack.dropout = design.dropout;
  setup.batching.rows = 16;
  setup.batching.word_dropout = 0.5;
  TrainingOptions& training = setup.training;
  training.schedule.warmup = 0.05;
  training.schedule.rate = 2e-3;
  training.average_decay = 0.99;
  training.patience = 8;
  training.limit = "epochs";
  training.amount = std::max(
      kLeastEpochs, kLeastSteps * static_cast<double>(setup.batching.rows) / static_cast<double>(train.sequences.size()));
  return setup;
}

}  // namespace eddy
