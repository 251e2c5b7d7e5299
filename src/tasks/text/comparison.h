// Language models side by side: nats a token over the same stretches of held-out text.
#pragma once

#include <cstdint>

#include "compare/compared_task.h"
#include "tasks/text/defaults.h"

namespace eddy {

class ComparedText : public ComparedTask {
 public:
  ComparedText(TextSplit text, uint64_t seed);

  std::string unit() const override { return std::string(TextUnitName(text_.format.unit)); }
  EncoderOptions Layers(const std::string& name) const override;
  size_t CountParameters(const EncoderOptions& layers) const override;
  void Train(const EncoderOptions& layers, const Run& run, Threads& threads, ComparedModel& model) override;
  Comparison Judge(Threads& threads) override;

 private:
  const TextSplit text_;
  const uint64_t seed_;
  const TextSetup defaults_;
  std::vector<double> weights_;  // tokens of the stretches
};

}  // namespace eddy
