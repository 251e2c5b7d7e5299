#include "tasks/tag/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <unordered_map>

#include "base/nearest.h"
#include "data/class_split.h"
#include "data/digest.h"
#include "data/excerpt.h"
#include "eddy/error.h"
#include "tasks/tag/design.h"

namespace eddy {
namespace {

std::vector<std::string> TagsOf(const TokenSet& set) {
  std::set<std::string> found;
  for (const TokenSequence& sequence : set.sequences) found.insert(sequence.tags.begin(), sequence.tags.end());
  if (found.size() < 2) {
    Fail("tags", set.source, "with at least two different tags in its last column",
         "with " + Excerpt(*found.begin()) + " alone");
  }
  if (found.size() > kMostTags) {
    Fail("tags", set.source, fmt::format("of at most {} different tags", kMostTags),
         fmt::format("of {} (is the last column the tag?)", found.size()));
  }
  return {found.begin(), found.end()};
}

std::vector<size_t> CountTags(const TagIds& targets, size_t tags) {
  std::vector<size_t> counts(tags);
  for (const std::vector<int32_t>& sequence : targets) {
    for (const int32_t tag : sequence) ++counts[static_cast<size_t>(tag)];
  }
  return counts;
}

}  // namespace

TagIds TagTargets(const TokenSet& set, const std::vector<std::string>& tags) {
  std::unordered_map<std::string_view, int32_t> ids;
  for (const std::string& tag : tags) ids.emplace(tag, static_cast<int32_t>(ids.size()));
  TagIds targets;
  for (const TokenSequence& sequence : set.sequences) {
    std::vector<int32_t>& row = targets.emplace_back();
    for (const std::string& tag : sequence.tags) {
      const auto found = ids.find(tag);
      if (found == ids.end()) {
        const std::string nearest = Nearest(tag, std::vector<std::string_view>(tags.begin(), tags.end()));
        Fail("tags", fmt::format("{} line {}", set.source, sequence.line + row.size()),
             fmt::format("tagged as one of the {} tags learned", tags.size()),
             Excerpt(tag) + (nearest.empty() ? "" : fmt::format(" (did you mean {}?)", Excerpt(nearest))));
      }
      row.push_back(found->second);
    }
  }
  return targets;
}

std::vector<std::string> WithOtherTags(std::vector<std::string> tags, const TokenSet& set) {
  std::set<std::string> known(tags.begin(), tags.end());
  for (const TokenSequence& sequence : set.sequences) {
    for (const std::string& tag : sequence.tags) {
      if (known.insert(tag).second) tags.push_back(tag);
    }
  }
  if (tags.size() > kMostTags) {
    Fail("tags", set.source, fmt::format("of at most {} different tags, those learned included", kMostTags),
         fmt::format("of {} (is the last column the tag?)", tags.size()));
  }
  return tags;
}

TokenSet OnlyTaggedWith(const std::vector<std::string>& tags, const TokenSet& set) {
  const std::set<std::string_view> known(tags.begin(), tags.end());
  TokenSet only = {set.source, {}, set.reading};
  for (const TokenSequence& sequence : set.sequences) {
    const auto learned = [&](const std::string& tag) { return known.contains(tag); };
    if (std::ranges::all_of(sequence.tags, learned)) only.sequences.push_back(sequence);
  }
  if (only.sequences.empty()) TagTargets(set, tags);
  return only;
}

std::string HashOf(const TokenSet& set) {
  Digest hash;
  for (const TokenSequence& sequence : set.sequences) {
    for (size_t t = 0; t < sequence.tokens.size(); ++t) {
      hash.Add(sequence.tokens[t]);
      hash.Add(" ");
      hash.Add(sequence.tags[t]);
      hash.Add("\n");
    }
    hash.Add("\n");
  }
  return hash.Digits();
}

std::vector<std::string> InputsOf(const TokenSet& set) {
  std::vector<std::string> inputs;
  for (const TokenSequence& sequence : set.sequences) {
    std::string& text = inputs.emplace_back();
    for (const std::string& token : sequence.tokens) text += token + '\n';
  }
  return inputs;
}

TagData SplitAgain(DataSource source, TokenSet set) {
  const size_t n = set.sequences.size();
  Require(n >= 2, "tags", set.source, "of two sequences at least, with a blank line between, or --valid a file",
          "of a single one");
  Require(source.share > 0 && source.share < 1, "tags", "the held-out share", "between 0 and 1", "not");
  TagData data;
  data.tags = TagsOf(set);
  data.train.source = data.held_out.source = set.source;
  data.train.reading = set.reading;
  const std::vector<uint8_t> out = DrawHeldOut(n, source.share);
  for (size_t i = 0; i < n; ++i) {
    TokenSet& part = out[i] ? data.held_out : data.train;
    part.sequences.push_back(std::move(set.sequences[i]));
  }
  const size_t held_out = data.held_out.sequences.size();
  data.halves = source.split >= 2 ? HalvesOf(held_out) : AllOf(held_out);
  data.source = std::move(source);
  return data;
}

TagData SplitTagData(DataSource source, TokenSet set, std::optional<TokenSet> valid) {
  source.hash = HashOf(set);
  TagData data;
  if (!valid) {
    data = SplitAgain(std::move(source), std::move(set));
  } else {
    data.tags = TagsOf(set);
    data.train = std::move(set);
    data.held_out = std::move(*valid);
    data.source = std::move(source);
    data.source.valid_hash = HashOf(data.held_out);
    data.halves = HalvesOf(data.held_out.sequences.size());
    TagTargets(data.held_out, data.tags);  // throws for a tag that is not learned
  }
  data.source.counts = CountTags(TagTargets(data.train, data.tags), data.tags.size());
  data.fingerprint = HashOf(data.train) + HashOf(data.held_out);
  return data;
}

void UseTags(const std::vector<std::string>& tags, TagData& data) {
  data.source.counts = CountTags(TagTargets(data.train, tags), tags.size());
  TagTargets(data.held_out, tags);  // throws for a tag that is not learned
  data.tags = tags;
}

TagData LoadTagData(const Data& data, const HeldOut& held_out, const ConllFormat& format) {
  TokenSet set = ReadConll(data, /*tagged=*/true, format);
  std::optional<TokenSet> valid;
  if (!held_out.file.empty()) valid = ReadConll(held_out.file, /*tagged=*/true, format);
  DataSource source = {data.name(), {}, held_out.file.name(), ShareOf(held_out, set.sequences.size()), {}};
  return SplitTagData(std::move(source), std::move(set), std::move(valid));
}

std::optional<TokenSet> FindTrainingSequences(const DataSource& source, const std::string& path, const ConllFormat& format) {
  std::error_code error;
  if (path.empty() && !std::filesystem::exists(source.file, error)) return std::nullopt;
  std::optional<TokenSet> set;
  try {
    set = ReadConll(path.empty() ? source.file : path, /*tagged=*/true, format);
  } catch (const Error&) {
    if (!path.empty()) throw;
    return std::nullopt;  // another file is there by now
  }
  if (HashOf(*set) != source.hash) {
    Require(path.empty(), "evaluate", path, "the sequences that the model was trained on", "others");
    return std::nullopt;
  }
  if (!source.valid_file.empty()) return set;
  return SplitAgain(source, std::move(*set)).train;
}

}  // namespace eddy
