// FeedForward: the layer of a transformer that sees one step at a time (Vaswani 2017, section 3.3; Shazeer 2020).
// Shapes: H the width of inputs and outputs, F the inner width.
#pragma once

#include <string>
#include <vector>

#include "eddy/fields.h"
#include "eddy/random.h"
#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

enum class FeedForwardKind {
  kGelu,    // W2 gelu(W x + b) + b2
  kSwiGlu,  // W2 (swish(W x) * V x), swish(z) = z sigmoid(z) (Shazeer 2020, equation 6)
  kGeGlu,   // W2 (gelu(W x) * V x) (the same)
};
inline constexpr EnumerationName<FeedForwardKind> kFeedForwardNames[] = {
    {"gelu", FeedForwardKind::kGelu}, {"swiglu", FeedForwardKind::kSwiGlu}, {"geglu", FeedForwardKind::kGeGlu}};

struct FeedForwardOptions {
  size_t width = 0;  // H, at least 1
  size_t inner = 0;  // F; 0 for 4 H, or 8 H / 3 with a gate, which takes as many weights
  FeedForwardKind kind = FeedForwardKind::kSwiGlu;
};

class FeedForward {
 public:
  // Weights uniform in +-sqrt(3 / inputs), which keeps the inputs' variance; biases 0. Throws Error for options out of
  // range.
  FeedForward(const FeedForwardOptions& options, const std::string& name, Random& random);

  Var Forward(Tape& tape, Var x) const;                           // [..., H] -> the same shape
  const FeedForwardOptions& options() const { return options_; }  // with F as it is
  std::vector<Parameter*> parameters();                           // W, b, W2, b2; or W, V, W2
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

 private:
  friend class FeedForwardStep;
  FeedForwardOptions options_;
  OwnedParameter W_, b_, V_, W2_, b2_;
};

}  // namespace eddy
EDDY_API_END
