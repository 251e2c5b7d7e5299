// The power of a piece of sound at each frequency, by kissfft.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace eddy {

class PowerSpectrum {
 public:
  explicit PowerSpectrum(size_t size);  // of the transform, even; throws Error in a build without kissfft
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

}  // namespace eddy
