// DirectionNetwork: for each refit some networks of one shape, of which each reads the features of a series and puts out, at
// every step, the log odds of up against down. Shapes: T steps, B rows, D features.
#pragma once

#include <vector>

#include "eddy/encoder.h"
#include "tasks/direction/design.h"

namespace eddy {

class DirectionNetwork {
 public:
  // Throws Error for a design out of range.
  DirectionNetwork(const DirectionDesign& design, uint64_t seed);

  // x [T, B, D] -> [T, B, 1]. Network n is of refit n / members.
  Var Forward(Tape& tape, const Tensor& x, const Sequence& sequence, size_t network);

  const DirectionDesign& design() const { return design_; }
  Encoder& encoder(size_t network) { return networks_[network].encoder; }
  void SetPrecision(Precision precision);
  std::vector<Parameter*> parameters();

 private:
  struct Network {
    Encoder encoder;
    Parameter weight, bias;
  };
  DirectionDesign design_;
  std::vector<Network> networks_;
};

}  // namespace eddy
