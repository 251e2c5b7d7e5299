#include <gtest/gtest.h>

#include "tasks/tag/data.h"
#include "tasks/tag/floors.h"
#include "tasks/tag/perceptron.h"

namespace eddy {
namespace tag_floors_test {

using Words = std::vector<std::string>;

const Words kTags = {"DET", "NOUN", "VERB"};

// "run" is a noun after "the" and a verb after a noun.
TokenSet Train() {
  return ParseConll("the DET\nrun NOUN\nruns VERB\n\nthe DET\ndogs NOUN\nrun VERB\n\ndogs NOUN\nrun VERB\n", "t", true);
}

TEST(most_frequent_tags, are_those_of_the_word_as_written_and_of_all_words_for_unseen_ones) {
  const TokenSet judged = ParseConll("run\nThe\nthe\n", "t", false);
  const TokenSet train = Train();
  EXPECT_EQ(MostFrequentTags(train, TagTargets(train, kTags), judged, 3), (TagIds{{2, 1, 0}}));
}

TEST(perceptron_tagger, tells_by_what_stands_around_a_word) {
  const TokenSet train = Train();
  const PerceptronTagger tagger(train, TagTargets(train, kTags), kTags.size());
  EXPECT_EQ(tagger.stride(), 1u);
  EXPECT_EQ(tagger.Tag(train), TagTargets(train, kTags));
  EXPECT_EQ(tagger.Tag(ParseConll("the\nrun\nruns\n\ndogs\nrun\n", "t", false)), (TagIds{{0, 1, 2}, {1, 2}}));
}

TEST(perceptron_tagger, tells_unseen_words_by_their_ends_and_capitals) {
  std::string text;
  for (const char* stem : {"walk", "talk", "jump", "paint", "climb"}) {
    text += "Mr O\n" + std::string(stem) + "er O\n" + stem + "ed PAST\n\n" + "Big" + stem + " NAME\n" + stem + "ed PAST\n\n";
  }
  const Words tags = {"NAME", "O", "PAST"};
  const TokenSet train = ParseConll(text, "t", true);
  const PerceptronTagger tagger(train, TagTargets(train, tags), tags.size());
  EXPECT_EQ(tagger.Tag(ParseConll("Bigfoot\nrested\n", "t", false)), (TagIds{{0, 2}}));
}

TEST(tag_floors, are_scored_beside_each_other) {
  const TokenSet train = Train();
  const std::vector<TagFloor> floors = TagFloors(train, train, TagTargets(train, kTags), kTags);
  ASSERT_EQ(floors.size(), 2u);
  EXPECT_NEAR(floors[0].scores.accuracy, 7. / 8, 1e-12);
  EXPECT_EQ(floors[1].scores.accuracy, 1);
}

}  // namespace tag_floors_test
}  // namespace eddy
