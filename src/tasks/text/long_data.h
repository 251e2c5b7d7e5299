// Texts of more than memory should hold: looked at by the processes of a group, each its share, and read again where their
// tokens are wanted (data/long_text.h).
#pragma once

#include <vector>

#include "eddy/process_group.h"
#include "tasks/text/data.h"

namespace eddy {

// Whether files on disk are together larger than a text that is held (kMostFileBytes), and of a kind that can be read by
// blocks: a stream of characters or bytes.
bool IsLong(const std::vector<Data>& files, const TextOptions& options);

// As LoadText(), the same on any number of processes. Each looks at its share of the blocks twice, to find and to count
// their tokens, and holds none of them. Files must be the same on every machine: a process that reads a block which another
// has looked at throws Error where its own differs.
LoadedText LoadLongText(const std::vector<Data>& files, const Data& valid_file, const TextOptions& options,
                        const Vocabulary* known, ProcessGroup& group);

}  // namespace eddy
