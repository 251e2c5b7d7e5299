#include "nn/feed_forward_step.h"

#include "kernels/gelu.h"
#include "kernels/math.h"

namespace eddy {

FeedForwardStep::FeedForwardStep(const FeedForward& layer, size_t rows, Precision precision)
    : kind_(layer.options().kind),
      W_(layer.W_->value, layer.b_.value(), rows, precision),
      W2_(layer.W2_->value, layer.b2_.value(), rows, precision),
      inner_(W_.size()) {
  if (kind_ == FeedForwardKind::kGelu) return;
  V_.emplace(layer.V_->value, Tensor(), rows, precision);
  beside_.resize(W_.size());
}

void FeedForwardStep::operator()(const Real* x, Real* y) noexcept {
  const size_t n = inner_.size();
  W_(x, inner_.data());
  if (kind_ == FeedForwardKind::kSwiGlu) {
    SigmoidArray(inner_.data(), n, beside_.data());
    for (size_t i = 0; i < n; ++i) inner_[i] *= beside_[i];
  } else {
    GeluArray(inner_.data(), n, inner_.data());
  }
  if (V_) {
    (*V_)(x, beside_.data());
    for (size_t i = 0; i < n; ++i) inner_[i] *= beside_[i];
  }
  W2_(inner_.data(), y);
}

}  // namespace eddy
