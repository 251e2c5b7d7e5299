// The strong floor for tags: an averaged perceptron (Collins 2002) that tags from left to right, each token by the highest
// score of features of the tokens around it and of the two tags said before (those of Ratnaparkhi 1996 and of Ratinov and
// Roth 2009: words and pairs of them, their beginnings and ends, what capitals, digits and marks they are made of).
//
// Time is linear in tokens, passes and the tags that a feature has voted for; memory in the different features. Where there
// are more than kMostPerceptronTokens to learn, every second, third ... sequence stands for all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/conll.h"
#include "tasks/tag/scores.h"

namespace eddy {

inline constexpr size_t kMostPerceptronTokens = 1'000'000;

class PerceptronTagger {
 public:
  // tags [K] of the sequences of `train`. The same every time.
  PerceptronTagger(const TokenSet& train, const TagIds& tags, size_t tag_count);

  TagIds Tag(const TokenSet& set) const;
  size_t stride() const { return stride_; }  // how many sequences one stood for

 private:
  using Features = std::vector<uint32_t>;
  struct Vote {  // of a feature for a tag
    uint32_t tag;
    double weight;
    double total;    // of the weights after each token so far ...
    double counted;  // ... up to this one
  };
  struct Before {  // the tags said before: kNone beyond the beginning
    int32_t last, second;
  };

  // Each calls `add` with the features' names, for one token.
  template <class Add>
  static void NameTokens(const std::vector<std::string>& tokens, size_t t, const Add& add);
  template <class Add>
  static void NameTags(const std::string& word, Before before, const Add& add);

  int32_t Best(const Features& features, std::vector<double>& scores) const;  // by the votes' weights
  void Learn(const std::vector<std::string>& tokens, const std::vector<Features>& around, const std::vector<int32_t>& right);
  void Move(uint32_t feature, int32_t tag, double by);
  void Average();
  uint32_t IdOf(const std::string& name);

  size_t tags_, stride_ = 1;
  double tokens_ = 0;  // learned so far
  std::unordered_map<std::string, uint32_t> ids_;
  std::vector<std::vector<Vote>> votes_;  // of each feature
};

}  // namespace eddy
