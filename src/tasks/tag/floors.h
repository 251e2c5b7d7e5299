// What a tagger is to beat: each word's most frequent tag, and a strong simple method (perceptron_tagger.h).
#pragma once

#include <string>
#include <vector>

#include "data/conll.h"
#include "tasks/tag/scores.h"

namespace eddy {

struct TagFloor {
  std::string name;
  TagScores scores;
};

// The tag that each token of `judged`, as it is written, has most often in `train`; that of all tokens where it is not
// there. Equals go to the first of the tags.
TagIds MostFrequentTags(const TokenSet& train, const TagIds& train_tags, const TokenSet& judged, size_t tag_count);

// Both, trained on `train` and scored on `judged`, whose tags are `right`. Throws Error for tags that are none of `tags`.
std::vector<TagFloor> TagFloors(const TokenSet& train, const TokenSet& judged, const TagIds& right,
                                const std::vector<std::string>& tags);

}  // namespace eddy
