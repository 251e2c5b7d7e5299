// What a teacher of harmony marks in music of four voices: parallel fifths and octaves, voices that leave their range, cross
// or overlap, and chords that are not of four voices. The counts are plain: Bach has some of each, so that a count says
// something beside that of the pieces which were learned alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "midi/piano_roll.h"

namespace eddy {

inline constexpr size_t kVoices = 4;  // soprano, alto, tenor, bass

using VoicedChord = std::array<uint8_t, kVoices>;  // a key for each voice, the soprano first; 0 for one that is silent

// The keys that a voice is written in (Kostka and Payne, "Tonal Harmony", chapter 5).
struct VoiceRange {
  uint8_t lowest = 0, highest = 0;
};
inline constexpr std::array<VoiceRange, kVoices> kVoiceRanges = {{{60, 79}, {55, 74}, {48, 67}, {40, 60}}};

struct VoiceLeading {
  size_t chords = 0;            // frames in which something sounds that is not what sounded before
  size_t parallel_fifths = 0;   // pairs of voices that move in the same direction from a perfect fifth to another
  size_t parallel_octaves = 0;  // the same of octaves and unisons
  size_t out_of_range = 0;      // voices of a chord that are
  size_t crossings = 0;         // pairs of neighbours in a chord of which the lower voice is above the other
  size_t overlaps = 0;          // of neighbours, one beyond where the other was in the chord before
  size_t other_chords = 0;      // of fewer than three keys, or of more than four, before they were given to voices

  VoiceLeading& operator+=(const VoiceLeading& other);
  bool operator==(const VoiceLeading&) const = default;
};

// A frame's keys as four voices that do not cross: the highest is the soprano's and the lowest the bass's. Of fewer than
// four keys some are shared, of more than four inner ones are left out, in each case so that voices move the least, or for a
// chord behind silence are the nearest to the middles of their ranges.
std::vector<VoicedChord> VoicesOf(const PianoRoll& roll);

// Two chords with silence between them are not compared.
VoiceLeading CountVoiceLeading(std::span<const VoicedChord> frames);
VoiceLeading CountVoiceLeading(const PianoRoll& roll);  // of VoicesOf(roll), and its chords that are not of four voices

}  // namespace eddy
