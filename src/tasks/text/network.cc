#include "tasks/text/network.h"

#include <cmath>

#include "eddy/error.h"
#include "eddy/ops.h"

namespace eddy {
namespace {

// Small beside the unit variance that would suit the layers: Adam moves a small vector to where it belongs in fewer steps.
constexpr double kEmbeddingLimit = 0.3;

const TextDesign& Checked(const TextDesign& options) {
  const auto require = [](bool holds, const char* argument, const char* expected, double given) {
    if (!holds) Fail("language model", argument, expected, std::to_string(given));
  };
  require(options.vocabulary >= 1, "the vocabulary", "of at least one token", static_cast<double>(options.vocabulary));
  require(options.embedding >= 1, "the embedding", "at least 1 wide", static_cast<double>(options.embedding));
  require(options.dropout >= 0 && options.dropout < 1, "dropout", "in [0, 1)", options.dropout);
  Require(IsCausal(options.encoder), "language model", "the direction", "forward",
          "one that sees the tokens it must predict");
  Require(StepsBack(options.encoder) < kAllSteps, "language model", "attention", "in a window", "without one");
  return options;
}

EncoderOptions WithInput(EncoderOptions options, size_t input) {
  options.input = input;
  return options;
}

Tensor UniformIn(const Shape& shape, double limit, Random& random) {
  Tensor values = Tensor::Uninitialized(shape);
  for (Real& value : values.values()) value = static_cast<Real>((2 * random.Uniform() - 1) * limit);
  return values;
}

Parameter SoftmaxWeight(const TextDesign& options, size_t width, Random& random) {
  if (!options.tied) {
    const double limit = 1 / std::sqrt(static_cast<double>(width));
    return Parameter("softmax.weight", UniformIn({options.vocabulary, width}, limit, random));
  }
  Require(width == options.embedding, "language model", "the embedding of a tied softmax",
          "as wide as the layers' output, " + std::to_string(width), std::to_string(options.embedding));
  return {};
}

}  // namespace

TextNetwork::TextNetwork(const TextDesign& options, uint64_t seed)
    : options_(Checked(options)),
      random_(seed),
      embedding_("embedding.weight", UniformIn({options.vocabulary, options.embedding}, kEmbeddingLimit, random_)),
      encoder_(WithInput(options.encoder, options.embedding), "layer", random_),
      softmax_weight_(SoftmaxWeight(options, encoder_.output_width(), random_)),
      softmax_bias_("softmax.bias", Tensor({options.vocabulary})) {
  options_.encoder = encoder_.options();
}

Var TextNetwork::Embed(Tape& tape, std::span<const int32_t> tokens, const Sequence& sequence) {
  const Var vectors = Embedding(tape, tape.Use(embedding_), tokens);
  return Reshape(tape, vectors, {sequence.steps, sequence.rows, options_.embedding});
}

Var TextNetwork::Read(Tape& tape, std::span<const int32_t> tokens, const Sequence& sequence, Segment* segment) {
  const Var x = Dropout(tape, Embed(tape, tokens, sequence), options_.dropout);
  return encoder_.Forward(tape, x, sequence, segment);
}

Var TextNetwork::Logits(Tape& tape, Var y) {
  const Var weight = tape.Use(options_.tied ? embedding_ : softmax_weight_);
  return Linear(tape, Dropout(tape, y, options_.dropout), weight, tape.Use(softmax_bias_));
}

void TextNetwork::SetPrecision(Precision precision) {
  encoder_.SetPrecision(precision);
  options_.encoder.precision = precision;
}

std::vector<Parameter*> TextNetwork::parameters() {
  std::vector<Parameter*> parameters = {&embedding_};
  for (Parameter* parameter : encoder_.parameters()) parameters.push_back(parameter);
  if (!options_.tied) parameters.push_back(&softmax_weight_);
  parameters.push_back(&softmax_bias_);
  return parameters;
}

}  // namespace eddy
