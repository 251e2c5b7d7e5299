#include <cmath>
#include <numbers>
#include <string>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "kernels/loops.h"
#include "kernels/product.h"
#include "loss/mean_loss.h"
#include "ops/shapes.h"

namespace eddy {
namespace {

constexpr size_t kMostWindow = size_t{1} << 14;

void Check(const Shape& sound, const Tensor& target, std::span<const SpectralWindow> windows, double least_power) {
  Require(sound.rank() == 3, "spectral loss", "sound", "[T, B, S]", sound.ToString());
  RequireSameShape("spectral loss", "target", sound, target.shape());
  Require(!windows.empty(), "spectral loss", "windows", "at least one", "none");
  Require(least_power > 0 && least_power < 1, "spectral loss", "the least power", "between 0 and 1", "not");
  const size_t samples = sound[0] * sound[2];
  for (const SpectralWindow& window : windows) {
    const bool fits = window.size >= 4 && window.size % 4 == 0 && window.size <= std::min(samples, kMostWindow);
    if (!fits || window.hop < 1 || window.hop > window.size) {
      Fail("spectral loss", "a window",
           "a multiple of 4, of 4 to " + std::to_string(std::min(samples, kMostWindow)) +
               " samples, with a hop of 1 to its size",
           std::to_string(window.size) + " with a hop of " + std::to_string(window.hop));
    }
  }
  for (const Real value : target.values()) Require(std::isfinite(value), "spectral loss", "target", "finite", "not");
}

// The spectra of one window, of both sounds. F frames a row, K frequencies.
class SpectralComparison {
 public:
  SpectralComparison(const SpectralWindow& window, const Shape& sound, Threads& threads)
      : size_(window.size), hop_(window.hop), T_(sound[0]), B_(sound[1]), S_(sound[2]), threads_(threads) {
    F_ = (T_ * S_ - size_) / hop_ + 1;
    K_ = size_ / 2 + 1;
    transform_ = Transform();
  }

  // The sum over rows of the loss; adds `scale` times its gradient to `slopes`, where that is given.
  double operator()(const Tensor& sound, const Tensor& target, Real least, Real scale, Real* slopes) const {
    Tensor spectrum = Spectra(sound);
    const Tensor wanted = Spectra(target);
    const double sum = SumBlocks(threads_, B_, 1, [&](size_t row, size_t) {
      return CompareRow(spectrum.data() + row * F_ * 2 * K_, wanted.data() + row * F_ * 2 * K_, least, scale);
    });
    if (slopes) AddFrames(spectrum, slopes);
    return sum;
  }

 private:
  // [2 K, size]: cosines, then sines, each times a Hann window.
  Tensor Transform() const {
    std::vector<double> cosines(size_);
    for (size_t i = 0; i < size_; ++i) {
      cosines[i] = std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(size_));
    }
    Tensor transform({2 * K_, size_});
    for (size_t k = 0; k < K_; ++k) {
      for (size_t i = 0; i < size_; ++i) {
        const double window = 0.5 - 0.5 * cosines[i];
        transform[k * size_ + i] = static_cast<Real>(window * cosines[k * i % size_]);
        transform[(K_ + k) * size_ + i] = static_cast<Real>(window * cosines[(k * i + size_ / 4 * 3) % size_]);
      }
    }
    return transform;
  }

  size_t PlaceOf(size_t row, size_t sample) const { return (sample / S_ * B_ + row) * S_ + sample % S_; }

  // sound [T, B, S] -> [B F, 2 K]
  Tensor Spectra(const Tensor& sound) const {
    Tensor frames = Tensor::Uninitialized({B_ * F_, size_}, threads_.memory());
    ForRows(threads_, B_ * F_, size_, [&](size_t frame) {
      for (size_t i = 0; i < size_; ++i) frames[frame * size_ + i] = sound[PlaceOf(frame / F_, frame % F_ * hop_ + i)];
    });
    Tensor spectra = Tensor::Uninitialized({B_ * F_, 2 * K_}, threads_.memory());
    Product(RowMajor(frames.data(), B_ * F_, size_), RowMajor(transform_.data(), 2 * K_, size_).Transposed(), spectra.data(),
            2 * K_, Start::kZero, nullptr, threads_);
    return spectra;
  }

