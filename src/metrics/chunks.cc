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

bool SpellChunks(std::span<const std::string> tags) {
  bool any = false;
  for (const std::string& tag : tags) {
    const std::string_view mark = Split(tag).mark;
    if (tag == "O") continue;
    if (mark != "B" && mark != "I" && mark != "E" && mark != "S") return false;
    any = true;
  }
  return any;
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
