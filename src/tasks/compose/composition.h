// Music that a composer makes: going on from a beginning, out of nothing, or under a melody.
#pragma once

#include <functional>

#include "midi/midi_file.h"
#include "tasks/compose/stream.h"

namespace eddy {

struct Composition {
  MidiFile midi;
  MusicPiece piece;  // as the network has it, what it goes on from included
  size_t given = 0;  // of its steps, those that it goes on from
};

// Throws Error for options out of range, and for a network that harmonises. `stop` ends it early.
Composition ComposeMusic(const ComposeNetwork& network, const CompositionOptions& options,
                         const std::function<bool()>& stop = {});

// The melody is the highest key of each frame of the file. Throws Error for a network that does not harmonise.
Composition HarmoniseMelody(ComposeNetwork& network, const MidiFile& melody, std::string_view name,
                            const CompositionOptions& options, Threads& threads);

}  // namespace eddy
