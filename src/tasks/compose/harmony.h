// Voices below a melody, as frames, and how well they are led beside those that the pieces have.
//
// They come from a beam search over frames that the network draws. Beside the network stands one rule, that of a student of
// harmony: no parallel fifths, octaves and unisons, unless nothing else is drawn in a hundred more draws. Of the hypotheses
// those with fewer parallels are kept, and of as many the likelier. CompositionOptions::free_voices does without the rule.
#pragma once

#include "eddy/tasks/compose.h"
#include "midi/voice_leading.h"
#include "tasks/compose/network.h"

namespace eddy {

inline constexpr size_t kMostHarmonyBeam = 1000;

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

// Harmonises the highest keys of each piece. Ranges are those of the key in which the melody is sung.
HarmonyScore MeasureHarmonies(ComposeNetwork& network, const MusicSet& set, const CompositionOptions& options,
                              Threads& threads);

}  // namespace eddy
