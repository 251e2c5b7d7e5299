#include "decode/hot_words.h"

#include <algorithm>
#include <sstream>

#include "data/encoding.h"
#include "data/side_format.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {

HotWords HotWords::Read(const Data& data) { return Parse(ReadDecoded(data).text, data.name()); }

HotWords HotWords::Parse(std::string_view text, const std::string& name) {
  Require(InvalidUtf8(text) == text.size(), "read", name, "UTF-8", "something else");
  HotWords words;
  std::istringstream list{std::string(text)};
  for (std::string word; list >> word;) words.Add(word);
  Require(!words.words_.empty(), "read", name, "a list of words", "without any");
  return words;
}

void HotWords::Add(const std::string& word) {
  const std::vector<std::string> characters = CutSide(word, SideUnit::kCharacters);
  Place place = kStart;
  for (const std::string& character : characters) {
    const auto end = static_cast<Place>(nodes_.size());
    const Place next = nodes_[static_cast<size_t>(place)].next.try_emplace(character, end).first->second;
    if (next == end) nodes_.push_back({{}, nodes_[static_cast<size_t>(place)].depth + 1, characters.size(), false});
    place = next;
    Node& node = nodes_[static_cast<size_t>(place)];
    node.shortest = std::min(node.shortest, characters.size());
  }
  Node& last = nodes_[static_cast<size_t>(place)];
  if (!last.word) words_.push_back(word);
  last.word = true;
}

HotWords::Place HotWords::Next(Place place, std::string_view character) const {
  if (place == kNowhere) return kNowhere;
  const auto& next = nodes_[static_cast<size_t>(place)].next;
  const auto found = next.find(std::string(character));
  return found == next.end() ? kNowhere : found->second;
}

double HotWords::Share(Place place) const {
  if (place <= kStart) return 0;
  const Node& node = nodes_[static_cast<size_t>(place)];
  return static_cast<double>(node.depth) / static_cast<double>(node.shortest);
}

std::string HotWords::Unknown(const Vocabulary& characters) const {
  for (const std::string& word : words_) {
    for (const std::string& character : CutSide(word, SideUnit::kCharacters)) {
      if (characters.Find(character) == kNoToken) return word;
    }
  }
  return "";
}

}  // namespace eddy
