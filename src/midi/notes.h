// The notes of a MIDI file, its tempi and meters, and a file made of such.
#pragma once

#include <cstdint>
#include <vector>

#include "midi/midi_file.h"

namespace eddy {

struct MidiNote {
  uint64_t begin = 0, length = 0;  // in ticks; a length of 0 is one
  uint8_t key = 0;                 // 0 to 127; 60 is middle C
  uint8_t velocity = 64;           // 1 to 127
  uint8_t channel = 0;
  size_t track = 0;

  bool operator==(const MidiNote&) const = default;
};

// The notes of all tracks by their beginning, then by key, track and channel. Notes of one key, channel and track may
// overlap: the one that began first ends first. A note that is never ended lasts to the end of its track.
std::vector<MidiNote> NotesOf(const MidiFile& file);

inline constexpr uint8_t kPercussionChannel = 9;  // whose keys are instruments, not pitches

struct MidiTempo {
  uint64_t tick = 0;
  uint32_t microseconds = 500'000;  // a quarter, at least 1
  bool operator==(const MidiTempo&) const = default;
};
struct MidiMeter {
  uint64_t tick = 0;
  uint32_t beats = 4, unit = 4;  // 3/4 has 3 beats of unit 4
  bool operator==(const MidiMeter&) const = default;

  double quarters() const { return 4.0 * beats / unit; }  // of a bar
};

// Of all tracks, by their ticks. Events of a wrong length are left out.
std::vector<MidiTempo> TempiOf(const MidiFile& file);
std::vector<MidiMeter> MetersOf(const MidiFile& file);

// A track of these notes, in any order, with a name where that is not empty.
MidiTrack MakeTrack(const std::vector<MidiNote>& notes, const std::string& name);
// The meta events of a tempo and a meter at their ticks. A meter's unit is a power of 2, at most 128.
MidiEvent MakeTempo(const MidiTempo& tempo);
MidiEvent MakeMeter(const MidiMeter& meter);

}  // namespace eddy
