// The base of tasks whose processes share out what they look at: a look of one process is that of a group of one.
#pragma once

#include "eddy/trainable.h"
#include "train/process_exchange.h"

namespace eddy {

class SharesLooks : public Trainable {
 public:
  std::optional<double> Validate(double most_units) final { return ValidateTogether(Alone(), most_units); }
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override = 0;
};

}  // namespace eddy
