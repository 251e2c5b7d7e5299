// How far spoken sound is from a recording of the same words, which may be slower or faster: frames are paired by dynamic
// time warping of their mel-cepstra, and compared along that way.
#pragma once

#include <cstddef>
#include <span>

namespace eddy {

// Where what is compared stands in a frame of `width` numbers.
struct VoiceFrameLayout {
  size_t width = 0;
  size_t order = 24;   // the mel-cepstrum: numbers 0 to `order`, of which 0 is loudness, which does not count
  size_t pitch = 0;    // logarithm of Hz
  size_t voicing = 0;  // above 0.5 where the vocal cords sound
};

// Sums over the pairs of frames.
struct VoiceDistance {
  double pairs = 0;
  double decibels = 0;                   // mel-cepstral distortion (Kubichek 1993)
  double voicing_errors = 0;             // of pairs one of which alone is voiced
  double voiced = 0, hertz_squared = 0;  // pairs of which both are voiced, and their squared differences in pitch

  double distortion() const { return decibels / pairs; }  // dB
  double voicing_error() const { return voicing_errors / pairs; }
  double pitch_rmse() const;  // Hz; NaN where nothing is voiced
  void Add(const VoiceDistance& other);
};

// Both [T, width], each at least a frame. T1 T2 (order + 1) multiplications, and as many bytes as pairs.
VoiceDistance CompareVoices(std::span<const float> spoken, std::span<const float> recorded, const VoiceFrameLayout& layout);

}  // namespace eddy
