#include "tasks/classify/comparison.h"

#include "data/class_split.h"
#include "model/architecture.h"
#include "tasks/classify/floors.h"
#include "tasks/classify/model.h"

namespace eddy {

ComparedClasses::ComparedClasses(ClassData data, const ClassifierSetup& defaults, bool forward, uint64_t seed)
    : data_(std::move(data)),
      defaults_(defaults),
      seed_(seed),
      train_{EncodeExamples(data_.train, defaults.design), TargetsOf(data_.train, data_.classes)},
      held_out_{EncodeExamples(data_.held_out, defaults.design), TargetsOf(data_.held_out, data_.classes)} {
  defaults_.design.encoder.stack()->bidirectional = !forward;
}

EncoderOptions ComparedClasses::Layers(const std::string& name) const {
  EncoderOptions layers = defaults_.design.encoder;
  Compose(layers, name, defaults_.span, {});
  return layers;
}

size_t ComparedClasses::CountParameters(const EncoderOptions& layers) const {
  ClassifierDesign design = defaults_.design;
  design.encoder = layers;
  return CountWeights(ClassifierNetwork(design, seed_).parameters());
}

void ComparedClasses::Train(const EncoderOptions& layers, const Run& run, Threads& threads, ComparedModel& model) {
  ClassifierSetup setup = defaults_;
  setup.design.encoder = layers;
  SuitRate(setup.training.schedule, layers);
  ClassifierNetwork network(setup.design, seed_);
  ClassifierTraining task(network, train_, held_out_, setup.batching, seed_, threads);
  task.StartFromCounts();
  model.run = run(task, setup.training);
  if (model.run.stopped) return;
  const size_t classes = data_.classes.size();
  const std::vector<double> logits = ClassLogits(network, held_out_.examples.All(), threads);
  for (size_t i = 0; i < held_out_.targets.size(); ++i) {
    const int32_t said = LikeliestClass(std::span(logits).subspan(i * classes, classes));
    model.losses.push_back(said == held_out_.targets[i] ? 0 : 1);
  }
}

Comparison ComparedClasses::Judge(Threads& threads) {
  Comparison comparison;
  comparison.measure = "accuracy";
  comparison.curve = "nats an example";
  comparison.parts = "examples";
  comparison.of_errors = true;
  comparison.weights.assign(held_out_.targets.size(), 1);
  const ClassFloor majority = MajorityClass(data_.source.counts, held_out_.targets);
  comparison.floors.push_back({majority.name, 1 - majority.scores.accuracy});
  for (const ClassFloor& floor : SimpleMethods(defaults_.design, data_.train, data_.held_out, held_out_.targets, threads)) {
    comparison.floors.push_back({floor.name, 1 - floor.scores.accuracy});
  }
  return comparison;
}

}  // namespace eddy
