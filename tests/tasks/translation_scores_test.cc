#include "laws/golden.h"
#include "metrics/chrf.h"
#include "metrics/edit_distance.h"
#include "tasks/translate/scores.h"

namespace eddy {
namespace translation_scores_test {

TEST(translation_scores, bleu_and_chrf_are_those_of_sacrebleu_to_all_digits) {
  const nlohmann::json goldens = ReadGolden("translation_scores");
  for (const auto& [name, golden] : goldens.items()) {
    const auto made = golden["made"].get<std::vector<std::string>>();
    const auto references = golden["references"].get<std::vector<std::string>>();
    EXPECT_NEAR(Bleu(made, references, BleuTokens::k13a), golden["bleu"]["13a"].get<double>(), 1e-9) << name;
    EXPECT_NEAR(Bleu(made, references, BleuTokens::kNone), golden["bleu"]["none"].get<double>(), 1e-9) << name;
    EXPECT_NEAR(Chrf(made, references), golden["chrf"].get<double>(), 1e-9) << name;
  }
}

TEST(translation_scores, an_edit_is_an_insertion_a_deletion_or_a_replacement) {
  const auto distance = [](const char* a, const char* b) {
    return EditDistance(CutSide(a, SideUnit::kCharacters), CutSide(b, SideUnit::kCharacters));
  };
  EXPECT_EQ(distance("kitten", "sitting"), 3u);
  EXPECT_EQ(distance("sitting", "kitten"), 3u);
  EXPECT_EQ(distance("", "abc"), 3u);
  EXPECT_EQ(distance("abc", ""), 3u);
  EXPECT_EQ(distance("abcd", "bcda"), 2u);
}

TEST(translation_scores, spellings_count_symbols_and_sentences_count_words) {
  const std::vector<std::string> made = {"a b  c", "a b"}, right = {"a b c", "a x"};
  const TranslationScores symbols = ScoreTranslations(made, right, SideUnit::kSymbols, BleuTokens::k13a);
  EXPECT_EQ(symbols.wrong_share, 0.5);
  EXPECT_EQ(symbols.token_error_rate, 0.2);
  const std::vector<std::string> sentence = {"so, it is"}, reference = {"so it was"};
  EXPECT_EQ(ScoreTranslations(sentence, reference, SideUnit::kWords, BleuTokens::k13a).token_error_rate, 2. / 3);
  EXPECT_EQ(ScoreTranslations(sentence, reference, SideUnit::kWords, BleuTokens::kNone).token_error_rate, 2. / 3);
}

}  // namespace translation_scores_test
}  // namespace eddy
