#include "tasks/tag/floors.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>

#include "tasks/tag/data.h"
#include "tasks/tag/perceptron.h"

namespace eddy {

TagIds MostFrequentTags(const TokenSet& train, const TagIds& train_tags, const TokenSet& judged, size_t tag_count) {
  std::unordered_map<std::string_view, std::map<int32_t, size_t>> counts;
  std::vector<size_t> all(tag_count);
  for (size_t i = 0; i < train_tags.size(); ++i) {
    for (size_t t = 0; t < train_tags[i].size(); ++t) {
      ++counts[train.sequences[i].tokens[t]][train_tags[i][t]];
      ++all[static_cast<size_t>(train_tags[i][t])];
    }
  }
  const auto otherwise = static_cast<int32_t>(std::max_element(all.begin(), all.end()) - all.begin());
  TagIds tags;
  for (const TokenSequence& sequence : judged.sequences) {
    std::vector<int32_t>& row = tags.emplace_back();
    for (const std::string& token : sequence.tokens) {
      const auto found = counts.find(token);
      if (found == counts.end()) {
        row.push_back(otherwise);
        continue;
      }
      const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
      row.push_back(std::max_element(found->second.begin(), found->second.end(), fewer)->first);
    }
  }
  return tags;
}

std::vector<TagFloor> TagFloors(const TokenSet& train, const TokenSet& judged, const TagIds& right,
                                const std::vector<std::string>& tags) {
  const TagIds known = TagTargets(train, tags);
  const PerceptronTagger perceptron(train, known, tags.size());
  std::string name = "averaged perceptron";
  if (perceptron.stride() > 1) name += fmt::format(", one of {}", perceptron.stride());
  return {{"most frequent tag of each word", ScoreTags(MostFrequentTags(train, known, judged, tags.size()), right, tags)},
          {name, ScoreTags(perceptron.Tag(judged), right, tags)}};
}

}  // namespace eddy
