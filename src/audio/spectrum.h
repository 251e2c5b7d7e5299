// Spectra of pieces of sound, by kissfft. Both throw Error in a build without it.
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace eddy {

// The power at each frequency.
class PowerSpectrum {
 public:
  explicit PowerSpectrum(size_t size);  // of the transform, even
  ~PowerSpectrum();
  PowerSpectrum(PowerSpectrum&&) noexcept;

  size_t size() const { return size_; }
  size_t bins() const { return size_ / 2 + 1; }
  // |X|^2 / size of `samples`, at most size() of them, with zeros behind. Valid until the next call.
  std::span<const double> operator()(std::span<const float> samples);

 private:
  struct Impl;
  size_t size_;
  std::unique_ptr<Impl> impl_;
};

// Between samples and the complex spectrum of them at the bins() frequencies from 0 to half the rate.
class RealTransform {
 public:
  explicit RealTransform(size_t size);  // even
  ~RealTransform();
  RealTransform(RealTransform&&) noexcept;

  size_t size() const { return size_; }
  size_t bins() const { return size_ / 2 + 1; }
  void Forward(std::span<const float> samples, std::span<std::complex<float>> spectrum);  // [size()] -> [bins()]
  void Inverse(std::span<const std::complex<float>> spectrum, std::span<float> samples);  // back to the same samples

 private:
  struct Impl;
  size_t size_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy
