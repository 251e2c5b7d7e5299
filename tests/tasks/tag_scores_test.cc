#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "metrics/chunks.h"
#include "tasks/tag/scores.h"

namespace eddy {
namespace tag_scores_test {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

TagIds Ids(const std::vector<Words>& sequences, Words& tags) {
  TagIds ids;
  for (const Words& sequence : sequences) {
    std::vector<int32_t>& row = ids.emplace_back();
    for (const std::string& tag : sequence) {
      const auto found = std::find(tags.begin(), tags.end(), tag);
      row.push_back(static_cast<int32_t>(found - tags.begin()));
      if (found == tags.end()) tags.push_back(tag);
    }
  }
  return ids;
}

TEST(tag_scores, are_those_of_conlleval) {
  std::ifstream file(EDDY_SOURCE_DIR "/tests/goldens/tag_scores.json");
  int differ_from_naive = 0;
  const Json cases = Json::parse(file);
  for (const Json& golden : cases) {
    Words tags = {"O"};
    const TagIds said = Ids(golden["said"], tags), right = Ids(golden["right"], tags);
    const TagScores scores = ScoreTags(said, right, tags);
    const auto expect = [&](const ChunkScores& given, const Json& expected, const std::string& what) {
      EXPECT_EQ((std::vector<size_t>{given.right, given.said, given.correct}), expected.get<std::vector<size_t>>())
          << what << " of " << golden.dump();
    };
    ASSERT_TRUE(scores.spells_chunks);
    expect(scores.chunks, golden["all"], "all");
    for (const auto& [type, counts] : golden["types"].items()) expect(scores.types.at(type), counts, type);
    EXPECT_NEAR(scores.chunks.F1(), golden["f1"].get<double>(), 1e-12);
    EXPECT_NEAR(scores.Percent(), 100 * golden["f1"].get<double>(), 1e-10);
    EXPECT_NEAR(scores.accuracy * static_cast<double>(scores.tokens), golden["right_tags"].get<double>(), 1e-6);
    differ_from_naive += scores.chunks.correct != golden["naive"];
  }
  EXPECT_GE(differ_from_naive, 5) << "the cases must tell conlleval from naive counting";
}

TEST(tag_scores, a_stray_tag_is_outside_of_chunks_and_a_wrong_tag_all_the_same) {
  const Words tags = {"B-LOC", "I-LOC", "O", "o"};
  const TagScores scores = ScoreTags({{0, 1, 2, 0}}, {{0, 1, 3, 3}}, tags);
  EXPECT_TRUE(scores.spells_chunks);
  EXPECT_EQ(scores.chunks.right, 1u);
  EXPECT_EQ(scores.chunks.said, 2u);
  EXPECT_EQ(scores.chunks.correct, 1u);
  EXPECT_DOUBLE_EQ(scores.accuracy, 0.5);
}

TEST(tag_scores, of_tags_that_spell_no_chunks_are_an_accuracy_and_a_confusion_matrix) {
  const Words tags = {"DET", "NOUN", "VERB"};
  const TagScores scores = ScoreTags({{0, 1, 1}, {2}}, {{0, 1, 2}, {2}}, tags);
  EXPECT_FALSE(scores.spells_chunks);
  EXPECT_EQ(scores.sequences, 2u);
  EXPECT_DOUBLE_EQ(scores.Percent(), 75);
  EXPECT_EQ(scores.confusion, (std::vector<size_t>{1, 0, 0, 0, 1, 0, 0, 1, 1}));
  EXPECT_TRUE(std::isnan(ScoreTags({}, {}, tags).accuracy));
}

TEST(chunks, are_spelled_by_tags_of_B_I_E_S_and_O_alone) {
  EXPECT_TRUE(SpellChunks(Words{"O", "B-PER", "I-PER"}));
  EXPECT_TRUE(SpellChunks(Words{"B", "I"}));
  EXPECT_TRUE(SpellChunks(Words{"O", "S-X", "E-X"}));
  EXPECT_FALSE(SpellChunks(Words{"O"}));
  EXPECT_FALSE(SpellChunks(Words{"O-X", "B-X"}));
  EXPECT_FALSE(SpellChunks(Words{"NOUN", "VERB"}));
  EXPECT_FALSE(SpellChunks(Words{"B-PER", "IN"}));
  EXPECT_TRUE(SpellChunks(Words{"B-LOC", "B-PER", "I-PER", "O", "o"})) << "a slip";
  EXPECT_FALSE(SpellChunks(Words{"B-LOC", "O", "o"})) << "one of three";
  EXPECT_FALSE(SpellChunks(Words{"B", "I", "O", "S", "NN"})) << "letters alone may be anything";
}

TEST(chunks, say_which_tokens_they_are_of) {
  const std::vector<std::string_view> tags = {"B-PER", "I-PER", "O", "I-LOC"};
  EXPECT_EQ(ChunksOf(tags), (std::vector<Chunk>{{0, 2, "PER"}, {3, 4, "LOC"}}));
}

}  // namespace tag_scores_test
}  // namespace eddy
