#include "tasks/tag/perceptron.h"

#include <algorithm>
#include <numeric>

#include "eddy/random.h"
#include "tasks/tag/batch.h"

namespace eddy {
namespace {

constexpr int kPasses = 8;
constexpr size_t kLongestAffix = 4;  // characters
constexpr int32_t kNoTag = -1;

// What a word is made of: A for capitals, a for other letters, 0 for digits, marks as they are; each once in a row.
std::string ShapeOf(std::string_view token) {
  std::string shape;
  for (const char c : token) {
    const bool digit = c >= '0' && c <= '9', capital = c >= 'A' && c <= 'Z';
    const bool letter = (c >= 'a' && c <= 'z') || static_cast<uint8_t>(c) >= 0x80;
    const char kind = digit ? '0' : capital ? 'A' : letter ? 'a' : c;
    if (shape.empty() || shape.back() != kind) shape += kind;
  }
  return shape;
}

std::string Join(std::span<const std::string_view> characters) {
  std::string text;
  for (const std::string_view character : characters) text += character;
  return text;
}

}  // namespace

template <class Add>
void PerceptronTagger::NameTokens(const std::vector<std::string>& tokens, size_t t, const Add& add) {
  const std::string& token = tokens[t];
  add("bias");
  add("as written " + token);
  add("shape " + ShapeOf(token));
  const std::vector<std::string_view> characters = SpellingOf(token);
  for (size_t n = 1; n <= std::min(kLongestAffix, characters.size()); ++n) {
    add("begins " + Join(std::span(characters).first(n)));
    add("ends " + Join(std::span(characters).last(n)));
  }
  for (const int offset : {-2, -1, 0, 1, 2}) {
    const auto at = static_cast<ptrdiff_t>(t) + offset;
    const std::string place = std::to_string(offset);
    if (at < 0 || at >= static_cast<ptrdiff_t>(tokens.size())) {
      add("beyond " + place);
      continue;
    }
    const std::string& other = tokens[static_cast<size_t>(at)];
    add("word " + place + WordForm(other));
    if (offset != 0) add("shape " + place + ShapeOf(other));
    if (offset < 2 && at + 1 < static_cast<ptrdiff_t>(tokens.size())) {
      add("pair " + place + WordForm(other) + ' ' + WordForm(tokens[static_cast<size_t>(at) + 1]));
    }
  }
}

template <class Add>
void PerceptronTagger::NameTags(const std::string& word, Before before, const Add& add) {
  const std::string last = std::to_string(before.last);
  add("after " + last);
  add("after " + last + ' ' + std::to_string(before.second));
  add("after " + last + ' ' + word);
}

PerceptronTagger::PerceptronTagger(const TokenSet& train, const TagIds& tags, size_t tag_count) : tags_(tag_count) {
  size_t tokens = 0;
  for (const std::vector<int32_t>& sequence : tags) tokens += sequence.size();
  stride_ = (tokens + kMostPerceptronTokens - 1) / kMostPerceptronTokens;
  std::vector<size_t> order;
  std::vector<std::vector<Features>> around;  // of each token of each sequence in `order`
  for (size_t i = 0; i < train.sequences.size(); i += stride_) {
    order.push_back(order.size());
    std::vector<Features>& sequence = around.emplace_back(train.sequences[i].tokens.size());
    for (size_t t = 0; t < sequence.size(); ++t) {
      NameTokens(train.sequences[i].tokens, t, [&](const std::string& name) { sequence[t].push_back(IdOf(name)); });
    }
  }
  Random random(1);
  for (int pass = 0; pass < kPasses; ++pass) {
    random.Shuffle(order);
    for (const size_t i : order) Learn(train.sequences[i * stride_].tokens, around[i], tags[i * stride_]);
  }
  Average();
}

void PerceptronTagger::Learn(const std::vector<std::string>& tokens, const std::vector<Features>& around,
                             const std::vector<int32_t>& right) {
  Before before = {kNoTag, kNoTag};
  std::vector<double> scores(tags_);
  for (size_t t = 0; t < tokens.size(); ++t) {
    Features features = around[t];
    NameTags(WordForm(tokens[t]), before, [&](const std::string& name) { features.push_back(IdOf(name)); });
    const int32_t said = Best(features, scores);
    tokens_ += 1;
    if (said != right[t]) {
      for (const uint32_t feature : features) {
        Move(feature, right[t], 1);
        Move(feature, said, -1);
      }
    }
    before = {said, before.last};
  }
}

int32_t PerceptronTagger::Best(const Features& features, std::vector<double>& scores) const {
  std::fill(scores.begin(), scores.end(), 0);
  for (const uint32_t feature : features) {
    for (const Vote& vote : votes_[feature]) scores[vote.tag] += vote.weight;
  }
  return static_cast<int32_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

void PerceptronTagger::Move(uint32_t feature, int32_t tag, double by) {
  std::vector<Vote>& votes = votes_[feature];
  const auto wanted = static_cast<uint32_t>(tag);
  auto vote = std::find_if(votes.begin(), votes.end(), [&](const Vote& v) { return v.tag == wanted; });
  if (vote == votes.end()) vote = votes.insert(vote, {wanted, 0, 0, tokens_});
  vote->total += vote->weight * (tokens_ - vote->counted);
  vote->counted = tokens_;
  vote->weight += by;
}

void PerceptronTagger::Average() {
  for (std::vector<Vote>& votes : votes_) {
    for (Vote& vote : votes) vote.weight = (vote.total + vote.weight * (tokens_ + 1 - vote.counted)) / tokens_;
  }
}

uint32_t PerceptronTagger::IdOf(const std::string& name) {
  const auto [entry, fresh] = ids_.emplace(name, static_cast<uint32_t>(ids_.size()));
  if (fresh) votes_.emplace_back();
  return entry->second;
}

TagIds PerceptronTagger::Tag(const TokenSet& set) const {
  TagIds tags;
  std::vector<double> scores(tags_);
  for (const TokenSequence& sequence : set.sequences) {
    std::vector<int32_t>& said = tags.emplace_back();
    Before before = {kNoTag, kNoTag};
    for (size_t t = 0; t < sequence.tokens.size(); ++t) {
      Features features;
      const auto add = [&](const std::string& name) {
        if (const auto found = ids_.find(name); found != ids_.end()) features.push_back(found->second);
      };
      NameTokens(sequence.tokens, t, add);
      NameTags(WordForm(sequence.tokens[t]), before, add);
      said.push_back(Best(features, scores));
      before = {said.back(), before.last};
    }
  }
  return tags;
}

}  // namespace eddy
