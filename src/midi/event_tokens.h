// Music as a row of tokens, for files whose times are on no grid: a key that is struck is followed by how long it lasts, and
// what is struck later stands behind a shift of time. Times are in kEventUnits of a quarter, which is 21 ms at 120 quarters
// a minute.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "midi/notes.h"

namespace eddy {

inline constexpr uint64_t kEventUnits = 24;  // of a quarter

enum class EventKind { kStart, kKey, kDuration, kShift };

// Tokens: the start, which stands before the first event; the piano's keys; durations; shifts.
size_t EventTokens();
EventKind KindOf(int32_t token);  // of a token in [0, EventTokens())
inline constexpr int32_t kStartToken = 0;

// Notes by their beginning and key, from the first one on, without percussion. Durations are the nearest that there is, up
// to eight quarters; a longer time to the next note is several shifts. Throws Error, naming `source`, for more than
// kMostEvents.
inline constexpr size_t kMostEvents = size_t{1} << 22;
std::vector<int32_t> EventsOf(const MidiFile& file, std::string_view source);

// Tokens out of order are passed over: a duration without a key before it, a key without one behind it.
std::vector<MidiNote> NotesOf(const std::vector<int32_t>& events, uint64_t ticks_per_unit);

// The time of all shifts, in units.
uint64_t UnitsOf(const std::vector<int32_t>& events);

int32_t TransposeEvent(int32_t token, int by);  // a key by so many semitones, back by octaves where the piano ends

}  // namespace eddy
