// Voices below a melody, as frames, and how well they are led beside those that the pieces have.
#pragma once

#include "eddy/tasks/compose.h"
#include "midi/voice_leading.h"
#include "tasks/compose/network.h"

namespace eddy {

inline constexpr size_t kMostBeam = 1000;

// The keys below the highest one of each frame of `piece`, whose other keys are not read. Throws Error for a network that
// does not harmonise.
PianoRoll VoicesBelow(ComposeNetwork& network, const MusicPiece& piece, const CompositionOptions& options, Threads& threads);

// `below`, and above it the highest key of each frame of `melody`.
PianoRoll Joined(PianoRoll below, const PianoRoll& melody);

struct HarmonyScore {
  size_t pieces = 0;
  size_t unchanged = 0;  // of these, those whose highest keys are all as they were
  VoiceLeading made, original;
};

// Harmonises the highest keys of each piece.
HarmonyScore MeasureHarmonies(ComposeNetwork& network, const MusicSet& set, const CompositionOptions& options,
                              Threads& threads);

}  // namespace eddy
