#include "midi/event_tokens.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "eddy/error.h"
#include "midi/piano_roll.h"

namespace eddy {
namespace {

// In units. Any time is a sum of shifts, since 1 is one.
constexpr std::array<uint16_t, 40> kTimes = {1,  2,  3,  4,  5,   6,   7,   8,   9,   10,  11,  12, 14, 16,
                                             18, 20, 22, 24, 27,  30,  33,  36,  40,  44,  48,  54, 60, 66,
                                             72, 80, 88, 96, 108, 120, 132, 144, 156, 168, 180, 192};
constexpr auto kFirstKey = 1, kFirstDuration = kFirstKey + static_cast<int>(kPianoKeys),
               kFirstShift = kFirstDuration + static_cast<int>(kTimes.size());

// The place of the nearest time.
int NearestTime(double units) {
  size_t best = 0;
  for (size_t i = 1; i < kTimes.size(); ++i) {
    if (std::fabs(kTimes[i] - units) < std::fabs(kTimes[best] - units)) best = i;
  }
  return static_cast<int>(best);
}

}  // namespace

size_t EventTokens() { return static_cast<size_t>(kFirstShift) + kTimes.size(); }

EventKind KindOf(int32_t token) {
  if (token < kFirstKey) return EventKind::kStart;
  if (token < kFirstDuration) return EventKind::kKey;
  return token < kFirstShift ? EventKind::kDuration : EventKind::kShift;
}

std::vector<int32_t> EventsOf(const MidiFile& file, std::string_view source) {
  const double units_per_tick = static_cast<double>(kEventUnits) / file.ticks_per_quarter();
  const auto unit_at = [&](uint64_t tick) { return std::floor(static_cast<double>(tick) * units_per_tick + 0.5); };
  std::vector<int32_t> events;
  double now = -1;
  for (const MidiNote& note : NotesOf(file)) {
    if (note.channel == kPercussionChannel) continue;
    const double begin = unit_at(note.begin);
    if (now < 0) now = begin;
    while (now < begin) {
      Require(events.size() < kMostEvents, "read MIDI", std::string(source),
              "a piece of at most " + std::to_string(kMostEvents) + " events", "a longer one");
      const auto after = std::upper_bound(kTimes.begin(), kTimes.end(), std::min<double>(begin - now, kTimes.back()));
      const auto place = static_cast<int>(after - kTimes.begin()) - 1;
      events.push_back(kFirstShift + place);
      now += kTimes[static_cast<size_t>(place)];
    }
    events.push_back(kFirstKey + OnPiano(note.key) - kLowestKey);
    events.push_back(kFirstDuration + NearestTime(static_cast<double>(note.length) * units_per_tick));
    Require(events.size() <= kMostEvents, "read MIDI", std::string(source),
            "a piece of at most " + std::to_string(kMostEvents) + " events", "a longer one");
  }
  return events;
}

std::vector<MidiNote> NotesOf(const std::vector<int32_t>& events, uint64_t ticks_per_unit) {
  std::vector<MidiNote> notes;
  uint64_t now = 0;
  for (size_t i = 0; i < events.size(); ++i) {
    if (KindOf(events[i]) == EventKind::kShift) now += kTimes[static_cast<size_t>(events[i] - kFirstShift)];
    if (KindOf(events[i]) != EventKind::kKey || i + 1 == events.size()) continue;
    if (KindOf(events[i + 1]) != EventKind::kDuration) continue;
    const uint64_t length = kTimes[static_cast<size_t>(events[i + 1] - kFirstDuration)];
    notes.push_back(
        {now * ticks_per_unit, length * ticks_per_unit, static_cast<uint8_t>(events[i] - kFirstKey + kLowestKey), 80, 0, 0});
  }
  return notes;
}

uint64_t UnitsOf(const std::vector<int32_t>& events) {
  uint64_t units = 0;
  for (const int32_t event : events) {
    if (KindOf(event) == EventKind::kShift) units += kTimes[static_cast<size_t>(event - kFirstShift)];
  }
  return units;
}

int32_t TransposeEvent(int32_t token, int by) {
  if (KindOf(token) != EventKind::kKey) return token;
  return kFirstKey + OnPiano(token - kFirstKey + kLowestKey + by) - kLowestKey;
}

}  // namespace eddy
