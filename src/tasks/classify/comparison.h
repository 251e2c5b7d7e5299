// Classifiers side by side: right or wrong on the same held-out examples.
#pragma once

#include <cstdint>

#include "compare/compared_task.h"
#include "tasks/classify/data.h"
#include "tasks/classify/defaults.h"

namespace eddy {

class ComparedClasses : public ComparedTask {
 public:
  // `forward`: recurrent layers read in one direction, and attention sees no later step.
  ComparedClasses(ClassData data, const ClassifierSetup& defaults, bool forward, uint64_t seed);

  std::string unit() const override { return "examples"; }
  EncoderOptions Layers(const std::string& name) const override;
  size_t CountParameters(const EncoderOptions& layers) const override;
  void Train(const EncoderOptions& layers, const Run& run, Threads& threads, ComparedModel& model) override;
  Comparison Judge(Threads& threads) override;

 private:
  const ClassData data_;
  ClassifierSetup defaults_;
  const uint64_t seed_;
  const LabelledExamples train_, held_out_;
};

}  // namespace eddy
