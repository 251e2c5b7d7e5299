// A trained composer: how likely it finds music; to and from a model file.
#pragma once

#include "metrics/bootstrap.h"
#include "model/model_file.h"
#include "tasks/compose/network.h"
#include "train/process_exchange.h"

namespace eddy {

inline constexpr const char* kComposeTask = "compose";

struct MusicScore {
  double nats = 0;    // a frame, of all its keys together, or an event
  size_t steps = 0;   // that were measured: of a piece of frames all but the first, of events all
  PartSums parts{2};  // of each piece: nats, and steps; empty where only the whole was asked for
};

// In batches of similar length, which processes share out; the result depends on neither. A piece at a time where its part
// is asked for.
enum class MusicParts { kNone, kPieces };
MusicScore MeasureMusic(ComposeNetwork& network, const MusicSet& set, MusicParts parts, Threads& threads,
                        ProcessGroup& group = Alone());

// `training` is provenance: for people, and for `evaluate` to know what it has seen.
Model MakeComposerModel(ComposeNetwork& network, const Json& training, Threads& threads);
// Throws Error for a model that is broken or of another task; runs the golden input.
ComposeNetwork LoadComposer(const Model& model, Threads& threads);
MusicSource SourceOf(const Model& model);  // throws Error

}  // namespace eddy
