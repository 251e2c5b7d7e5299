// What a recogniser reads of sound: frames of log-mel energies or of mel-frequency cepstral coefficients (Davis and
// Mermelstein 1980), with the definitions of python_speech_features: emphasis over the whole sound, Hamming windows,
// triangular filters between whole bins of the transform, an orthonormal cosine transform, sinusoidal liftering.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace eddy {

enum class FeatureKind { kLogMel, kMfcc };

struct FeatureOptions {
  FeatureKind kind = FeatureKind::kLogMel;
  int rate = 16000;  // of the sound, samples a second
  double window_ms = 25, step_ms = 10;
  size_t mels = 40;        // filters, 1 to 1024
  size_t cepstra = 13;     // of kMfcc, at most `mels`
  double emphasis = 0.97;  // y[t] = x[t] - emphasis x[t-1]
  double low = 0;          // Hz, below `high`
  double high = 0;         // at most rate / 2, which 0 stands for
  size_t lifter = 22;      // 0 for none

  size_t width() const { return kind == FeatureKind::kMfcc ? cepstra : mels; }  // numbers a frame
  size_t window() const;                                                        // samples
  size_t step() const;
};

// Throws Error for options out of range, and where the transform is too coarse for so many filters.
void RequireValid(const FeatureOptions& options);

// Energies below this count as this: a little less than the noise of 16-bit samples.
inline constexpr double kLeastEnergy = 1e-10;

// Sound as it comes, in parts of any size, to frames: the same, bit for bit, as of the whole. Keeps a window of it.
class FeatureReader {
 public:
  explicit FeatureReader(const FeatureOptions& options);  // throws Error
  ~FeatureReader();
  FeatureReader(FeatureReader&&) noexcept;

  // Appends the frames [width()] that are whole by now.
  void Push(std::span<const float> samples, std::vector<float>& frames);
  // Appends the last frame, filled up with zeros, where samples are left that are in no frame; then begins anew.
  void Finish(std::vector<float>& frames);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::vector<float> FeaturesOf(std::span<const float> samples, const FeatureOptions& options);  // [T, width()]

// The log-mel energies [T, mels] of which frames of kMfcc [T, cepstra] are the cepstra: themselves where there are as many
// cepstra as filters, and else what is left of them without their finer detail. Throws Error for other options.
std::vector<float> MelOfCepstra(std::span<const float> frames, const FeatureOptions& options);

// Each number's slope over `around` frames to either side, by least squares; ends are continued. frames [T, width].
std::vector<float> Deltas(std::span<const float> frames, size_t width, size_t around = 2);
// The frames with their deltas, and the deltas of these, beside them: [T, width (1 + times)].
std::vector<float> WithDeltas(std::vector<float> frames, size_t width, size_t times);

// The frames as of sound that is played at `speed`, 2 for twice as fast, between neighbours by their distance: [T', width],
// T' = T / speed, rounded, at least 1.
std::vector<float> AtSpeed(std::span<const float> frames, size_t width, double speed);

}  // namespace eddy
