// What a transcriber's logits spell: beams, pieces of words, hot words, the times of labels.
#include <gtest/gtest.h>

#include <cmath>

#include "model/temporary_directory.h"
#include "tasks/small_transcriber.h"
#include "tasks/transcribe/defaults.h"
#include "tasks/transcribe/transcript.h"

namespace eddy {
namespace label_search_test {

using namespace small_transcriber;

// Logits [T, V] in which at each step one class stands out.
Tensor Spelled(const std::vector<int32_t>& classes, size_t V) {
  Tensor logits({classes.size(), V});
  for (size_t t = 0; t < classes.size(); ++t) logits[t * V + static_cast<size_t>(classes[t])] = 4;
  return logits;
}

FoundLabels Find(const Tensor& logits, const TranscriberDesign& design, const SearchOptions& options) {
  LabelSearch search(design, options);
  for (size_t t = 0; t < logits.dim(0); ++t) search.Step(logits.data() + t * logits.dim(1));
  return search.Best(1).front();
}

TEST(label_search, merges_repetitions_and_drops_blanks) {
  const TranscriberDesign design = Design(false);
  const Tensor logits = Spelled({0, 1, 1, 0, 1, 2, 0, 5, 3, 3}, 6);
  for (const size_t beam : {1, 4, 50}) {
    EXPECT_EQ(Find(logits, design, {.beam = beam}).labels, (std::vector<int32_t>{1, 1, 2, 5, 3})) << beam;
  }
  EXPECT_GT(Find(logits, design, {.beam = 50}).log_probability, Find(logits, design, {.beam = 1}).log_probability)
      << "more alignments";
}

TEST(label_search, a_language_model_decides_between_what_sounds_alike) {
  const TranscriberDesign design = Design(false);
  Tensor logits = Spelled({0, 1, 0, 2, 0, 5, 0, 3, 0, 1, 0}, 6);
  logits[3 * 6 + 2] = 4;  // at step 3, b and c are almost alike, c a little more
  logits[3 * 6 + 3] = 4.2F;
  EXPECT_EQ(Find(logits, design, {.beam = 20}).labels, (std::vector<int32_t>{1, 3, 5, 3, 1}));
  const WordModel model = WordModel::Learn(std::vector<std::string>{"ab ca", "ab dab", "ca ab"}, "words");
  EXPECT_EQ(Find(logits, design, {20, &model, 1, 0}).labels, (std::vector<int32_t>{1, 2, 5, 3, 1}));
}

// The classes of pieces, as Spelled() wants them, with a blank between.
std::vector<int32_t> WithBlanks(const Spelling& spelling, const std::vector<std::string>& pieces) {
  std::vector<int32_t> classes = {0};
  for (const std::string& piece : pieces) {
    classes.insert(classes.end(), {spelling.labels().Find(piece), 0});
    EXPECT_NE(classes[classes.size() - 2], kNoToken) << piece;
  }
  return classes;
}

TEST(spelling, pieces_spell_what_they_were_cut_from_and_come_back) {
  const Spelling spelling = ToneSpelling();
  EXPECT_STREQ(spelling.unit(), "pieces");
  for (uint64_t i = 0; i < 20; ++i) {
    std::vector<int32_t> labels;
    for (const std::string& piece : spelling.Cut(ToneText(i))) labels.push_back(spelling.labels().Find(piece));
    EXPECT_EQ(std::count(labels.begin(), labels.end(), kNoToken), 0);
    EXPECT_LT(labels.size(), ToneText(i).size()) << "frequent words are one piece";
    EXPECT_EQ(spelling.Join(labels), ToneText(i));
  }
  Json json;
  AddSpelling(json, spelling);
  EXPECT_EQ(SpellingFromJson(json).labels().tokens(), spelling.labels().tokens());
  EXPECT_ERROR(SpellingFromJson({{"pieces", "bm8gbW9kZWw="}}), "SentencePiece");
  EXPECT_ERROR(SpellingFromJson({{"pieces", "?"}}), "base64");
  EXPECT_ERROR(Spelling::OfPieces({"ab cd"}, 2), "pieces");
}

TEST(label_search, words_of_pieces_are_known_by_the_space_in_front_and_weighed_when_they_are_whole) {
  const TranscriberDesign design = Design(false, 2, ToneSpelling());
  const Spelling& spelling = design.spelling;
  const size_t V = spelling.size();
  const std::vector<int32_t> classes = WithBlanks(spelling, {"\u2581ab", "\u2581", "c", "a", "\u2581d", "ab"});
  Tensor logits = Spelled(classes, V);
  const std::vector<int32_t> labels = Find(logits, design, {.beam = 1}).labels;
  const Transcript made = MakeTranscript({labels, 0, 0}, logits, design);
  EXPECT_EQ(made.text, "ab ca dab");
  ASSERT_EQ(made.words.size(), 3U);
  EXPECT_NEAR(made.words[1].begin, 5 * 0.02, 1e-9) << "not with the space";
  EXPECT_NEAR(made.words[1].end, 8 * 0.02, 1e-9);

  // The last piece is almost as likely to be another.
  const auto other = static_cast<size_t>(spelling.labels().Find("a"));
  logits[11 * V + other] = 3.9F;
  const auto text = [&](const SearchOptions& options) { return spelling.Join(Find(logits, design, options).labels); };
  EXPECT_EQ(text({.beam = 20}), "ab ca dab");
  const WordModel model = WordModel::Learn(std::vector<std::string>{"ab ca da", "ab ca da"}, "words");
  EXPECT_EQ(text({.beam = 20, .model = &model, .weight = 1, .bonus = 0}), "ab ca da");
  const HotWords hot = HotWords::Parse("da", "list"), odd = HotWords::Parse("xa", "list");
  EXPECT_EQ(text({.beam = 20, .hot = &hot, .hot_weight = 2}), "ab ca da");
  EXPECT_THROW(text({.beam = 20, .hot = &odd}), Error);
}

TEST(label_search, hot_words_are_favoured_while_they_come_and_no_other_word_of_their_characters) {
  const TranscriberDesign design = Design(false);
  Tensor logits = Spelled({0, 1, 0, 3, 0, 4, 0, 5, 0, 3, 0, 1, 0}, 6);
  logits[3 * 6 + 2] = 3;  // "acd ca", but "abd" is likely too
  const auto find = [&](const char* list, double weight, size_t beam = 20) {
    const HotWords hot = HotWords::Parse(list, "list");
    return Find(logits, design, {.beam = beam, .hot = &hot, .hot_weight = weight}).labels;
  };
  const std::vector<int32_t> plain = {1, 3, 4, 5, 3, 1}, favoured = {1, 2, 4, 5, 3, 1};
  EXPECT_EQ(Find(logits, design, {.beam = 20}).labels, plain);
  EXPECT_EQ(find("abd", 3), favoured);
  EXPECT_EQ(find("abd", 6, 2), favoured) << "kept from its first character on";
  EXPECT_EQ(find("abd", 0.1), plain);
  EXPECT_EQ(find("ab abda bd", 3), plain) << "no word is any of these";
  EXPECT_EQ(find("abd acd", 3), plain) << "both are";

  // With a language model, at the end of the text, and of characters that are unknown.
  const WordModel model = WordModel::Learn(std::vector<std::string>{"acd ca"}, "words");
  const HotWords hot = HotWords::Parse("abd", "list"), last = HotWords::Parse("cb", "list"),
                 odd = HotWords::Parse("ab\n7", "list");
  EXPECT_EQ(Find(logits, design, {.beam = 20, .model = &model, .hot = &hot, .hot_weight = 0}).labels, plain);
  EXPECT_EQ(Find(logits, design, {.beam = 20, .model = &model, .weight = 0.1, .hot = &hot, .hot_weight = 5}).labels,
            favoured);
  logits[11 * 6 + 2] = 3.5F;
  EXPECT_EQ(Find(logits, design, {.beam = 20, .hot = &last, .hot_weight = 3}).labels,
            (std::vector<int32_t>{1, 3, 4, 5, 3, 2}));
  EXPECT_THROW(Find(logits, design, {.beam = 20, .hot = &odd}), Error);
}

TEST(hot_words, a_list_that_is_none_is_refused_and_shares_are_of_the_shortest_word) {
  const HotWords words = HotWords::Parse(" an\tanna\n\nanna ", "list");
  EXPECT_EQ(words.words(), (std::vector<std::string>{"an", "anna"}));
  HotWords::Place place = HotWords::kStart;
  EXPECT_EQ(words.Share(place), 0);
  const double shares[] = {0.5, 1, 0.75, 1};
  for (size_t i = 0; i < 4; ++i) {
    place = words.Next(place, std::string_view("anna").substr(i, 1));
    EXPECT_EQ(words.Share(place), shares[i]) << i;
    EXPECT_EQ(words.IsWord(place), i % 2 == 1) << i;
  }
  EXPECT_EQ(words.Next(place, "s"), HotWords::kNowhere);
  EXPECT_EQ(words.Share(HotWords::kNowhere), 0);
  for (const char* bad : {"", " \n", "\xff"}) EXPECT_THROW(HotWords::Parse(bad, "list"), Error);
}

TEST(label_search, labels_are_aligned_with_the_steps_at_which_they_are_said) {
  const TranscriberDesign design = Design(false);
  const Tensor logits = Spelled({0, 0, 1, 1, 0, 1, 5, 5, 0, 3}, 6);
  const std::vector<int32_t> labels = {1, 1, 5, 3};
  const std::vector<LabelTime> times = AlignLabels(logits, labels);
  ASSERT_EQ(times.size(), 4U);
  EXPECT_EQ(times[0].begin, 2U);
  EXPECT_EQ(times[0].end, 4U);
  EXPECT_EQ(times[1].begin, 5U);
  EXPECT_EQ(times[3].end, 10U);
  EXPECT_NEAR(times[3].probability, std::exp(4.0) / (std::exp(4.0) + 5), 1e-6);
  const Transcript made = MakeTranscript({labels, 0, 0}, logits, design, 1);
  EXPECT_EQ(made.text, "aa c");
  ASSERT_EQ(made.words.size(), 2U);
  EXPECT_NEAR(made.words[0].begin, 1 + 2 * 0.02, 1e-9);
  EXPECT_NEAR(made.words[1].end, 1 + 10 * 0.02, 1e-9);
  EXPECT_NEAR(made.words[0].confidence, std::exp(4.0) / (std::exp(4.0) + 5), 1e-6);
}

}  // namespace label_search_test
}  // namespace eddy
