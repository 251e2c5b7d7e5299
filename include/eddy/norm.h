// Norm: brings the channels of each step to one scale, with trained gains (ops.h).
#pragma once

#include <string>
#include <vector>

#include "eddy/fields.h"
#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

enum class Normalization {
  kRms,    // RmsNorm
  kLayer,  // LayerNorm, with a shift
};
inline constexpr EnumerationName<Normalization> kNormalizationNames[] = {{"rms", Normalization::kRms},
                                                                         {"layer", Normalization::kLayer}};

class Norm {
 public:
  // Gains of 1 and shifts of 0. Throws Error unless the width is between 1 and 2^20.
  Norm(Normalization kind, size_t width, const std::string& name);

  Var Forward(Tape& tape, Var x) const;  // [..., width] -> the same shape
  std::vector<Parameter*> parameters();  // gain, and shift of a layer norm
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

 private:
  friend class NormStep;
  Normalization kind_;
  OwnedParameter gain_, shift_;
};

}  // namespace eddy
EDDY_API_END
