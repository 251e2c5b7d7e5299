#include <gtest/gtest.h>

#include "floors/letter_sounds.h"
#include "floors/word_translation.h"
#include "tasks/translate/evaluation.h"
#include "tasks/translate/floors.h"

namespace eddy {
namespace translation_floors_test {

template <class Method, class... More>
Method Learned(const std::vector<typename Method::Example>& examples, More&... more) {
  return Method(
      examples.size(), [&](size_t i) { return examples[i]; }, more...);
}

Threads threads(1);

TEST(word_translation, finds_which_words_stand_for_which) {
  const auto translation = Learned<WordTranslation>(
      {{{"das", "Haus"}, {"the", "house"}}, {{"das", "Buch"}, {"the", "book"}}, {{"ein", "Buch"}, {"a", "book"}}}, threads);
  EXPECT_EQ(translation.Translate({"ein", "Haus", "das", "Buch", "Rotterdam"}),
            (std::vector<std::string>{"a", "house", "the", "book", "Rotterdam"}));
  EXPECT_TRUE(translation.Translate({}).empty());
}

TEST(letter_sounds, finds_which_letters_stand_for_which_sounds) {
  // x stands for two sounds, a final e for none, and c sounds by what follows it.
  const auto sounds = Learned<LetterSounds>({{{"t", "a", "x"}, {"T", "A", "K", "S"}},
                                             {{"a", "t", "e"}, {"A", "T"}},
                                             {{"t", "a"}, {"T", "A"}},
                                             {{"c", "a", "t"}, {"K", "A", "T"}},
                                             {{"c", "i", "t"}, {"S", "I", "T"}},
                                             {{"t", "i", "t"}, {"T", "I", "T"}}});
  EXPECT_EQ(sounds.Translate({"c", "a", "x"}), (std::vector<std::string>{"K", "A", "K", "S"}));
  EXPECT_EQ(sounds.Translate({"c", "i", "t", "e"}), (std::vector<std::string>{"S", "I", "T"}));
  EXPECT_EQ(sounds.Translate({"?", "t"}), (std::vector<std::string>{"T"}));
}

TEST(letter_sounds, a_zero_byte_is_a_letter_like_others) {
  const std::string zero(1, '\0');
  const auto sounds = Learned<LetterSounds>({{{"a", zero}, {"A", zero}}, {{zero}, {zero}}});
  EXPECT_EQ(sounds.Translate({zero, "a"}), (std::vector<std::string>{zero, "A"}));
}

TEST(letter_sounds, pairs_that_cannot_be_divided_are_left_out) {
  const auto none = Learned<LetterSounds>({{{"a"}, {"1", "2", "3", "4"}}, {std::vector<std::string>(201, "a"), {"1"}}});
  EXPECT_TRUE(none.Translate({"a"}).empty());
}

TEST(floors, are_scored_like_the_network) {
  TranslatorDesign design;
  design.source.unit = SideUnit::kCharacters;
  design.target.unit = SideUnit::kSymbols;
  const PairSet pairs = {{"ab", "a b"}, {"ba", "b c"}};
  EXPECT_EQ(CopiedSource(design, pairs, BleuTokens::k13a).scores.wrong_share, 0.5);
  EXPECT_EQ(SimpleTranslation(design, pairs, pairs, BleuTokens::k13a, threads).scores.wrong_share, 0);
  design.source.unit = design.target.unit = SideUnit::kWords;
  const PairSet sentences = {{"ein Hund .", "a dog ."}, {"ein Haus .", "a house ."}, {"ein Hund", "a dog"}};
  const TranslationFloor floor = SimpleTranslation(design, sentences, sentences, BleuTokens::k13a, threads);
  EXPECT_NEAR(floor.scores.token_error_rate, 0, 1e-12);
  EXPECT_EQ(floor.name, "word for word (IBM model 1)");
}

TEST(floors, a_network_is_judged_by_what_its_texts_can_be_judged_by) {
  const std::vector<std::string> references(20, "one two three four five"), same = references, unlike(20, "one two six");
  const auto judge = [&](SideUnit unit, const std::vector<std::string>& network, const std::vector<std::string>& floor,
                         bool brief = false) {
    const auto score = [&](const std::vector<std::string>& made) {
      return ScoreTranslations(made, references, unit, BleuTokens::k13a);
    };
    return JudgeTranslator({unit, 1, 0, brief, score(network), {{"the floor", score(floor)}}, AllJudge(20)});
  };
  EXPECT_NE(judge(SideUnit::kWords, same, unlike, true).sentence.find("100 chrF2"), std::string::npos)
      << "no reference has four words";
  EXPECT_NE(judge(SideUnit::kWords, same, unlike).sentence.find("100 BLEU"), std::string::npos);
  EXPECT_TRUE(judge(SideUnit::kWords, unlike, same).lost);
  EXPECT_FALSE(judge(SideUnit::kWords, same, same).difference->certain());
  EXPECT_FALSE(judge(SideUnit::kSymbols, same, unlike).lost);
  EXPECT_TRUE(judge(SideUnit::kSymbols, unlike, same).lost);
}

}  // namespace translation_floors_test
}  // namespace eddy
