#include "tasks/transcribe/noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "eddy/random.h"

namespace eddy {
namespace {

enum Kind : size_t { kSilence, kWhite, kBrown, kHum, kHumInNoise, kKinds };

std::vector<float> NoiseOf(Kind kind, size_t samples, int rate, Random& random) {
  const double level = std::pow(10, -4 + 3.5 * random.Uniform());  // -80 to -10 dB
  const double mains = (random.Below(2) == 0 ? 50 : 60) * (random.Below(2) == 0 ? 1 : 2);
  const bool noisy = kind == kWhite || kind == kBrown || kind == kHumInNoise;
  std::vector<float> sound(samples);
  double brown = 0;
  for (size_t i = 0; i < samples; ++i) {
    double value = noisy ? random.Normal() : 0;
    if (kind == kBrown) value = brown = 0.95 * brown + 0.3 * value;
    if (kind == kHumInNoise) value *= 0.1;
    for (int wave = 1; wave <= 4 && (kind == kHum || kind == kHumInNoise); ++wave) {
      value += std::sin(2 * std::numbers::pi * mains * wave * static_cast<double>(i) / rate) / wave;
    }
    sound[i] = static_cast<float>(std::clamp(level * value, -1.0, 1.0));
  }
  return sound;
}

}  // namespace

std::vector<Utterance> MakeNoise(size_t count, const FrontEnd& front, uint64_t seed) {
  FrontEnd once = front;
  once.speeds.clear();
  Random random(MixBits(seed ^ 0x6e6f697365U));
  std::vector<Utterance> sounds;
  for (size_t i = 0; i < count; ++i) {
    const int rate = front.sound->rate;
    const auto samples = static_cast<size_t>((1 + 3 * random.Uniform()) * rate);
    sounds.push_back(MakeUtterance(NoiseOf(static_cast<Kind>(i % kKinds), samples, rate, random), rate, once));
  }
  return sounds;
}

}  // namespace eddy
