// The plan of a layer for a shape, the time that the machine's limits predict for it, and the time that it takes.
#pragma once

#include <string>
#include <vector>

#include "eddy/recurrent.h"

namespace eddy {

struct LayerProblem {
  RecurrentOptions layer;
  size_t steps = 100, rows = 32;  // T, B
  Precision precision = Precision::kFloat32;
};

// What one core of this machine does at best, measured with the kernels that layers run, in a few hundredths of a second.
struct MachineLimits {
  double operations = 0;     // a second, of a product whose operands stay in the cache
  double weight_bytes = 0;   // a second, of a product of one row with weights of the size of this layer's U (or its share)
  double forward_unit = 0;   // seconds of the cell's arithmetic, a unit and step
  double backward_unit = 0;  // and of its derivative
  double barrier = 0;        // seconds in which the threads meet
};

struct LayerTiming {
  // The plan: threads that take part, whether they split a step's units (else the rows of the batch) ...
  size_t team = 1;
  bool by_units = false;
  size_t block_steps = 0;                    // steps whose input product is one product
  size_t input_bytes = 0, weight_bytes = 0;  // of W and U as they are packed
  size_t kept_bytes = 0;                     // for the backward beside the outputs, all steps together
  MachineLimits limits;

  struct Part {
    std::string name;
    double inference = 0, training = 0;  // seconds, predicted
  };
  std::vector<Part> parts;
  double inference = 0, training = 0;  // seconds, measured: medians

  double Predicted(double Part::*which) const;
};

// Takes a few seconds at most, or three repetitions where one takes longer. Throws Error for options out of range and where
// the arrays would not fit into 16 GiB.
LayerTiming TimeLayer(const LayerProblem& problem, Threads& threads);

}  // namespace eddy
