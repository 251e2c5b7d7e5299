// TimeLeft: how long the rest of a run takes. Looks at the validation data count apart from steps, since they do not come
// evenly; and later ones count more than earlier ones, since a machine's speed changes.
#pragma once

#include <cstdint>
#include <limits>

namespace eddy {

class TimeLeft {
 public:
  void AddStep(double seconds) { step_.Add(seconds); }
  void AddLook(double seconds) { look_.Add(seconds); }

  // Seconds that so many more take; NaN before the first step.
  double Of(int64_t steps, int64_t looks) const {
    if (step_.count == 0) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(steps) * step_.mean + static_cast<double>(looks) * look_.mean;
  }

 private:
  // A mean in which the i-th of n counts i times.
  struct RisingMean {
    double mean = 0, count = 0;
    void Add(double value) { mean += 2 / (++count + 1) * (value - mean); }
  };
  RisingMean step_, look_;
};

}  // namespace eddy
