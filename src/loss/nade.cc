#include "eddy/nade.h"

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "kernels/loops.h"
#include "loss/mean_loss.h"
#include "ops/shapes.h"

namespace eddy {
namespace {

// Eight interleaved parts in a fixed order: the compiler makes vectors of them, and the sum is the same everywhere.
Real Dot(const Real* a, const Real* b, size_t n) {
  constexpr size_t kParts = 8;
  Real parts[kParts] = {};
  size_t i = 0;
  for (; i + kParts <= n; i += kParts) {
    for (size_t part = 0; part < kParts; ++part) parts[part] += a[i + part] * b[i + part];
  }
  for (; i < n; ++i) parts[i % kParts] += a[i] * b[i];
  return ((parts[0] + parts[4]) + (parts[1] + parts[5])) + ((parts[2] + parts[6]) + (parts[3] + parts[7]));
}

void AddScaled(Real* to, const Real* from, Real factor, size_t n) {
  for (size_t i = 0; i < n; ++i) to[i] += factor * from[i];
}

Real SigmoidOf(Real x) {
  const Real e = std::exp(-std::fabs(x));
  return (x < 0 ? e : Real{1}) / (1 + e);
}

void Sigmoids(const Real* sum, Real* h, size_t n) {
  for (size_t i = 0; i < n; ++i) h[i] = SigmoidOf(sum[i]);
}

// What a position keeps for its backward. Its h is the same from behind one output that is 1 to the next: a stretch.
struct Stretches {
  std::vector<size_t> begins;  // [N + 1]: where each position's stretches begin among all; a position has at least one
  std::vector<Real> h, slope;  // [all, H]: the activations, then d loss / d sum, that of the stretches behind it included
  std::vector<Real> logit;     // [N, K]: d loss / d logit
};

}  // namespace

Var NadeLoss(Tape& tape, Var bias, Var hidden, Var write, Var read, const Tensor& targets, const Tensor& weights) {
  const Tensor b = tape.Value(bias), c = tape.Value(hidden), V = tape.Value(write), W = tape.Value(read);
  const Shape& shape = b.shape();
  const size_t K = Cols(shape), H = Cols(c.shape()), n = K == 0 ? 0 : b.size() / K;
  Require(shape.rank() >= 1 && K > 0 && H > 0, "NADE loss", "bias", "[N, K] with at least one output", shape.ToString());
  RequireSameShape("NADE loss", "hidden", WithCols(shape, H), c.shape());
  RequireSameShape("NADE loss", "write", {K, H}, V.shape());
  RequireSameShape("NADE loss", "read", {K, H}, W.shape());
  RequireSameShape("NADE loss", "targets", shape, targets.shape());
  const double total = CheckPositions({"NADE loss", K, K, 0, 1, "0 or 1"}, n, targets, weights);
  const auto weight_of = [=](size_t i) { return weights.empty() ? 1.0 : static_cast<double>(weights[i]); };

  const auto kept = std::make_shared<Stretches>();
  kept->begins.resize(n + 1);
  for (size_t i = 0; i < n; ++i) {
    size_t on = 0;
    if (weight_of(i) > 0) {
      const Real* y = targets.data() + i * K;
      for (size_t k = 0; k < K; ++k) {
        Require(y[k] == 0 || y[k] == 1, "NADE loss", "a target", "0 or 1", std::to_string(y[k]));
        on += y[k] != 0;
      }
    }
    kept->begins[i + 1] = kept->begins[i] + on + 1;
  }
  kept->h.resize(kept->begins[n] * H);
  kept->logit.assign(n * K, 0);

  constexpr size_t kBlock = 32;
  const double sum = SumBlocks(tape.threads(), n, kBlock, [&](size_t begin, size_t end) {
    double nats = 0;
    std::vector<Real> a(H);
    for (size_t i = begin; i < end; ++i) {
      const double weight = weight_of(i);
      if (weight == 0) continue;
      const Real* y = targets.data() + i * K;
      Real* h = kept->h.data() + kept->begins[i] * H;
      std::copy(c.data() + i * H, c.data() + (i + 1) * H, a.begin());
      Sigmoids(a.data(), h, H);
      double loss = 0;
      for (size_t k = 0; k < K; ++k) {
        const Real x = b[i * K + k] + Dot(V.data() + k * H, h, H);
        kept->logit[i * K + k] = static_cast<Real>(weight / total) * (SigmoidOf(x) - y[k]);
        loss += std::fmax(x, Real{0}) - static_cast<double>(x) * y[k] + std::log1p(std::exp(-std::fabs(x)));
        if (y[k] == 0) continue;
        AddScaled(a.data(), W.data() + k * H, 1, H);
        h += H;
        Sigmoids(a.data(), h, H);
      }
      nats += weight * loss;
    }
    return nats;
  });

  Tensor mean{Shape{}};
  if (total > 0) mean[0] = Finite(sum / total);
  return tape.Record(mean, {bias, hidden, write, read}, [=, &tape](const Tensor& grad) {
    const Real dy = grad[0];
    Threads& threads = tape.threads();
    kept->slope.assign(kept->h.size(), 0);
    Real* db = tape.Needs(bias) ? tape.Grad(bias).data() : nullptr;
    Real* dc = tape.Needs(hidden) ? tape.Grad(hidden).data() : nullptr;
    ForRows(threads, n, K * H, [&](size_t i) {
      if (weight_of(i) == 0) return;
      const Real* y = targets.data() + i * K;
      const Real* slopes = kept->logit.data() + i * K;
      size_t stretch = kept->begins[i];
      for (size_t k = 0; k < K; ++k) {
        if (db != nullptr) db[i * K + k] += dy * slopes[k];
        AddScaled(kept->slope.data() + stretch * H, V.data() + k * H, dy * slopes[k], H);
        stretch += y[k] != 0;
      }
      // Each sum is part of those behind it: their slopes arrive here, too.
      for (size_t s = kept->begins[i + 1]; s-- > kept->begins[i];) {
        const Real* h = kept->h.data() + s * H;
        Real* slope = kept->slope.data() + s * H;
        const Real* behind = s + 1 < kept->begins[i + 1] ? slope + H : nullptr;
        for (size_t j = 0; j < H; ++j) slope[j] = slope[j] * h[j] * (1 - h[j]) + (behind != nullptr ? behind[j] : 0);
      }
      if (dc != nullptr) AddScaled(dc + i * H, kept->slope.data() + kept->begins[i] * H, 1, H);
    });
    if (!tape.Needs(write) && !tape.Needs(read)) return;
    Real* dV = tape.Needs(write) ? tape.Grad(write).data() : nullptr;
    Real* dW = tape.Needs(read) ? tape.Grad(read).data() : nullptr;
    // Every output's own weights: positions in order, whoever takes the output.
    threads.For(K, kGrain / (n * H + 1) + 1, [&](size_t begin, size_t end) {
      for (size_t i = 0; i < n; ++i) {
        if (weight_of(i) == 0) continue;
        const Real* y = targets.data() + i * K;
        size_t stretch = kept->begins[i];
        for (size_t k = 0; k < begin; ++k) stretch += y[k] != 0;
        for (size_t k = begin; k < end; ++k) {
          if (dV != nullptr) AddScaled(dV + k * H, kept->h.data() + stretch * H, dy * kept->logit[i * K + k], H);
          stretch += y[k] != 0;
          if (y[k] != 0 && dW != nullptr) AddScaled(dW + k * H, kept->slope.data() + stretch * H, 1, H);
        }
      }
    });
  });
}

NadeStep::NadeStep(const Tensor& write, const Tensor& read) : write_(write), read_(read) {
  Require(write.rank() == 2 && write.shape() == read.shape(), "NADE", "write and read", "[K, H] both",
          write.shape().ToString() + " and " + read.shape().ToString());
  sum_.resize(write.dim(1));
  h_.resize(write.dim(1));
  next_ = write.dim(0);
}

void NadeStep::Begin(std::span<const Real> bias, std::span<const Real> hidden) {
  Require(bias.size() == write_.dim(0) && hidden.size() == sum_.size(), "NADE", "bias and hidden",
          std::to_string(write_.dim(0)) + " and " + std::to_string(sum_.size()) + " numbers",
          std::to_string(bias.size()) + " and " + std::to_string(hidden.size()));
  bias_ = bias;
  std::copy(hidden.begin(), hidden.end(), sum_.begin());
  Sigmoids(sum_.data(), h_.data(), h_.size());
  next_ = 0;
}

double NadeStep::Logit() const {
  Require(next_ < write_.dim(0), "NADE", "the output", "one of " + std::to_string(write_.dim(0)), "beyond the last");
  return static_cast<double>(bias_[next_] + Dot(write_.data() + next_ * h_.size(), h_.data(), h_.size()));
}

void NadeStep::Set(bool on) {
  Require(next_ < write_.dim(0), "NADE", "the output", "one of " + std::to_string(write_.dim(0)), "beyond the last");
  if (on) {
    AddScaled(sum_.data(), read_.data() + next_ * sum_.size(), 1, sum_.size());
    Sigmoids(sum_.data(), h_.data(), h_.size());
  }
  ++next_;
}

}  // namespace eddy