  // Of the F spectra of a row, in whose place it writes d loss / d spectrum.
  double CompareRow(Real* spectrum, const Real* wanted, Real least, Real scale) const {
    double squares = 0, distances = 0, logs = 0;
    const auto over_all = [&](const auto& body) {
      for (size_t f = 0; f < F_; ++f) {
        for (size_t k = 0; k < K_; ++k) {
          const size_t re = f * 2 * K_ + k, im = re + K_;
          body(re, im, Magnitude(spectrum[re], spectrum[im], least), Magnitude(wanted[re], wanted[im], least));
        }
      }
    };
    over_all([&](size_t, size_t, double x, double y) {
      squares += y * y;
      distances += (x - y) * (x - y);
      logs += std::abs(std::log(x / y));
    });
    const double count = static_cast<double>(F_ * K_), length = std::sqrt(squares), distance = std::sqrt(distances);
    const double by_distance = distance > 0 ? 1 / (distance * length) : 0;
    over_all([&](size_t re, size_t im, double x, double y) {
      const double sign = x > y ? 1 : x < y ? -1 : 0;
      const double slope = double{scale} * (by_distance * (x - y) + sign / (x * count)) / x;
      spectrum[re] = Finite(slope * double{spectrum[re]});
      spectrum[im] = Finite(slope * double{spectrum[im]});
    });
    return distance / length + logs / count;
  }

  static double Magnitude(Real re, Real im, Real least) {
    return std::sqrt(double{re} * double{re} + double{im} * double{im} + double{least});
  }

  // What the samples of all frames [B F, 2 K] -> slopes [T, B, S] are told.
  void AddFrames(const Tensor& spectra, Real* slopes) const {
    Tensor frames = Tensor::Uninitialized({B_ * F_, size_}, threads_.memory());
    Product(RowMajor(spectra.data(), B_ * F_, 2 * K_), RowMajor(transform_.data(), 2 * K_, size_), frames.data(), size_,
            Start::kZero, nullptr, threads_);
    threads_.For(B_, 1, [&](size_t begin, size_t end) {
      for (size_t frame = begin * F_; frame < end * F_; ++frame) {
        for (size_t i = 0; i < size_; ++i) {
          slopes[PlaceOf(frame / F_, frame % F_ * hop_ + i)] += frames[frame * size_ + i];
        }
      }
    });
  }

  const size_t size_, hop_, T_, B_, S_;
  size_t F_ = 0, K_ = 0;
  Threads& threads_;
  Tensor transform_;
};

}  // namespace

Var SpectralLoss(Tape& tape, Var sound, const Tensor& target, std::span<const SpectralWindow> windows, double least_power) {
  const Tensor samples = tape.Value(sound);
  Check(samples.shape(), target, windows, least_power);
  const bool learns = tape.training() && tape.Needs(sound);
  const auto share = 1 / static_cast<double>(windows.size() * samples.dim(1));
  Tensor slopes(samples.shape());
  double sum = 0;
  for (const SpectralWindow& window : windows) {
    const SpectralComparison compare(window, samples.shape(), tape.threads());
    sum +=
        compare(samples, target, static_cast<Real>(least_power), static_cast<Real>(share), learns ? slopes.data() : nullptr);
  }
  Tensor mean{Shape{}};
  mean[0] = Finite(sum * share);
  return tape.Record(mean, {sound}, [=, &tape](const Tensor& grad) {
    ForEach(tape.threads(), slopes.size(),
            [dx = tape.Grad(sound).data(), slope = slopes.data(), dy = grad[0]](size_t i) { dx[i] += dy * slope[i]; });
  });
}

}  // namespace eddy
