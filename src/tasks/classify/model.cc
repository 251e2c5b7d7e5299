#include "tasks/classify/model.h"

#include <algorithm>
#include <cmath>

#include "data/length_batches.h"
#include "eddy/error.h"
#include "model/encoder_json.h"
#include "tasks/classify/scores.h"
#include "train/process_exchange.h"

namespace eddy {
namespace {

constexpr size_t kMostRows = 256;
constexpr size_t kMostBatchSteps = 1 << 16;  // rows times steps of a batch
constexpr size_t kGoldenSteps = 16;

EncodedExamples GoldenExample(const Tensor& input, const ClassifierDesign& design) {
  const size_t width = design.is_text() ? 1 : design.scalings.size();
  Require(input.rank() == 2 && input.dim(1) == width, "load model", "the golden input",
          "of shape [T, " + std::to_string(width) + "]", input.shape().ToString());
  EncodedExamples example;
  if (!design.is_text()) {
    const std::vector<float> values(input.values().begin(), input.values().end());
    example.AddSeries(values, width);
    return example;
  }
  const auto vocabulary = static_cast<Real>(design.sentences.vocabulary.size());
  std::vector<int32_t> tokens;
  for (const Real token : input.values()) {
    const bool fits = token >= 0 && token < vocabulary && token == std::floor(token);
    Require(fits, "load model", "the golden input", "of tokens in the vocabulary", "of something else");
    tokens.push_back(static_cast<int32_t>(token));
  }
  const size_t ngrams = design.ngrams.size();  // all over them, as the input has no words
  std::vector<PlacedNgram> placed;
  for (size_t i = 0; i < std::min(ngrams, kGoldenSteps); ++i) {
    placed.push_back({static_cast<uint32_t>(i * ngrams / std::min(ngrams, kGoldenSteps)), 0, false});
  }
  example.AddSentence(tokens, placed);
  return example;
}

Tensor GoldenInput(const ClassifierDesign& design) {
  constexpr uint64_t kKey = 7;
  Tensor input = Tensor::Uninitialized({kGoldenSteps, design.is_text() ? 1 : design.scalings.size()});
  const size_t vocabulary = design.is_text() ? design.sentences.vocabulary.size() : 0;
  for (size_t i = 0; i < input.size(); ++i) {
    input[i] = design.is_text() ? static_cast<Real>(i * vocabulary / kGoldenSteps) : 2 * RandomAt(kKey, i) - 1;
  }
  return input;
}

GoldenRun GoldenRunOf(ClassifierNetwork& network, Threads& threads) {
  return [&](const Tensor& input) {
    const EncodedExamples example = GoldenExample(input, network.design());
    const std::vector<double> logits = ClassLogits(network, example.All(), threads);
    Tensor output({logits.size()});
    for (size_t i = 0; i < logits.size(); ++i) output[i] = static_cast<Real>(logits[i]);
    return output;
  };
}

// The sizes in the description against the tensors, before anything is allocated by them.
void RequireTensors(const Model& model, const ClassifierDesign& design) {
  RequireFits(design.encoder, model.tensors);
  RequireShape(model, "head.bias", {design.classes.size()});
  Require(design.encoder.input == design.inputs(), "load model", "the layers' input", std::to_string(design.inputs()),
          std::to_string(design.encoder.input));
  if (design.convolutions) {
    const size_t features = ConvolutionFeatures::kKernels * design.convolutions->per_kernel;
    RequireShape(model, "convolutions.threshold", {features});
    RequireShape(model, "convolutions.weight", {features, design.classes.size()});
    RequireShape(model, "convolutions.bias", {design.classes.size()});
  }
  if (!design.is_text()) return;
  RequireShape(model, "embedding.weight", {design.sentences.vocabulary.size(), design.embedding});
  if (design.ngrams.size() > 0) RequireShape(model, "ngrams.weight", {design.ngrams.size(), design.classes.size()});
}

// A part of an example that is read by itself: one of so many.
struct PartOfExample {
  size_t example, number, of;
};

}  // namespace

std::vector<double> ClassLogits(ClassifierNetwork& network, std::span<const EncodedExample> examples, Threads& threads,
                                Voices voices) {
  const ClassifierDesign& design = network.design();
  const size_t classes = design.classes.size();
  std::vector<PartOfExample> segments;
  for (size_t i = 0; i < examples.size(); ++i) {
    const size_t count = SegmentsOf(examples[i], design);
    for (size_t k = 0; k < count; ++k) segments.push_back({i, k, count});
  }
  std::vector<double> of_segments(segments.size() * classes);
  const auto length = [&](size_t i) { return examples[segments[i].example].steps / segments[i].of; };
  for (const std::vector<size_t>& places : BatchesByLength(segments.size(), length, kMostRows, kMostBatchSteps)) {
    std::vector<EncodedExample> rows;
    for (const size_t place : places) {
      rows.push_back(SegmentOf(examples[segments[place].example], segments[place].number, design));
    }
    const ClassifierBatch batch = MakeClassifierBatch(rows, design);
    Tape tape(threads, Tape::Mode::kInference, 0, design.encoder.precision);
    const Tensor made = tape.Value(network.Logits(tape, network.Read(tape, batch), batch.sequence));
    for (size_t i = 0; i < places.size(); ++i) {
      std::copy_n(made.data() + i * classes, classes, of_segments.begin() + static_cast<ptrdiff_t>(places[i] * classes));
    }
  }
  std::vector<double> logits(examples.size() * classes);
  for (size_t i = 0; i < of_segments.size(); ++i) {
    const PartOfExample& segment = segments[i / classes];
    logits[segment.example * classes + i % classes] += of_segments[i] / static_cast<double>(segment.of);
  }
  if (voices == Voices::kNetwork || !network.has_regression()) return logits;
  threads.For(examples.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      network.AddRegression(examples[i], std::span(logits).subspan(i * classes, classes));
    }
  });
  return logits;
}

std::vector<double> ClassLogits(ClassifierNetwork& network, std::span<const EncodedExample> examples, Threads& threads,
                                ProcessGroup& group, Voices voices) {
  return Joined(group, ClassLogits(network, OwnShare(group).Of(examples), threads, voices));
}

std::vector<double> ClassProbabilities(ClassifierNetwork& network, const ExampleSet& set, Threads& threads) {
  const size_t classes = network.design().classes.size();
  const EncodedExamples examples = EncodeExamples(set, network.design());
  std::vector<double> numbers = ClassLogits(network, examples.All(), threads);
  for (size_t i = 0; i < set.size(); ++i) {
    const std::span<double> row = std::span(numbers).subspan(i * classes, classes);
    Softmax(row, row);
  }
  return numbers;
}

Model MakeClassifierModel(ClassifierNetwork& network, const Json& training, Threads& threads) {
  Model model;
  model.task = kClassifyTask;
  model.description = ToJson(network.design());
  model.description["training"] = training;
  model.precision = network.design().encoder.precision;
  StoreNetwork(network.stored(), GoldenInput(network.design()), GoldenRunOf(network, threads), model);
  return model;
}

ClassifierNetwork LoadClassifier(const Model& model, Threads& threads) {
  RequireTask(model, kClassifyTask);
  const ClassifierDesign design = ClassifierDesignFromJson(model.description);
  RequireTensors(model, design);
  ClassifierNetwork network(design, 0);
  RestoreNetwork(model, network.stored(), GoldenRunOf(network, threads));
  return network;
}

}  // namespace eddy
