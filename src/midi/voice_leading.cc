#include "midi/voice_leading.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace eddy {
namespace {

constexpr int kFifth = 7, kOctave = 12;
// Semitones. On the training and validation parts of Bach's chorales, whose voices are known, a chord's three keys are then
// given to the four voices as he has them in 82% of all cases (80% without), and parallels are closest to theirs in number.
constexpr size_t kParallelCost = 8;
constexpr size_t kMostWays = 32;  // of a chord of many keys, the cheapest that are followed up

bool Silent(const VoicedChord& chord) { return chord == VoicedChord{}; }

// Every way to give a frame's keys to voices that do not cross, from the soprano down.
std::vector<VoicedChord> WaysOf(const RollFrame& frame) {
  const size_t keys = frame.size();
  std::vector<VoicedChord> ways;
  for (size_t alto = 0; alto < keys; ++alto) {
    for (size_t tenor = alto; tenor < keys; ++tenor) {
      const std::array<size_t, kVoices> places = {0, alto, tenor, keys - 1};  // from the highest key down
      size_t taken = 1, steps = 0;
      for (size_t v = 1; v < kVoices; ++v) {
        taken += places[v] != places[v - 1];
        steps = std::max(steps, places[v] - places[v - 1]);
      }
      // Every key has a voice, or where there are too many, every voice a key of its own.
      if (keys <= kVoices ? steps > 1 : taken < kVoices) continue;
      VoicedChord& chord = ways.emplace_back();
      for (size_t v = 0; v < kVoices; ++v) chord[v] = frame[keys - 1 - places[v]];
    }
  }
  return ways;
}

struct Parallels {
  size_t fifths = 0, octaves = 0;
};

Parallels ParallelsOf(const VoicedChord& before, const VoicedChord& chord) {
  Parallels parallels;
  for (size_t high = 0; high < kVoices; ++high) {
    for (size_t low = high + 1; low < kVoices; ++low) {
      if (before[high] == 0 || chord[high] == 0 || before[low] == 0 || chord[low] == 0) continue;
      const int up = chord[high] - before[high], down = chord[low] - before[low];
      if (up == 0 || down == 0 || (up > 0) != (down > 0)) continue;
      const int from = std::abs(before[high] - before[low]) % kOctave, to = std::abs(chord[high] - chord[low]) % kOctave;
      parallels.fifths += from == kFifth && to == kFifth;
      parallels.octaves += from == 0 && to == 0;
    }
  }
  return parallels;
}

// What speaks against a way to give keys to voices, in semitones. Behind silence nothing does.
size_t CostOf(const VoicedChord& before, const VoicedChord& chord) {
  size_t cost = kParallelCost * CountParallels(before, chord);
  for (size_t v = 0; v < kVoices; ++v) {
    if (before[v] != 0) cost += static_cast<size_t>(std::abs(chord[v] - before[v]));
  }
  return cost;
}

// A frame's voices in one way, the cheapest that leads to them, and the way of the frame before that it comes from.
struct Way {
  VoicedChord chord = {};
  size_t cost = 0, from = 0;
};

std::vector<Way> WaysBehind(const std::vector<Way>& before, const RollFrame& frame) {
  std::vector<Way> ways;
  for (const VoicedChord& chord : WaysOf(frame)) {
    Way best{chord, std::numeric_limits<size_t>::max(), 0};
    for (size_t from = 0; from < before.size(); ++from) {
      const size_t cost = before[from].cost + CostOf(before[from].chord, chord);
      if (cost < best.cost) best = {chord, cost, from};
    }
    ways.push_back(best);
  }
  if (ways.empty()) ways.push_back({{}, before.front().cost, 0});  // silence, of which there is one way
  std::stable_sort(ways.begin(), ways.end(), [](const Way& a, const Way& b) { return a.cost < b.cost; });
  ways.resize(std::min(ways.size(), kMostWays));
  return ways;
}

size_t CountOutOfRange(const VoicedChord& chord, int transpose) {
  size_t out = 0;
  for (size_t v = 0; v < kVoices; ++v) {
    if (chord[v] == 0) continue;
    const int key = chord[v] + transpose;
    out += key < kVoiceRanges[v].lowest || key > kVoiceRanges[v].highest;
  }
  return out;
}

void CountChord(const VoicedChord& chord, int transpose, VoiceLeading& count) {
  ++count.chords;
  count.out_of_range += CountOutOfRange(chord, transpose);
  for (size_t v = 1; v < kVoices; ++v) count.crossings += chord[v] != 0 && chord[v - 1] != 0 && chord[v] > chord[v - 1];
}

void CountStep(const VoicedChord& before, const VoicedChord& chord, VoiceLeading& count) {
  const Parallels parallels = ParallelsOf(before, chord);
  count.parallel_fifths += parallels.fifths;
  count.parallel_octaves += parallels.octaves;
  for (size_t high = 0; high + 1 < kVoices; ++high) {
    const size_t low = high + 1;
    if (before[high] == 0 || chord[high] == 0 || before[low] == 0 || chord[low] == 0) continue;
    count.overlaps += chord[low] > before[high] || chord[high] < before[low];
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
  std::vector<std::vector<Way>> ways = {{Way()}};
  for (const RollFrame& frame : roll) ways.push_back(WaysBehind(ways.back(), frame));
  std::vector<VoicedChord> voices(roll.size());
  size_t best = 0;
  for (size_t f = roll.size(); f > 0; --f) {
    voices[f - 1] = ways[f][best].chord;
    best = ways[f][best].from;
  }
  return voices;
}

VoicedChord VoicesBehind(const VoicedChord& before, const RollFrame& frame) {
  return WaysBehind({{before, 0, 0}}, frame).front().chord;
}

size_t CountParallels(const VoicedChord& before, const VoicedChord& chord) {
  const Parallels parallels = ParallelsOf(before, chord);
  return parallels.fifths + parallels.octaves;
}

int TransposeToSung(const PianoRoll& roll) {
  const VoiceRange& soprano = kVoiceRanges[0];
  int lowest = std::numeric_limits<int>::max(), highest = 0;
  for (const RollFrame& frame : roll) {
    if (frame.empty()) continue;
    lowest = std::min<int>(lowest, frame.back());
    highest = std::max<int>(highest, frame.back());
  }
  if (highest == 0 || (lowest >= soprano.lowest && highest <= soprano.highest)) return 0;
  return (soprano.lowest + soprano.highest - lowest - highest) / 2;
}

VoiceLeading CountVoiceLeading(std::span<const VoicedChord> frames, int transpose) {
  VoiceLeading count;
  for (size_t f = 0; f < frames.size(); ++f) {
    const VoicedChord before = f == 0 ? VoicedChord{} : frames[f - 1];
    if (Silent(frames[f]) || frames[f] == before) continue;
    CountChord(frames[f], transpose, count);
    CountStep(before, frames[f], count);
  }
  return count;
}

VoiceLeading CountVoiceLeading(const PianoRoll& roll, int transpose) {
  VoiceLeading count = CountVoiceLeading(VoicesOf(roll), transpose);
  for (size_t f = 0; f < roll.size(); ++f) {
    if (roll[f].empty() || (f > 0 && roll[f] == roll[f - 1])) continue;
    count.other_chords += roll[f].size() < kVoices - 1 || roll[f].size() > kVoices;
  }
  return count;
}

}  // namespace eddy
