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

// A roll's keys as four voices that do not cross: the highest is the soprano's and the lowest the bass's. Of fewer than four
// keys some are shared, of more than four inner ones are left out. Where that can be done in several ways, it is done so
// that over all chords between two silences the voices move by the fewest semitones, a parallel being as bad as eight of
// them: music has the benefit of the doubt.
std::vector<VoicedChord> VoicesOf(const PianoRoll& roll);

// The same of one frame behind a chord, whatever follows; of silence before, the first way from the soprano down.
VoicedChord VoicesBehind(const VoicedChord& before, const RollFrame& frame);

// How many pairs of voices move in parallel fifths, octaves or unisons. A voice that is silent in one of the chords does
// not.
size_t CountParallels(const VoicedChord& before, const VoicedChord& chord);

// By how many semitones a roll is to be moved to be in the key in which it is sung, as its highest keys alone have it: not
// at all where they are within the soprano's range, and otherwise to the middle of that. Data may be published in another
// key.
int TransposeToSung(const PianoRoll& roll);

// Two chords with silence between them are not compared. Ranges are those of the music moved by `transpose` semitones.
VoiceLeading CountVoiceLeading(std::span<const VoicedChord> frames, int transpose = 0);
VoiceLeading CountVoiceLeading(const PianoRoll& roll, int transpose = 0);  // of VoicesOf(roll), and its other chords

}  // namespace eddy
