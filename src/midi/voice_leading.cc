#include "midi/voice_leading.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace eddy {
namespace {

constexpr int kFifth = 7, kOctave = 12;

bool Silent(const VoicedChord& chord) { return chord == VoicedChord{}; }

// Which key each voice takes, as places in a frame's keys from the highest down, in all ways that do not cross.
template <class Visit>
void ForVoicings(size_t keys, const Visit& visit) {
  for (size_t alto = 0; alto < keys; ++alto) {
    for (size_t tenor = alto; tenor < keys; ++tenor) {
      const std::array<size_t, kVoices> places = {0, alto, tenor, keys - 1};
      size_t taken = 1, steps = 0;
      for (size_t v = 1; v < kVoices; ++v) {
        taken += places[v] != places[v - 1];
        steps = std::max(steps, places[v] - places[v - 1]);
      }
      // Every key has a voice, or where there are too many, every voice a key of its own.
      if (keys <= kVoices ? steps <= 1 : taken == kVoices) visit(places);
    }
  }
}

VoicedChord Voiced(const RollFrame& frame, const VoicedChord& before) {
  VoicedChord best = {};
  int least = std::numeric_limits<int>::max();
  ForVoicings(frame.size(), [&](const std::array<size_t, kVoices>& places) {
    VoicedChord chord;
    int moved = 0;
    for (size_t v = 0; v < kVoices; ++v) {
      chord[v] = frame[frame.size() - 1 - places[v]];
      const int from = before[v] != 0 ? before[v] : (kVoiceRanges[v].lowest + kVoiceRanges[v].highest) / 2;
      moved += std::abs(chord[v] - from);
    }
    if (moved >= least) return;
    least = moved;
    best = chord;
  });
  return best;
}

void CountChord(const VoicedChord& chord, VoiceLeading& count) {
  ++count.chords;
  for (size_t v = 0; v < kVoices; ++v) {
    if (chord[v] == 0) continue;
    count.out_of_range += chord[v] < kVoiceRanges[v].lowest || chord[v] > kVoiceRanges[v].highest;
    if (v > 0) count.crossings += chord[v - 1] != 0 && chord[v] > chord[v - 1];
  }
}

void CountStep(const VoicedChord& before, const VoicedChord& chord, VoiceLeading& count) {
  const auto sounds = [&](size_t v) { return before[v] != 0 && chord[v] != 0; };
  for (size_t high = 0; high < kVoices; ++high) {
    for (size_t low = high + 1; low < kVoices; ++low) {
      if (!sounds(high) || !sounds(low)) continue;
      const int up = chord[high] - before[high], down = chord[low] - before[low];
      if (up == 0 || down == 0 || (up > 0) != (down > 0)) continue;
      const int from = std::abs(before[high] - before[low]) % kOctave, to = std::abs(chord[high] - chord[low]) % kOctave;
      count.parallel_fifths += from == kFifth && to == kFifth;
      count.parallel_octaves += from == 0 && to == 0;
    }
    const size_t below = high + 1;
    if (below == kVoices || !sounds(high) || !sounds(below)) continue;
    count.overlaps += chord[below] > before[high] || chord[high] < before[below];
  }
}

}  // namespace

VoiceLeading& VoiceLeading::operator+=(const VoiceLeading& other) {
  chords += other.chords;
  parallel_fifths += other.parallel_fifths;
  parallel_octaves += other.parallel_octaves;
  out_of_range += other.out_of_range;
  crossings += other.crossings;
  overlaps += other.overlaps;
  other_chords += other.other_chords;
  return *this;
}

std::vector<VoicedChord> VoicesOf(const PianoRoll& roll) {
  std::vector<VoicedChord> frames;
  VoicedChord before = {};
  for (const RollFrame& frame : roll) {
    before = frame.empty() ? VoicedChord{} : Voiced(frame, before);
    frames.push_back(before);
  }
  return frames;
}

VoiceLeading CountVoiceLeading(std::span<const VoicedChord> frames) {
  VoiceLeading count;
  for (size_t f = 0; f < frames.size(); ++f) {
    const VoicedChord before = f == 0 ? VoicedChord{} : frames[f - 1];
    if (Silent(frames[f]) || frames[f] == before) continue;
    CountChord(frames[f], count);
    CountStep(before, frames[f], count);
  }
  return count;
}

VoiceLeading CountVoiceLeading(const PianoRoll& roll) {
  VoiceLeading count = CountVoiceLeading(VoicesOf(roll));
  for (size_t f = 0; f < roll.size(); ++f) {
    if (roll[f].empty() || (f > 0 && roll[f] == roll[f - 1])) continue;
    count.other_chords += roll[f].size() < kVoices - 1 || roll[f].size() > kVoices;
  }
  return count;
}

}  // namespace eddy
