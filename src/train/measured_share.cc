#include "train/measured_share.h"

#include <algorithm>
#include <limits>

namespace eddy {

double UnitsToMeasure(const Trainable& task, const TrainingResult& run, double least, bool exact) {
  if (exact) return std::numeric_limits<double>::infinity();
  return std::max(least, kMeasuredShare * task.units_per_step() * static_cast<double>(run.steps));
}

}  // namespace eddy
