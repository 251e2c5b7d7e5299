// Drawing a token from a model's logits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/random.h"
#include "eddy/real.h"
#include "eddy/sampling.h"

namespace eddy {

class Sampler {
 public:
  // `never` is not drawn; kNoToken for none. Throws Error for options out of range.
  Sampler(const SamplingOptions& options, int32_t never, uint64_t seed);
  int32_t Draw(std::span<const Real> logits);

 private:
  struct Candidate {
    int32_t token;
    double weight;  // its logit, then its probability but for a factor
  };
  void KeepLikeliest();

  SamplingOptions options_;
  int32_t never_;
  Random random_;
  std::vector<Candidate> candidates_;
};

}  // namespace eddy
