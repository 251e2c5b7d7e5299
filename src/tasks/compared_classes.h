// Classifiers side by side: right or wrong on the same held-out examples.
#pragma once

#include <cstdint>

#include "tasks/class_data.h"
#include "tasks/classifier_defaults.h"
#include "tasks/compared_task.h"

namespace eddy {

class ComparedClasses : public ComparedTask {
 public:
  // `data` must outlive it. `forward`: recurrent layers read in one direction, and attention sees no later step.
  ComparedClasses(const ClassData& data, const ClassifierSetup& defaults, bool forward, uint64_t seed);

  EncoderOptions Layers(const std::string& name) const override;
  size_t CountParameters(const EncoderOptions& layers) const override;
  void Train(const EncoderOptions& layers, const Run& run, Threads& threads, ComparedModel& model) override;
  Comparison Judge(Threads& threads) override;

 private:
  const ClassData& data_;
  ClassifierSetup defaults_;
  const uint64_t seed_;
  const LabelledExamples train_, held_out_;
};

}  // namespace eddy
