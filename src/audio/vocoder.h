// A voice as a source and a filter (in the manner of Morise 2016): frames of a mel-cepstrum, the pitch, whether the vocal
// cords sound, and how much noise there is in bands; from sound, and back to sound by pulses and noise through filters of
// minimum phase, overlapped and added.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace eddy {

struct VocoderOptions {
  int rate = 16000;     // samples a second, 8,000 to 48,000
  double step_ms = 10;  // from one frame to the next, 1 to 50
  size_t order = 24;    // of the mel-cepstrum, 4 to 60
  double low = 60;      // Hz: the lowest pitch, at least 40
  double high = 400;    // and the highest, at most 1,000, above `low`

  static constexpr size_t kBands = 4;  // of noise, up to a 16th, an eighth, a quarter and a half of the rate

  // A frame: mel-cepstrum [order + 1], log of the pitch in Hz (between voiced stretches the line from one to the other),
  // voicing 0 or 1, share of noise in the power of each band, 0 to 1.
  size_t width() const { return order + 3 + kBands; }
  size_t pitch() const { return order + 1; }  // where in a frame
  size_t voicing() const { return order + 2; }
  size_t noise() const { return order + 3; }
  double step() const { return rate * step_ms / 1000; }  // samples
};

void RequireValid(const VocoderOptions& options);  // throws Error for options out of range

// Frames [T, width()], one for each step that is begun. Throws Error without kissfft (EDDY_SOUND).
std::vector<float> AnalyseVoice(std::span<const float> samples, const VocoderOptions& options);

// Parts of a voice's sound, each a number a sample.
struct VoiceParts {
  std::vector<float> pulses, noise;  // each through its filter; the sound is their sum
  std::vector<float> phase;          // rises from a pulse to 1 at the next one; 0 where there is no voice
};
std::vector<float> SumOf(VoiceParts parts);

// The sound of frames from its beginning, as much at a time as is wanted, with the same bits as at once.
class VoiceSynthesiser {
 public:
  // Both, and `seed`, as of SynthesiseVoice(); both must outlive it. At least one frame.
  VoiceSynthesiser(std::span<const float> frames, const VocoderOptions& options, uint64_t seed = 1);
  ~VoiceSynthesiser();
  VoiceSynthesiser(VoiceSynthesiser&&) noexcept;

  size_t samples() const;         // of the whole
  VoiceParts Next(size_t count);  // the next samples, fewer at the end

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// T steps of sound. `seed` is that of the noise. Frames are clamped to what can be: pitch to the range, shares to 0 to 1.
std::vector<float> SynthesiseVoice(std::span<const float> frames, const VocoderOptions& options, uint64_t seed = 1);

}  // namespace eddy
