// A voice for tests, made by rule: every letter from a to d is a buzz of 100 ms whose harmonics are strongest near a
// frequency of the letter's own, the pitch falls over the sentence from 160 to 120 Hz, a space is a pause of 60 ms, and
// there is silence at both ends. A little noise lies under all.
#pragma once

#include <cmath>
#include <numbers>
#include <string_view>
#include <vector>

#include "eddy/random.h"

namespace eddy {

inline constexpr int kBuzzRate = 8000;

inline double BuzzFormant(char letter) { return 400 + 700 * (letter - 'a'); }

inline std::vector<float> SayBuzz(std::string_view text, uint64_t seed, int rate = kBuzzRate) {
  Random random(seed);
  std::vector<float> sound;
  double phase = 0;
  const auto add = [&](double seconds, char letter, double hertz) {
    for (auto left = static_cast<size_t>(seconds * rate); left > 0; --left) {
      phase += 2 * std::numbers::pi * hertz / rate;
      double sample = 0.002 * random.Normal();
      for (int n = 1; letter != ' ' && n * hertz < 0.45 * rate; ++n) {
        const double off = (n * hertz - BuzzFormant(letter)) / 300;
        sample += (0.01 + 0.1 * std::exp(-off * off)) * std::cos(n * phase);
      }
      sound.push_back(static_cast<float>(sample));
    }
  };
  add(0.12, ' ', 160);
  for (size_t i = 0; i < text.size(); ++i) {
    const double hertz = 160 - 40 * static_cast<double>(i) / static_cast<double>(text.size());
    add(text[i] == ' ' ? 0.06 : 0.1, text[i], hertz);
  }
  add(0.12, ' ', 120);
  return sound;
}

}  // namespace eddy
