// ReserveNetwork: some networks of one shape, of which each reads views of origins and says for every development in what
// proportion to mix the references, what to add, and how far that may be off: the location, scale and degrees of freedom of
// a Student's t, in units. A head sees the layers' output and, past them, what they read. Shapes: N developments, B views, D
// features, K references.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/encoder.h"
#include "tasks/reserve/design.h"
#include "tasks/reserve/features.h"

namespace eddy {

struct ReserveInput {
  Tensor features;                        // [N, B, D]
  Tensor references;                      // [N, B, K]
  std::vector<int32_t> companies, lines;  // [N * B]: the same at every development
  Sequence sequence;
};
ReserveInput MakeReserveInput(std::span<const ReserveView* const> views, const ReserveDesign& design);

class ReserveNetwork {
 public:
  // Throws Error for a design out of range.
  ReserveNetwork(const ReserveDesign& design, uint64_t seed);

  // [N, B, 3]: location, and scale and freedom as StudentTLoss() reads them.
  Var Forward(Tape& tape, const ReserveInput& input, size_t member);

  const ReserveDesign& design() const { return design_; }
  ReserveDesign& design() { return design_; }
  Encoder& encoder(size_t member) { return members_[member].encoder; }
  // What the layers of a member read of these views: [N, B, inputs()].
  Tensor Read(const ReserveInput& input, size_t member, Threads& threads);
  void SetPrecision(Precision precision);
  std::vector<Parameter*> parameters();

 private:
  struct Member {
    Encoder encoder;
    Parameter companies, lines;  // [places, E]; the first is of those not trained on
    Parameter weight, skip, bias;
  };
  Var Read(Tape& tape, const ReserveInput& input, Member& member);

  ReserveDesign design_;
  std::vector<Member> members_;
};

}  // namespace eddy
