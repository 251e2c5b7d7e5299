// RiskNetwork: some networks of one shape, of which each reads the features of a series and puts out at every step the
// numbers of head.h, and two of the realised variance where the design has one. A head sees the layers' output and, past
// them, the features: what is linear in these needs no recurrence. Shapes: T steps, B rows, D features, W numbers.
#pragma once

#include <span>
#include <vector>

#include "eddy/encoder.h"
#include "tasks/risk/design.h"

namespace eddy {

class RiskNetwork {
 public:
  // Throws Error for a design out of range.
  RiskNetwork(const RiskDesign& design, uint64_t seed);

  // x [T, B, D] -> [T, B, W]
  Var Forward(Tape& tape, const Tensor& x, const Sequence& sequence, size_t member);
  void SetBias(std::span<const Real> numbers);  // [W]: where training begins, of every member

  const RiskDesign& design() const { return design_; }
  RiskDesign& design() { return design_; }
  Encoder& encoder(size_t member) { return members_[member].encoder; }
  void SetPrecision(Precision precision);
  std::vector<Parameter*> parameters();

 private:
  struct Member {
    Encoder encoder;
    Parameter weight, skip, bias;
  };
  RiskDesign design_;
  std::vector<Member> members_;
};

}  // namespace eddy
