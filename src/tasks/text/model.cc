#include "tasks/text/model.h"

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "model/encoder_json.h"

namespace eddy {
namespace {

constexpr int64_t kMostVocabulary = 1 << 24;
constexpr int64_t kMostEmbedding = 1 << 20;
constexpr size_t kGoldenTokens = 16;

// tokens [T] -> the logits [V] after the last.
GoldenRun GoldenRunOf(TextNetwork& network) {
  return [&](const Tensor& tokens) {
    const size_t vocabulary = network.options().vocabulary;
    Require(tokens.rank() == 1, "model", "the golden input", "a row of tokens", tokens.shape().ToString());
    std::vector<int32_t> ids;
    for (Real token : tokens.values()) {
      const bool fits = token >= 0 && token < static_cast<Real>(vocabulary) && token == std::floor(token);
      Require(fits, "model", "the golden input", "of tokens in the vocabulary", "of something else");
      ids.push_back(static_cast<int32_t>(token));
    }
    Threads threads(1);
    Tape tape(threads, Tape::Mode::kInference, 0, network.options().encoder.precision);
    Sequence sequence;
    sequence.steps = ids.size();
    sequence.rows = 1;
    const Tensor logits = tape.Value(network.Logits(tape, network.Read(tape, ids, sequence)));
    return Tensor::From({vocabulary}, logits.values().last(vocabulary));
  };
}

Tensor GoldenInput(size_t vocabulary) {
  Tensor tokens({kGoldenTokens});
  for (size_t i = 0; i < kGoldenTokens; ++i) tokens[i] = static_cast<Real>(i * vocabulary / kGoldenTokens);
  return tokens;
}

Json ToJson(const TextFormat& format) {
  return {{"unit", TextUnitName(format.unit)}, {"lines", format.lines}, {"vocabulary", format.vocabulary.tokens()}};
}

TextFormat TextFormatFromJson(const Json& json) {
  const TextUnit unit = ParseTextUnit(StringField(json, "unit"));
  const bool lines = BoolField(json, "lines");
  TextFormat format{unit, lines, Vocabulary(StringsField(json, "vocabulary"))};
  const Vocabulary& vocabulary = format.vocabulary;
  Require((vocabulary.end() != kNoToken) == lines, "model", "the vocabulary", "with an end token for lines alone", "not so");
  return format;
}

}  // namespace

Json ToJson(const TextDesign& options) {
  Json json = {{"vocabulary", options.vocabulary},
               {"embedding", options.embedding},
               {"tied", options.tied},
               {"dropout", options.dropout}};
  AddEncoder(json, options.encoder);
  return json;
}

TextDesign TextDesignFromJson(const Json& json) {
  TextDesign options;
  options.vocabulary = static_cast<size_t>(IntegerField(json, "vocabulary", 1, kMostVocabulary));
  options.embedding = static_cast<size_t>(IntegerField(json, "embedding", 1, kMostEmbedding));
  options.tied = BoolField(json, "tied");
  options.dropout = NumberField(json, "dropout");
  options.encoder = EncoderFromJson(json);
  return options;
}

Model PackTextModel(TextModel& model) {
  Model packed;
  packed.task = kTextTask;
  packed.description = {
      {"text", ToJson(model.format)}, {"network", ToJson(model.network.options())}, {"training", model.training}};
  packed.precision = model.network.options().encoder.precision;
  StoreNetwork(model.network.parameters(), GoldenInput(model.format.vocabulary.size()), GoldenRunOf(model.network), packed);
  return packed;
}

TextModel UnpackTextModel(const Model& model) {
  RequireTask(model, kTextTask);
  const TextFormat format = TextFormatFromJson(ObjectField(model.description, "text"));
  const TextDesign options = TextDesignFromJson(ObjectField(model.description, "network"));
  Require(options.vocabulary == format.vocabulary.size(), "model", "the vocabulary",
          "of " + std::to_string(options.vocabulary) + " tokens", std::to_string(format.vocabulary.size()));
  RequireShape(model, "embedding.weight", {options.vocabulary, options.embedding});
  Require(options.encoder.input == options.embedding, "model", "the layers' input", "the embedding's width",
          std::to_string(options.encoder.input));
  RequireFits(options.encoder, model.tensors);

  TextModel text{format, TextNetwork(options, 0), ObjectField(model.description, "training")};
  RestoreNetwork(model, text.network.parameters(), GoldenRunOf(text.network));
  return text;
}

}  // namespace eddy
