#include "metrics/chunks.h"

#include <algorithm>

namespace eddy {
namespace {

struct Parts {
  std::string_view mark;  // B, I, E, S or O
  std::string_view type;
};

Parts Split(std::string_view tag) {
  const size_t hyphen = tag.find('-');
  if (hyphen == std::string_view::npos) return {tag, {}};
  return {tag.substr(0, hyphen), tag.substr(hyphen + 1)};
}

bool Begins(const Parts& before, const Parts& here) {
  if (here.mark == "O") return false;
  return here.mark == "B" || here.mark == "S" || before.mark == "O" || before.mark == "E" || before.mark == "S" ||
         before.type != here.type;
}

}  // namespace

bool IsChunkTag(std::string_view tag) {
  const std::string_view mark = Split(tag).mark;
  return tag == "O" || mark == "B" || mark == "I" || mark == "E" || mark == "S";
}

bool SpellChunks(std::span<const std::string> tags) {
  size_t chunks = 0, typed = 0, strays = 0;
  bool outside = false;
  for (const std::string& tag : tags) {
    outside |= tag == "O";
    if (!IsChunkTag(tag)) {
      ++strays;
    } else if (tag != "O") {
      ++chunks;
      typed += !Split(tag).type.empty();
    }
  }
  if (strays == 0) return chunks > 0;
  return outside && chunks > 0 && typed == chunks && 4 * strays <= tags.size();
}

std::vector<Chunk> ChunksOf(std::span<const std::string_view> tags) {
  std::vector<Chunk> chunks;
  Parts before = {"O", {}};
  for (size_t i = 0; i < tags.size(); ++i) {
    const Parts here = Split(tags[i]);
    if (Begins(before, here)) {
      chunks.push_back({i, i + 1, here.type});
    } else if (here.mark != "O") {
      chunks.back().end = i + 1;
    }
    before = here;
  }
  return chunks;
}

}  // namespace eddy
