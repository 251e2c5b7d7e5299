// Words that a search is to favour, such as names: as a tree of their characters, so that a word that has only begun can be
// favoured, too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/vocabulary.h"
#include "eddy/data.h"

namespace eddy {

class HotWords {
 public:
  // Where in the tree the characters of a word so far have led.
  using Place = int32_t;
  static constexpr Place kStart = 0, kNowhere = -1;

  // Of a list: words with white space between them. Throws Error, naming it, for a list that is not UTF-8 or has no words.
  static HotWords Read(const Data& data);
  static HotWords Parse(std::string_view text, const std::string& name);

  Place Next(Place place, std::string_view character) const;  // kNowhere where no word goes on so
  bool IsWord(Place place) const { return place > kStart && nodes_[static_cast<size_t>(place)].word; }
  // Of the shortest word that goes on from here, how much has been said: 0 at the start and nowhere, 1 at its end.
  double Share(Place place) const;

  const std::vector<std::string>& words() const { return words_; }
  // The first word of characters that are not all among these; empty where there is none.
  std::string Unknown(const Vocabulary& characters) const;

 private:
  struct Node {
    std::unordered_map<std::string, Place> next;
    size_t depth = 0, shortest = 0;  // characters: so far, and of the shortest word that goes on from here
    bool word = false;
  };

  void Add(const std::string& word);

  std::vector<Node> nodes_ = {{}};
  std::vector<std::string> words_;
};

}  // namespace eddy
