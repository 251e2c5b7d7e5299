// Composers: music that goes on, or that is put under a melody, learned from MIDI files or piano rolls.
//
//     const auto trained = eddy::Train(eddy::ComposerOptions{}, {"chorales"});      // a folder, or files
//     const std::string midi = trained.model.Compose({.bars = 8, .seed = 7});       // the bytes of a MIDI file
//     trained.model.Compose({.from = "beginning.mid", .bars = 8});                  // goes on from there
//
// Data are MIDI files (formats 0 and 1), folders of them, and piano rolls: JSON that lists for each piece the keys of each
// frame, {"train": [[[60, 64], [60], []], ...], "valid": ..., "test": ...} or one array of pieces, -1 being silence; and
// MATLAB files with cells traindata, validdata and testdata of arrays [frames, 88].
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eddy/tasks/train.h"
#include "eddy/tasks/train_options.h"

EDDY_API_BEGIN
namespace eddy {

// What a step of a composer is.
enum class MusicGrid {
  kSixteenth,  // the keys that sound in a sixteenth note
  kQuarter,    // in a quarter note
  kEvents,     // a key that is struck, how long it lasts, or the time to the next one: for files played by people
};

struct ComposerOptions {
  std::optional<MusicGrid> grid = {};    // sixteenths of MIDI files; of piano rolls as they seem to be
  bool independent = false;              // keys of a frame are chosen each by itself, not given those below
  bool harmonise = false;                // learns to write the voices below a given melody
  std::optional<size_t> transpose = {};  // most semitones up and down by which pieces are transposed while learning: 6
  // Share of what is learned that is transposed, 0 to 1; the rest stays as it is. Usually 1, and 0.5 of independent keys
  // where the pieces have all been moved into one key.
  std::optional<double> transposed = {};
  HeldOut held_out = {0.1, {}};          // a share of the pieces, or pieces of their own; rolls with parts bring their own
  std::optional<size_t> key_units = {};  // of what makes the keys of a frame depend on each other
  std::optional<size_t> window = {};     // steps that are learned in one go
  bool strict = false;                   // the first file that cannot be read is an error; they are left out otherwise
  TrainOptions train = {};
};

struct CompositionOptions {
  Data from = {};               // a MIDI file to go on from; none for a piece out of nothing
  bool without_primer = false;  // leaves out of the result what it goes on from
  size_t bars = 16;             // to write, 1 to 10,000
  double temperature = 1;       // below 1 bolder, above 1 wilder; 0 takes the likelier choice each time
  double top_p = 0.95;          // choices beyond the likeliest that together have this probability are not taken; in (0, 1]
  uint64_t seed = 1;            // the same seed gives the same bytes
  // Of Harmonise(), 1 to 1,000: so many harmonies are kept side by side, the likeliest of what each draws in so many draws,
  // and the likeliest is taken in the end. With 1 they are what is drawn.
  size_t beam = 8;
  // Of Harmonise(): voices may move in parallel fifths, octaves and unisons as often as the network has them do so.
  // Otherwise they do so only where of a hundred more draws none is without: a rule beside the network, as students of
  // harmony learn it. At a temperature of 0 there is only one draw.
  bool free_voices = false;
};

class Composer : public TrainedModel {
 public:
  static Composer Load(const std::string& path);  // throws Error, also for a model of another task
  explicit Composer(const TrainedModel& model);   // the same, of a model that was loaded

  MusicGrid grid() const;
  bool harmonises() const;  // whether it was trained to; Compose() throws Error if so, Harmonise() if not

  // The bytes of a MIDI file. `beam` and `free_voices` have no meaning here and must be as they are by default. Throws Error
  // for options out of range and for a primer that is no MIDI file.
  std::string Compose(const CompositionOptions& options = {}) const;
  // Those of the melody's file, its events untouched, with a track for the voices below it. `from`, `bars` and
  // `without_primer` have no meaning here and must be as they are by default.
  std::string Harmonise(const Data& melody, const CompositionOptions& options = {}) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Throws Error, and Stopped where `hooks` ended the run.
Trained<Composer> Train(const ComposerOptions& options, const std::vector<Data>& pieces, const TrainHooks& hooks = {});

}  // namespace eddy
EDDY_API_END
