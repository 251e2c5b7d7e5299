// Mel-generalised cepstra (Tokuda 1994, with gamma = 0): the logarithm of an amplitude spectrum as a sum of few cosines over
// a warped frequency, log A(w) = sum over m of c[m] cos(m v(w)), v(w) = w + 2 atan(a sin w / (1 - a cos w)), where `a`, the
// warp, makes v run as the mel scale does.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace eddy {

// The warp that comes nearest to the mel scale for sound of `rate` samples a second, to a hundredth: 0.42 at 16 kHz.
double MelWarp(int rate);

class MelCepstrum {
 public:
  // `order` + 1 coefficients of spectra of `bins` frequencies, at least 2, evenly from 0 to half the rate.
  MelCepstrum(size_t order, double warp, size_t bins);

  void FromLog(std::span<const double> log_amplitudes, std::span<float> cepstrum) const;  // [bins] -> [order + 1]
  void ToLog(std::span<const float> cepstrum, std::span<double> log_amplitudes) const;    // and back

 private:
  size_t width_, bins_;
  std::vector<double> places_;   // of each point of the warped axis, in bins
  std::vector<double> cosines_;  // [points, order + 1], with the weights of the sum over points
  std::vector<double> waves_;    // [bins, order + 1]
};

}  // namespace eddy
