#include "tasks/text/comparison.h"

#include "floors/ngram.h"
#include "model/architecture.h"
#include "tasks/text/report.h"

namespace eddy {

ComparedText::ComparedText(TextSplit text, uint64_t seed)
    : text_(std::move(text)), seed_(seed), defaults_(DefaultTextSetup(text_)) {}

EncoderOptions ComparedText::Layers(const std::string& name) const {
  EncoderOptions layers = defaults_.network.encoder;
  Compose(layers, name, kTextSpan, {});
  return layers;
}

size_t ComparedText::CountParameters(const EncoderOptions& layers) const {
  TextDesign options = defaults_.network;
  options.encoder = layers;
  TextNetwork network(options, seed_);
  return CountWeights(network.parameters());
}

void ComparedText::Train(const EncoderOptions& layers, const Run& run, Threads& threads, ComparedModel& model) {
  TextSetup t = defaults_;
  t.network.encoder = layers;
  SuitRate(t.training.schedule, t.network.encoder);
  TextNetwork network(t.network, seed_);
  TextTraining task(network, text_, t.batching, t.label_smoothing, seed_, threads);
  model.run = run(task, t.training);
  if (model.run.stopped) return;
  const TextScore score = MeasureText(network, text_.valid, Measure::kExact, threads);
  weights_.clear();
  for (const TextScore::Block& block : score.blocks) {
    model.losses.push_back(block.nats);
    weights_.push_back(static_cast<double>(block.tokens));
  }
}

Comparison ComparedText::Judge(Threads&) {
  Comparison comparison;
  comparison.measure = LossUnit(text_.format.unit);
  comparison.curve = comparison.measure;
  comparison.parts = "stretches of text";
  comparison.weights = weights_;
  const NgramScore floor = BestNgram(text_.train, text_.valid, text_.format.vocabulary.size());
  comparison.floors = {{floor.Name(), floor.nats}};
  return comparison;
}

}  // namespace eddy
