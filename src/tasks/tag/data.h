// The sequences of a tagger, read and split: what training needs, and what is kept in the model so that `evaluate` knows
// training data when it sees them and finds them again for the floors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/conll.h"
#include "data/halves.h"
#include "tasks/tag/scores.h"
#include "tasks/train_options.h"
#include "train/data_source.h"

namespace eddy {

struct TagData {
  DataSource source;  // its counts are those of each tag's tokens
  std::vector<std::string> tags;
  TokenSet train, held_out;
  Halves halves;            // of what is held out
  std::string fingerprint;  // of both
};

// Splits `set`, or takes `valid` for what is held out where there is one. The tags are those of `set`, by spelling; fills in
// the hash and the counts of `source`. Where a share is held out, it is that of the sequences, to the nearest whole number
// but at least one. Throws Error, also for fewer than two different tags, more than kMostTags (design.h), and a single
// sequence to split.
TagData SplitTagData(DataSource source, TokenSet set, std::optional<TokenSet> valid);
// The same, read from `data`.
TagData LoadTagData(const Data& data, const HeldOut& held_out, const ConllFormat& format = {});
// Takes `tags` for those of the data. Throws Error for a token that is tagged with another.
void UseTags(const std::vector<std::string>& tags, TagData& data);
// The split that training had, of the training file read again.
TagData SplitAgain(DataSource source, TokenSet set);

// The tags of a set by their places in `tags`. Throws Error, naming the line and the nearest, for one that is not there.
TagIds TagTargets(const TokenSet& set, const std::vector<std::string>& tags);

// `tags`, and behind them those of the set that are not among them, in the order in which they are met.
std::vector<std::string> WithOtherTags(std::vector<std::string> tags, const TokenSet& set);
// The sequences whose tags are all among these. Throws Error, as TagTargets does, where there are none.
TokenSet OnlyTaggedWith(const std::vector<std::string>& tags, const TokenSet& set);

std::string HashOf(const TokenSet& set);
std::vector<std::string> InputsOf(
    const TokenSet& set);  // the tokens of each sequence, to count those that stand in two sets

// What was trained on, from `path`, or where that is empty from where it was; none where it is no longer there. Throws Error
// for a path that has other sequences.
std::optional<TokenSet> FindTrainingSequences(const DataSource& source, const std::string& path,
                                              const ConllFormat& format = {});

}  // namespace eddy
