// Sound at another rate, by libsoxr in its high quality: what is above half of the lower rate is left out.
#pragma once

#include <memory>
#include <span>
#include <vector>

namespace eddy {

// What was pushed in parts, as it comes. The numbers do not depend on the parts.
class Resampler {
 public:
  Resampler(double from, double to);  // samples a second; throws Error where it cannot
  ~Resampler();
  Resampler(Resampler&&) noexcept;

  void Push(std::span<const float> samples, std::vector<float>& to);  // appends what is known by now
  void Finish(std::vector<float>& to);                                // appends the rest; nothing is pushed after it

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::vector<float> Resample(std::span<const float> samples, double from, double to);

}  // namespace eddy
