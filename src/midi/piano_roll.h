// Piano rolls: which keys sound in each of the equal frames of a piece.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "midi/notes.h"

namespace eddy {

// The keys of a piano, as MIDI numbers them. A key beyond them is read as the nearest one of its name.
inline constexpr uint8_t kLowestKey = 21, kHighestKey = 108;
inline constexpr size_t kPianoKeys = kHighestKey - kLowestKey + 1;  // 88
uint8_t OnPiano(int key);

using RollFrame = std::vector<uint8_t>;  // keys in [kLowestKey, kHighestKey], rising
using PianoRoll = std::vector<RollFrame>;

inline constexpr size_t kMostFrames = size_t{1} << 20;  // of a piece

// Each note sounds from the frame nearest to its beginning up to the one nearest to its end, one at least; percussion is
// left out. Pieces begin with their first note. Throws Error, naming `source`, for a piece of more than kMostFrames.
PianoRoll RollOf(const MidiFile& file, size_t frames_per_quarter, std::string_view source);

// A key that sounds in frames after one another is one note. The first frame begins at tick 0.
std::vector<MidiNote> NotesOf(const PianoRoll& roll, uint64_t ticks_per_frame);

void Transpose(RollFrame& frame, int by);  // stays on the piano where the caller has seen to it

// How far a roll may be transposed down and up and stay on the piano.
struct Room {
  int down = 0, up = 0;
};
Room RoomOf(const PianoRoll& roll);

}  // namespace eddy
