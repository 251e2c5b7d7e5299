// Recorded sound: files of any rate and any number of channels as one channel of numbers, read by libsndfile: wav, flac,
// ogg, mp3 and what else it knows. Without libsndfile (EDDY_SOUND) every sound is an Error.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eddy {

inline constexpr int kLeastRate = 1000, kMostRate = 768'000;  // samples a second
inline constexpr double kMostSoundSeconds = 6 * 3600;

struct Sound {
  std::vector<float> samples;  // full scale is 1
  int rate = 0;                // samples a second
  size_t channels = 1;         // of the file. Those that are silent throughout are left out, the others are averaged
  double clipped = 0;          // share of samples in runs of three and more at full scale
  bool silent = false;         // whether every sample is the same
};

// The part of a recording that is meant, in seconds.
struct SoundPart {
  double begin = 0;
  double end = std::numeric_limits<double>::infinity();
};

// Throws Error, naming `name`, for what is no sound, has been cut off, contradicts itself about its rate, has a rate out of
// range, numbers that are not finite, or no samples in the part; and for a part that ends beyond the sound by more than a
// tenth of a second.
Sound ReadSound(const std::string& path, const SoundPart& part = {});
Sound ParseSound(std::string_view bytes, const std::string& name, const SoundPart& part = {});

// One channel as a wav file of 32-bit floating-point numbers.
std::string WriteWav(std::span<const float> samples, int rate);
// The same of 16-bit whole numbers, and these alone. What is beyond full scale is at full scale.
std::string WriteWav16(std::span<const float> samples, int rate);
std::string Pcm(std::span<const float> samples);

}  // namespace eddy
