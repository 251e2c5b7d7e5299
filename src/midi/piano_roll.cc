#include "midi/piano_roll.h"

#include <algorithm>
#include <cmath>

#include "eddy/error.h"

namespace eddy {

uint8_t OnPiano(int key) {
  while (key < kLowestKey) key += 12;
  while (key > kHighestKey) key -= 12;
  return static_cast<uint8_t>(key);
}

PianoRoll RollOf(const MidiFile& file, size_t frames_per_quarter, std::string_view source) {
  std::vector<MidiNote> notes = NotesOf(file);
  std::erase_if(notes, [](const MidiNote& note) { return note.channel == kPercussionChannel; });
  PianoRoll roll;
  if (notes.empty()) return roll;
  const double frames_per_tick = static_cast<double>(frames_per_quarter) / file.ticks_per_quarter();
  const auto frame_at = [&](uint64_t tick) { return std::floor(static_cast<double>(tick) * frames_per_tick + 0.5); };
  const double first = frame_at(notes.front().begin);
  size_t sounds_until[128] = {};  // of a key, by the notes so far: what overlaps is not gone through again
  for (const MidiNote& note : notes) {
    const double begin = frame_at(note.begin) - first;
    const double end = std::max(begin + 1, frame_at(note.begin + note.length) - first);
    Require(end <= static_cast<double>(kMostFrames), "read MIDI", std::string(source),
            "a piece of at most " + std::to_string(kMostFrames) + " frames", "a longer one");
    const uint8_t key = OnPiano(note.key);
    const auto stop = static_cast<size_t>(end);
    if (stop > roll.size()) roll.resize(stop);
    for (size_t f = std::max(static_cast<size_t>(begin), sounds_until[key]); f < stop; ++f) roll[f].push_back(key);
    sounds_until[key] = std::max(sounds_until[key], stop);
  }
  for (RollFrame& frame : roll) std::sort(frame.begin(), frame.end());
  return roll;
}

std::vector<MidiNote> NotesOf(const PianoRoll& roll, uint64_t ticks_per_frame) {
  std::vector<MidiNote> notes;
  std::vector<ptrdiff_t> sounding(128, -1);  // a key's place in `notes`
  for (size_t f = 0; f < roll.size(); ++f) {
    for (const uint8_t key : roll[f]) {
      const bool held = f > 0 && std::binary_search(roll[f - 1].begin(), roll[f - 1].end(), key);
      if (!held) {
        sounding[key] = static_cast<ptrdiff_t>(notes.size());
        notes.push_back({f * ticks_per_frame, 0, key, 80, 0, 0});
      }
      notes[static_cast<size_t>(sounding[key])].length += ticks_per_frame;
    }
  }
  return notes;
}

void Transpose(RollFrame& frame, int by) {
  for (uint8_t& key : frame) key = static_cast<uint8_t>(key + by);
}

Room RoomOf(const PianoRoll& roll) {
  Room room{kPianoKeys, kPianoKeys};
  for (const RollFrame& frame : roll) {
    if (frame.empty()) continue;
    room.down = std::min(room.down, frame.front() - kLowestKey);
    room.up = std::min(room.up, kHighestKey - frame.back());
  }
  return room;
}

}  // namespace eddy
