#include "midi/notes.h"

#include <algorithm>
#include <bit>
#include <deque>
#include <map>
#include <tuple>

namespace eddy {
namespace {

void AddNotes(const MidiTrack& track, size_t number, std::vector<MidiNote>& notes) {
  std::map<std::pair<uint8_t, uint8_t>, std::deque<size_t>> sounding;  // by channel and key: places in `notes`
  for (const MidiEvent& event : track) {
    const uint8_t kind = event.kind();
    if (kind != 0x80 && kind != 0x90) continue;
    std::deque<size_t>& same = sounding[{event.channel(), event.data[0]}];
    if (kind == 0x90 && event.data[1] > 0) {
      same.push_back(notes.size());
      notes.push_back({event.tick, 0, event.data[0], event.data[1], event.channel(), number});
    } else if (!same.empty()) {
      notes[same.front()].length = event.tick - notes[same.front()].begin;
      same.pop_front();
    }
  }
  for (const auto& [key, left] : sounding) {
    for (const size_t place : left) notes[place].length = track.back().tick - notes[place].begin;
  }
}

template <class Visit>
void ForMeta(const MidiFile& file, uint8_t kind, size_t length, const Visit& visit) {
  for (const MidiTrack& track : file.tracks) {
    for (const MidiEvent& event : track) {
      if (event.status != kMidiMeta || event.data[0] != kind || event.payload.size() < length) continue;
      visit(event.tick, [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(event.payload[i])); });
    }
  }
}

template <class Value>
void SortByTick(std::vector<Value>& values) {
  std::stable_sort(values.begin(), values.end(), [](const Value& a, const Value& b) { return a.tick < b.tick; });
}

MidiEvent Meta(uint64_t tick, uint8_t kind, std::string payload) { return {tick, kMidiMeta, {kind, 0}, std::move(payload)}; }

}  // namespace

std::vector<MidiNote> NotesOf(const MidiFile& file) {
  std::vector<MidiNote> notes;
  for (size_t i = 0; i < file.tracks.size(); ++i) AddNotes(file.tracks[i], i, notes);
  std::stable_sort(notes.begin(), notes.end(), [](const MidiNote& a, const MidiNote& b) {
    return std::tie(a.begin, a.key, a.track, a.channel) < std::tie(b.begin, b.key, b.track, b.channel);
  });
  return notes;
}

std::vector<MidiTempo> TempiOf(const MidiFile& file) {
  std::vector<MidiTempo> tempi;
  ForMeta(file, kMetaTempo, 3, [&](uint64_t tick, const auto& byte) {
    tempi.push_back({tick, std::max<uint32_t>(1, byte(0) << 16 | byte(1) << 8 | byte(2))});
  });
  SortByTick(tempi);
  return tempi;
}

std::vector<MidiMeter> MetersOf(const MidiFile& file) {
  std::vector<MidiMeter> meters;
  ForMeta(file, kMetaMeter, 2, [&](uint64_t tick, const auto& byte) {
    if (byte(0) > 0 && byte(1) <= 7) meters.push_back({tick, byte(0), uint32_t{1} << byte(1)});
  });
  SortByTick(meters);
  return meters;
}

MidiTrack MakeTrack(const std::vector<MidiNote>& notes, const std::string& name) {
  MidiTrack track;
  for (const MidiNote& note : notes) {
    const auto status = [&](uint8_t kind) { return static_cast<uint8_t>(kind | (note.channel & 0x0F)); };
    track.push_back({note.begin, status(0x90), {note.key, std::max<uint8_t>(1, note.velocity)}, {}});
    track.push_back({note.begin + note.length, status(0x80), {note.key, 64}, {}});
  }
  // At one tick notes end before others begin, but for those of no length, which end after they have begun.
  std::vector<std::pair<int, size_t>> order;
  for (size_t i = 0; i < track.size(); ++i) {
    const bool empty = notes[i / 2].length == 0;
    order.emplace_back(track[i].kind() == 0x80 ? (empty ? 2 : 0) : 1, i);
  }
  std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    return std::tie(track[a.second].tick, a.first) < std::tie(track[b.second].tick, b.first);
  });
  MidiTrack sorted;
  if (!name.empty()) sorted.push_back(Meta(0, kMetaName, name));
  for (const auto& [rank, i] : order) sorted.push_back(std::move(track[i]));
  return sorted;
}

MidiEvent MakeTempo(const MidiTempo& tempo) {
  const uint32_t t = std::clamp<uint32_t>(tempo.microseconds, 1, 0xFFFFFF);
  return Meta(tempo.tick, kMetaTempo,
              {static_cast<char>(t >> 16), static_cast<char>(t >> 8 & 0xFF), static_cast<char>(t & 0xFF)});
}

MidiEvent MakeMeter(const MidiMeter& meter) {
  const auto power = static_cast<char>(std::bit_width(meter.unit) - 1);
  return Meta(meter.tick, kMetaMeter, {static_cast<char>(meter.beats), power, 24, 8});
}

}  // namespace eddy
