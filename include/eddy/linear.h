// LinearLayer: y = W x + b, such as the head of a network, and its stream. Shapes: B rows, K inputs, N outputs.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "eddy/export.h"
#include "eddy/random.h"
#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

struct LinearOptions {
  size_t input = 0;   // K, 1 to 2^20
  size_t output = 0;  // N, 1 to 2^20
  bool bias = true;
};

class LinearLayer {
 public:
  // Weights uniform in +-sqrt(3 / K), which keeps the inputs' variance; biases 0. Throws Error for options out of range.
  LinearLayer(const LinearOptions& options, const std::string& name, Random& random);

  Var Forward(Tape& tape, Var x) const;  // [..., K] -> [..., N]
  const LinearOptions& options() const { return options_; }
  std::vector<Parameter*> parameters();  // W [N, K], b [N]
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

 private:
  friend class LinearStream;
  LinearOptions options_;
  OwnedParameter W_, b_;
};

// Runs a linear layer a step at a time: the same numbers, bit for bit, as Linear() (ops.h) of the whole sequence. It has no
// state. After construction a step allocates nothing, locks nothing and throws nothing. The weights are packed at
// construction; the layer may then change or go. A stream is for one thread.
class LinearStream {
 public:
  // 1 to 2^20 rows.
  explicit LinearStream(const LinearLayer& layer, size_t rows = 1, Precision precision = Precision::kFloat32);
  // weight [N, K], bias [N] or empty.
  LinearStream(const Tensor& weight, const Tensor& bias, size_t rows = 1, Precision precision = Precision::kFloat32);
  ~LinearStream();
  LinearStream(LinearStream&&) noexcept;

  // input [B, K] -> output [B, N], valid until the next call.
  std::span<const Real> Step(const Real* input) noexcept;

 private:
  std::unique_ptr<class Projection> projection_;
  Tensor output_;
};

}  // namespace eddy
EDDY_API_END
