#include "tasks/compose/floors.h"

#include <array>
#include <cmath>

#include "midi/event_tokens.h"

namespace eddy {
namespace {

using Keys = std::array<uint8_t, kPianoKeys>;  // 1 for one that sounds

Keys KeysOf(const RollFrame& frame) {
  Keys keys = {};
  for (const uint8_t key : frame) keys[static_cast<size_t>(key - kLowestKey)] = 1;
  return keys;
}

// Calls visit(before, now) for every frame but the first of a piece.
template <class Visit>
void ForFrames(const MusicPiece& piece, const Visit& visit) {
  if (piece.frames.empty()) return;
  Keys before = KeysOf(piece.frames.front());
  for (size_t f = 1; f < piece.frames.size(); ++f) {
    const Keys now = KeysOf(piece.frames[f]);
    visit(before, now);
    before = now;
  }
}

// What each floor loses on a piece, in their order.
void AddPiece(std::vector<MusicFloor>& floors, const std::vector<double>& nats, double count) {
  for (size_t i = 0; i < floors.size(); ++i) floors[i].parts.Add(std::vector<double>{nats[i], count});
}

std::vector<MusicFloor> FrameFloors(const MusicSet& train, const MusicSet& judged) {
  std::vector<double> sounds(kPianoKeys, 1);
  double frames = 2;
  for (const MusicPiece& piece : train.pieces) {
    frames += static_cast<double>(piece.frames.size());
    for (const RollFrame& frame : piece.frames) {
      for (const uint8_t key : frame) sounds[static_cast<size_t>(key - kLowestKey)] += 1;
    }
  }
  std::vector<std::array<std::array<double, 2>, 2>> follows(kPianoKeys, {{{1, 1}, {1, 1}}});
  std::array<double, 2> changes = {1, 1};
  for (const MusicPiece& piece : train.pieces) {
    ForFrames(piece, [&](const Keys& before, const Keys& now) {
      for (size_t k = 0; k < kPianoKeys; ++k) {
        ++follows[k][before[k]][now[k]];
        ++changes[before[k] != now[k]];
      }
    });
  }
  std::vector<MusicFloor> floors = {{"keys on their own"}, {"each key's Markov chain"}, {"repeat the last frame"}};
  for (const MusicPiece& piece : judged.pieces) {
    double alone = 0, chain = 0, repeat = 0, count = 0;
    ForFrames(piece, [&](const Keys& before, const Keys& now) {
      ++count;
      for (size_t k = 0; k < kPianoKeys; ++k) {
        const double share = sounds[k] / frames;
        alone -= std::log(now[k] ? share : 1 - share);
        const std::array<double, 2>& next = follows[k][before[k]];
        chain -= std::log(next[now[k]] / (next[0] + next[1]));
        repeat -= std::log(changes[before[k] != now[k]] / (changes[0] + changes[1]));
      }
    });
    AddPiece(floors, {alone, chain, repeat}, count);
  }
  return floors;
}

std::vector<MusicFloor> EventFloors(const MusicSet& train, const MusicSet& judged) {
  const size_t V = EventTokens();
  std::vector<double> counts(V, 1), pairs(V * V, 1), from(V, static_cast<double>(V));
  double all = static_cast<double>(V);
  const auto for_pairs = [](const MusicPiece& piece, const auto& visit) {
    int32_t before = kStartToken;
    for (const int32_t event : piece.events) {
      visit(static_cast<size_t>(before), static_cast<size_t>(event));
      before = event;
    }
  };
  for (const MusicPiece& piece : train.pieces) {
    for_pairs(piece, [&](size_t before, size_t now) {
      ++counts[now];
      ++pairs[before * V + now];
      ++from[before];
      ++all;
    });
  }
  std::vector<MusicFloor> floors = {{"events on their own"}, {"the events' Markov chain"}};
  for (const MusicPiece& piece : judged.pieces) {
    double alone = 0, chain = 0, count = 0;
    for_pairs(piece, [&](size_t before, size_t now) {
      ++count;
      alone -= std::log(counts[now] / all);
      chain -= std::log(pairs[before * V + now] / from[before]);
    });
    AddPiece(floors, {alone, chain}, count);
  }
  return floors;
}

MusicSet BelowMelody(MusicSet set) {
  for (MusicPiece& piece : set.pieces) {
    for (RollFrame& frame : piece.frames) {
      if (!frame.empty()) frame.pop_back();
    }
  }
  return set;
}

}  // namespace

double MusicFloor::nats() const {
  const std::vector<double> sums = Total(parts);
  return sums[0] / sums[1];
}

std::vector<MusicFloor> MusicFloors(const MusicSet& train, const MusicSet& judged, const ComposeDesign& design) {
  if (design.events()) return EventFloors(train, judged);
  return design.harmonise ? FrameFloors(BelowMelody(train), BelowMelody(judged)) : FrameFloors(train, judged);
}

}  // namespace eddy
