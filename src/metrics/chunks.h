// Chunks, such as names and phrases, as tags spell them: B-TYPE begins one, I-TYPE goes on, E-TYPE ends it, S-TYPE is one of
// a single token, O is none (Ramshaw and Marcus 1995; Tjong Kim Sang and Veenstra 1999: IOB1, IOB2, IOBES).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eddy {

struct Chunk {
  size_t begin, end;      // tokens [begin, end) of the sequence
  std::string_view type;  // of the tags; empty where they have none
  bool operator==(const Chunk&) const = default;
};

// Whether a tag is O, or one of B, I, E and S, alone or before "-TYPE".
bool IsChunkTag(std::string_view tag);

// Whether a set of tags spells chunks: every tag is one of these, and not all are O. A few that are not, such as a slip, do
// not matter where there is O and no other has B, I, E or S without a type: of four tags one may be stray.
bool SpellChunks(std::span<const std::string> tags);

// The chunks of one sequence, as conlleval (the script of the CoNLL-2000 and 2003 shared tasks) sees them, which
// finds some in any tags: an I begins a chunk where none is open or the type changes. The types point into `tags`.
std::vector<Chunk> ChunksOf(std::span<const std::string_view> tags);

}  // namespace eddy
