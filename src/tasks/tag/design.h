// TaggerDesign: what a tagger is apart from its weights. It is stored in the model and read back from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/conll.h"
#include "data/vocabulary.h"
#include "eddy/conv1d.h"
#include "eddy/recurrent.h"
#include "model/json.h"

namespace eddy {

inline constexpr size_t kMostTags = 1000;

struct TaggerDesign {
  std::vector<std::string> tags;   // K of them, 2 to kMostTags
  Vocabulary words;                // V forms of words (WordForm), the unknown one first
  Vocabulary characters;           // the unknown one first
  size_t embedding = 0;            // width of a word's vector
  size_t character_embedding = 0;  // of a character's
  size_t character_features = 0;   // F: what is made of a word's characters; 0 for words alone
  ConllFormat format = {};         // the columns that are read
  bool field = true;               // a conditional random field over the tags; each tag by itself otherwise
  double dropout = 0;              // of what enters and leaves the layers
  StackOptions stack;              // stack.layer.input is inputs()

  size_t inputs() const { return embedding + character_features; }  // numbers a token that the layers read
  Conv1dOptions convolution() const;                                // over a word's characters
};

// Throws Error for fewer than two tags, tags twice, and sizes out of range.
void RequireValid(const TaggerDesign& design);

// In lower case (ASCII) and with 0 for every digit: how a word is looked up. Its characters tell the rest.
std::string WordForm(std::string_view token);

// In two parts, "tag" (what is read) and "network".
Json ToJson(const TaggerDesign& design);
TaggerDesign TaggerDesignFromJson(const Json& description);  // throws Error

}  // namespace eddy
