#include "tasks/classify/network.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "eddy/ops.h"
#include "recurrent/initialize.h"

namespace eddy {
namespace {

constexpr double kEmbeddingLimit = 0.3;

const ClassifierDesign& Checked(const ClassifierDesign& design) {
  RequireValid(design);
  return design;
}

EncoderOptions WithInput(EncoderOptions options, size_t input) {
  options.input = input;
  return options;
}

}  // namespace

ClassifierNetwork::ClassifierNetwork(const ClassifierDesign& design, uint64_t seed)
    : design_(Checked(design)),
      random_(seed),
      embedding_(design.is_text()
                     ? UniformParameter("embedding.weight", {design.sentences.vocabulary.size(), design.embedding},
                                        kEmbeddingLimit, random_)
                     : Parameter()),
      encoder_(WithInput(design.encoder, design.inputs()), "layer", random_) {
  const size_t width = 2 * encoder_.output_width(), classes = design.classes.size();
  head_weight_ = UniformParameter("head.weight", {classes, width}, 1 / std::sqrt(static_cast<double>(width)), random_);
  head_bias_ = Parameter("head.bias", Tensor({classes}));
  if (design.ngrams.size() > 0) ngrams_ = Parameter("ngrams.weight", Tensor({design.ngrams.size(), classes}));
  design_.encoder = encoder_.options();
  if (design.convolutions) MakeConvolutions();
}

Var ClassifierNetwork::Read(Tape& tape, const ClassifierBatch& batch) {
  if (!design_.is_text()) return tape.Constant(batch.values);
  const Var vectors = Embedding(tape, tape.Use(embedding_), batch.tokens);
  return Reshape(tape, vectors, {batch.sequence.steps, batch.sequence.rows, design_.embedding});
}

Var ClassifierNetwork::Logits(Tape& tape, Var read, const Sequence& sequence) {
  const Var x = design_.is_text() ? Dropout(tape, read, design_.dropout) : read;
  const Var y = encoder_.Forward(tape, x, sequence);
  const Var pooled = Concat(tape, MaxOverTime(tape, y, sequence.lengths), MeanOverTime(tape, y, sequence.lengths));
  return Linear(tape, Dropout(tape, pooled, design_.dropout), tape.Use(head_weight_), tape.Use(head_bias_));
}

void ClassifierNetwork::SetPrecision(Precision precision) {
  encoder_.SetPrecision(precision);
  design_.encoder.precision = precision;
}

void ClassifierNetwork::ScaleLogits(double factor) {
  for (const Parameter* parameter : {&head_weight_, &head_bias_, &ngrams_, &convolution_weights_, &convolution_bias_}) {
    for (Real& value : parameter->value.values()) value = static_cast<Real>(value * factor);
  }
  design_.mixed_in.share *= factor;
  for (double& value : design_.mixed_in.bias) value *= factor;
}

void ClassifierNetwork::AddNgrams(const NgramClassifier& classifier, double factor) {
  std::vector<double>& added = design_.mixed_in.bias;
  added.resize(classifier.bias.size());
  for (size_t c = 0; c < classifier.bias.size(); ++c) {
    head_bias_.value[c] += static_cast<Real>(factor * classifier.bias[c]);
    added[c] += factor * classifier.bias[c];
  }
  for (size_t i = 0; i < classifier.weights.size(); ++i) {
    ngrams_.value[i] += static_cast<Real>(factor * classifier.weights[i]);
  }
}

void ClassifierNetwork::AddBias(std::span<const double> bias) {
  std::vector<double>& added = design_.mixed_in.bias;
  added.resize(bias.size());
  for (size_t c = 0; c < bias.size(); ++c) {
    head_bias_.value[c] += static_cast<Real>(bias[c]);
    added[c] += bias[c];
  }
}

double ClassifierNetwork::NgramWeight(uint32_t ngram, size_t c) const {
  return double{ngrams_.value[ngram * design_.classes.size() + c]};
}

void ClassifierNetwork::MakeConvolutions() {
  convolutions_ = ConvolutionFeatures(*design_.convolutions);
  thresholds_ = Parameter("convolutions.threshold", Tensor({convolutions_.size()}));
  convolution_weights_ = Parameter("convolutions.weight", Tensor({convolutions_.size(), design_.classes.size()}));
  convolution_bias_ = Parameter("convolutions.bias", Tensor({design_.classes.size()}));
}

void ClassifierNetwork::AddConvolutions(const ConvolutionClassifier& classifier, double factor) {
  const RidgeClassifier& ridge = classifier.ridge;
  design_.convolutions = classifier.features.shape();
  MakeConvolutions();
  std::copy(classifier.thresholds.begin(), classifier.thresholds.end(), thresholds_.value.data());
  for (size_t c = 0; c < ridge.bias.size(); ++c) convolution_bias_.value[c] = static_cast<Real>(factor * ridge.bias[c]);
  for (size_t i = 0; i < ridge.weights.size(); ++i) {
    convolution_weights_.value[i] = static_cast<Real>(factor * double{ridge.weights[i]});
  }
}

void ClassifierNetwork::UnmixHead() {
  const auto [share, bias] = std::exchange(design_.mixed_in, {});
  for (size_t c = 0; c < bias.size(); ++c) head_bias_.value[c] -= static_cast<Real>(bias[c]);
  for (const Parameter* parameter : {&head_weight_, &head_bias_}) {
    for (Real& value : parameter->value.values()) value = static_cast<Real>(value / share);
  }
}

void ClassifierNetwork::AddRegression(const EncodedExample& example, std::span<double> logits) const {
  for (const PlacedNgram& ngram : example.ngrams) {
    for (size_t c = 0; c < logits.size(); ++c) logits[c] += NgramWeight(ngram.number, c);
  }
  if (!design_.convolutions) return;
  for (size_t c = 0; c < logits.size(); ++c) logits[c] += double{convolution_bias_.value[c]};
  eddy::AddConvolutions(convolutions_, thresholds_.value.values(), convolution_weights_.value.values(), example.values,
                        logits);
}

std::vector<Parameter*> ClassifierNetwork::parameters() {
  std::vector<Parameter*> parameters;
  if (design_.is_text()) parameters.push_back(&embedding_);
  for (Parameter* parameter : encoder_.parameters()) parameters.push_back(parameter);
  parameters.insert(parameters.end(), {&head_weight_, &head_bias_});
  return parameters;
}

std::vector<Parameter*> ClassifierNetwork::stored() {
  std::vector<Parameter*> all = parameters();
  if (design_.ngrams.size() > 0) all.push_back(&ngrams_);
  if (design_.convolutions) all.insert(all.end(), {&thresholds_, &convolution_weights_, &convolution_bias_});
  return all;
}

}  // namespace eddy
