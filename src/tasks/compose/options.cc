#include "tasks/compose/options.h"

#include "tasks/compose/design.h"

namespace eddy {

void Declare(ComposerOptions& o, OptionTable& table) {
  table.Group("Music");
  table
      .Add(
          "grid", [&o](const std::string& text) { o.grid = MusicGridFromName(text); },
          [&o] { return o.grid ? std::string(MusicGridName(*o.grid)) : std::string(); },
          OneOf({"16th", "quarter", "events"}),
          "what a step is: the keys of a 16th or of a quarter, or events, for files that people played")
      .Usually("16th of MIDI files; of piano rolls as they seem to be");
  table.Flag("harmonise", o.harmonise, "learn to write the voices below a given melody, the highest key")
      .Excludes("independent");
  AddHeldOut(table, o.held_out,
             "pieces to judge by: a share, or a file or folder; rolls that have a valid part bring their own");
  table.Flag("strict", o.strict, "refuse data at the first file that cannot be read; else they are named and left out");
  Declare(o.train, table, Layers::kAny);
  table.Group("Network");
  table.Flag("independent", o.independent, "choose each key of a frame by itself, not given those below it");
  table.Add("key-units", o.key_units, WholeNumber(1, 1 << 12), "of what makes the keys of a frame depend on each other")
      .Usually(kFromData);
  table.Group("Optimization");
  table.Add("window", o.window, WholeNumber(2, 1 << 16), "steps that are learned in one go").Usually(kFromData);
  table.Group("Against learning by heart");
  table.Add("transpose", o.transpose, WholeNumber(0, 12), "most semitones by which pieces are moved while they are learned")
      .Usually("6");
  table
      .Add("transposed", o.transposed, Number(0, 1).Called("P"),
           "share of what is learned that is moved; the rest stays as it is")
      .Usually("1; 0.5 with --independent where they have all been moved into one key");
}

}  // namespace eddy
