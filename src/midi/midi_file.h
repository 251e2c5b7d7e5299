// MIDI files (Standard MIDI Files 1.0, formats 0 and 1) as the events that they hold, in ticks from the beginning. What is
// read is written again with the same events at the same ticks; only the spelling changes (running status is spelled out,
// each track ends with one end-of-track event).
//
// A file comes from anywhere: every length and offset is checked before use. What players forgive is forgiven (a track that
// stops without its end, chunks of unknown kinds, a data byte too many at the end); what has no meaning is an Error that
// names the file and the byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "eddy/data.h"

namespace eddy {

struct MidiEvent {
  uint64_t tick = 0;         // from the beginning of the track
  uint8_t status = 0;        // 0x80 to 0xEF with the channel in its low half; 0xF0 and 0xF7 system exclusive; 0xFF meta
  uint8_t data[2] = {};      // of a channel's event; a meta event's kind in the first
  std::string payload = {};  // of meta and system exclusive events

  uint8_t kind() const { return status < 0xF0 ? static_cast<uint8_t>(status & 0xF0) : status; }
  uint8_t channel() const { return status & 0x0F; }
  bool operator==(const MidiEvent&) const = default;
};

using MidiTrack = std::vector<MidiEvent>;  // ticks do not fall; without the end-of-track event

inline constexpr uint8_t kMidiMeta = 0xFF, kMetaName = 0x03, kMetaEnd = 0x2F, kMetaTempo = 0x51, kMetaMeter = 0x58;

struct MidiFile {
  uint16_t format = 1;      // 0: one track; 1: tracks side by side; 2 is refused
  uint16_t division = 480;  // ticks a quarter note; with the highest bit set, frames a second and ticks a frame (SMPTE)
  std::vector<MidiTrack> tracks;

  double ticks_per_quarter() const;  // with SMPTE time those of half a second, a quarter at 120 a minute
  bool operator==(const MidiFile&) const = default;
};

inline constexpr uint64_t kMostMidiTick = uint64_t{1} << 40;

// Throws Error that names `source`.
MidiFile ParseMidi(std::string_view bytes, std::string_view source);
MidiFile ReadMidi(const Data& data);

// Throws Error for a file that no MIDI file can hold: more than 65,535 tracks, ticks that fall or are too far apart.
std::string WriteMidi(const MidiFile& file);

}  // namespace eddy
