// What a task owes a comparison of architectures (comparison.h): networks of any layers, trained and judged the same way.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compare/comparison.h"
#include "eddy/encoder.h"
#include "eddy/trainable.h"

namespace eddy {

class ComparedTask {
 public:
  virtual ~ComparedTask() = default;

  virtual std::string unit() const = 0;  // what its data are counted in, "characters"

  // The layers of this name (architecture.h), as wide as the task's default for the data. Throws Error.
  virtual EncoderOptions Layers(const std::string& name) const = 0;
  virtual size_t CountParameters(const EncoderOptions& layers) const = 0;  // of the whole network

  // Trains a network by `run`, which is Train() with whatever is shown of it, and judges it into `model` unless it was
  // stopped.
  using Run = std::function<TrainingResult(Trainable& task, const TrainingOptions& options)>;
  virtual void Train(const EncoderOptions& layers, const Run& run, Threads& threads, ComparedModel& model) = 0;

  // The measure, the parts with their weights and the floors; no models.
  virtual Comparison Judge(Threads& threads) = 0;
};

// Layers of this name whose network has the number of parameters nearest to `parameters`. Throws Error where not even the
// narrowest layers have so few.
EncoderOptions LayersOfSize(const ComparedTask& task, const std::string& name, size_t parameters);

}  // namespace eddy
