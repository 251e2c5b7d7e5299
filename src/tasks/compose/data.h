// The pieces of a composer, read and split: what training needs, and what is kept in the model so that `evaluate` knows
// training data when it sees them, and what was copied from them can be found.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "eddy/tasks/compose.h"
#include "midi/piano_roll.h"
#include "model/json.h"
#include "tasks/compose/design.h"

namespace eddy {

// One of the two is empty, as the grid has it.
struct MusicPiece {
  std::string name;
  PianoRoll frames;
  std::vector<int32_t> events;

  size_t steps() const { return frames.empty() ? events.size() : frames.size(); }
};

struct MusicSet {
  std::string source;
  std::vector<MusicPiece> pieces;

  size_t steps() const;
};

// Pieces as they are read: MIDI files and rolls have a name each, rolls a part of the data that they are of, too.
struct MusicReading {
  MusicGrid grid = MusicGrid::kSixteenth;
  MusicTime time;                     // what most MIDI files begin with
  MusicSet train, valid, test;        // without parts all is in `train`
  size_t files = 0;                   // that were read
  std::vector<std::string> left_out;  // of each file that could not be read, why
};

// Reads files and folders (and theirs, by name); with a `grid` that is none, chooses it. Throws Error for data without a
// piece of two steps, for piano rolls where events are wanted, and where strict for the first file that cannot be read.
MusicReading ReadMusic(std::span<const Data> data, std::optional<MusicGrid> grid, bool strict);

struct MusicSource {
  std::vector<std::string> files;
  std::string hash;        // of what was read of them
  std::string valid_file;  // empty where a share is held out, or a part of the data
  double share = 0;
};
Json ToJson(const MusicSource& source);
MusicSource MusicSourceFromJson(const Json& json);  // throws Error

struct MusicData {
  MusicSource source;
  MusicGrid grid = MusicGrid::kSixteenth;
  MusicTime time;
  MusicSet train, held_out;
  std::string fingerprint;  // of both
  size_t files = 0;
  std::vector<std::string> left_out;  // as above
};

// Where a share is held out, it is that of the pieces, or of the end of a single one.
MusicData LoadMusic(std::span<const Data> data, const ComposerOptions& options);

std::string HashOf(const MusicReading& reading);

// The split that training had, of its data read again.
struct MusicSplit {
  MusicSet train, held_out;
};
MusicSplit SplitAgain(const MusicSource& source, MusicReading reading);

// What was trained on, from `files`, or where there are none from where they were; none where they are no longer there.
// Throws Error for files that have other pieces.
std::optional<MusicSet> FindTrainingMusic(const MusicSource& source, MusicGrid grid, const std::vector<std::string>& files);

}  // namespace eddy
