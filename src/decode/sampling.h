// Drawing a token from a model's logits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/random.h"
#include "eddy/real.h"

namespace eddy {

struct SamplingOptions {
  double temperature = 0.8;  // logits are divided by it: below 1 bolder, above 1 wilder; 0 takes the likeliest token
  size_t top_k = 0;          // only the k likeliest tokens; 0 for all
  double top_p = 1;          // only the likeliest that together have this probability (Holtzman 2020); in (0, 1]
};

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
