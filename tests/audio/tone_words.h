// Speech for tests, made by rule: every letter from a to d is a tone of 80 ms, with 40 ms between two of a word and 160 ms
// between words. Speakers differ in pitch by a few parts in a hundred; a little noise lies under all.
#pragma once

#include <cmath>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "audio/sound.h"
#include "eddy/random.h"

namespace eddy {

inline constexpr int kToneRate = 8000;

inline std::vector<float> SayTones(std::string_view text, uint64_t seed, int rate = kToneRate) {
  Random random(seed);
  const double pitch = 0.97 + 0.06 * random.Uniform();
  std::vector<float> sound;
  const auto add = [&](double seconds, double hertz) {
    const auto count = static_cast<size_t>(seconds * rate);
    for (size_t i = 0; i < count; ++i) {
      const double tone = hertz == 0 ? 0 : 0.3 * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / rate);
      sound.push_back(static_cast<float>(tone + 0.003 * random.Normal()));
    }
  };
  add(0.15, 0);
  for (const char letter : text) {
    if (letter == ' ') {
      add(0.12, 0);
    } else {
      add(0.08, pitch * (500 + 800 * (letter - 'a')));
      add(0.04, 0);
    }
  }
  add(0.15, 0);
  return sound;
}

// One to three words of "ab", "ca", "dab", "bad", "cd".
inline std::string ToneText(uint64_t seed) {
  static constexpr std::string_view kWords[] = {"ab", "ca", "dab", "bad", "cd"};
  Random random(seed);
  std::string text;
  for (size_t words = 1 + random.Below(3); words > 0; --words) {
    text += text.empty() ? "" : " ";
    text += kWords[random.Below(5)];
  }
  return text;
}

}  // namespace eddy
