#include "report/verdict.h"

#include <gtest/gtest.h>

#include <cmath>

#include "eddy/error.h"
#include "eddy/random.h"
#include "tasks/translate/data.h"
#include "tasks/translate/scores.h"

namespace eddy {
namespace verdict_test {

double PercentWrong(std::span<const double> sums) { return 100 * sums[0] / sums[1]; }

const JudgedFigure kWrong = {.of = PercentWrong, .unit = "% wrong", .of_shares = true};

// For each of n examples whether it is wrong, which it is with a probability of `share`.
PartSums Coins(size_t n, double share, uint64_t seed) {
  PartSums parts{2};
  Random random(seed);
  for (size_t i = 0; i < n; ++i) parts.Add(std::vector<double>{random.Uniform() < share ? 1.0 : 0.0, 1.0});
  return parts;
}

TEST(bootstrap, the_interval_of_a_mean_is_that_of_its_standard_error) {
  PartSums first{2}, second{2};
  Random random(1);
  double sum = 0, squares = 0;
  constexpr size_t kParts = 400;
  for (size_t i = 0; i < kParts; ++i) {
    const double hard = 10 * random.Normal(), difference = 0.3 + random.Normal();
    first.Add(std::vector<double>{hard + difference, 1});
    second.Add(std::vector<double>{hard, 1});
    sum += difference, squares += difference * difference;
  }
  const double mean = sum / kParts, error = std::sqrt((squares / kParts - mean * mean) / kParts);
  const PairedDifference d = CompareByParts(
      first, second, [](std::span<const double> sums) { return sums[0] / sums[1]; }, false);
  EXPECT_NEAR(d.first - d.second, mean, 1e-9);
  EXPECT_NEAR(d.low, mean - 1.97 * error, 0.2 * error) << "what makes a part hard for both cancels";
  EXPECT_NEAR(d.high, mean + 1.97 * error, 0.2 * error);
  EXPECT_TRUE(d.certain());
  EXPECT_THROW(CompareByParts(first, Coins(3, 0.5, 1), PercentWrong, true), Error);
}

TEST(bootstrap, few_parts_that_differ_prove_nothing) {
  PartSums first{2}, second{2};
  for (size_t i = 0; i < 100; ++i) {
    first.Add(std::vector<double>{0, 1});
    second.Add(std::vector<double>{i < 5 ? 1.0 : 0.0, 1});
  }
  EXPECT_FALSE(CompareByParts(first, second, PercentWrong, true).certain());
  for (size_t i = 5; i < 12; ++i) second.values[2 * i] = 1;
  EXPECT_TRUE(CompareByParts(first, second, PercentWrong, true).certain());
}

TEST(verdict, of_methods_that_guess_hardly_one_in_twenty_is_told_apart) {
  for (const size_t n : {30u, 60u, 400u}) {
    int claims = 0;
    for (uint64_t run = 0; run < 200; ++run) {
      const Verdict verdict =
          JudgeByParts({"network", Coins(n, 0.5, 3 * run)},
                       {{"a", Coins(n, 0.5, 3 * run + 1)}, {"b", Coins(n, 0.5, 3 * run + 2)}}, kWrong, HalvesOf(n));
      claims += verdict.difference->certain();
    }
    EXPECT_LE(claims, 16) << n << " examples, 200 runs: 1 in 20, and three standard deviations of that less two";
  }
}

TEST(verdict, a_network_wins_loses_or_cannot_be_told_from_the_best_floor) {
  const JudgedMethod good = {"good", Coins(400, 0.1, 1)}, fair = {"fair", Coins(400, 0.3, 2)},
                     other = {"other", Coins(400, 0.31, 3)}, poor = {"poor", Coins(400, 0.6, 4)};
  const auto judge = [](const JudgedMethod& network, const JudgedMethod& floor) {
    return JudgeByParts({"network", network.parts}, {{"worst", Coins(400, 0.9, 5)}, floor}, kWrong, HalvesOf(400));
  };
  const Verdict won = judge(good, fair), lost = judge(poor, fair), tied = judge(fair, other);
  EXPECT_FALSE(won.lost);
  EXPECT_NE(won.sentence.find("fair reaches"), std::string::npos);
  EXPECT_NE(won.sentence.find("% lower (95% interval of the difference: -"), std::string::npos) << won.sentence;
  EXPECT_EQ(won.sentence.find("Of the 200 examples that chose nothing"), 0u);
  EXPECT_TRUE(lost.lost);
  EXPECT_NE(lost.sentence.find("The network loses"), std::string::npos);
  EXPECT_FALSE(tied.lost);
  EXPECT_NE(tied.sentence.find("cannot be told apart by 200 examples"), std::string::npos);
  const Verdict single = JudgeByParts({"network", {2, {0, 1}}}, {{"floor", {2, {1, 1}}}}, kWrong, AllJudge(1));
  EXPECT_NE(single.sentence.find("; 1 example cannot tell whether that is more than chance."), std::string::npos)
      << single.sentence;
  EXPECT_TRUE(JudgeByParts({"network", {2, {NAN, 1}}}, {}, kWrong, AllJudge(1)).lost) << "it did not learn";
}

TEST(verdict, where_few_parts_differ_it_says_how_many) {
  JudgedMethod network{"network", {2, {}}}, floor{"floor", {2, {}}};
  for (size_t i = 0; i < 10; ++i) {
    network.parts.Add(std::vector<double>{0, 10});
    floor.parts.Add(std::vector<double>{i < 5 ? 9.0 : 0.0, 10});
  }
  const Verdict verdict = JudgeByParts(network, {floor}, {PercentWrong, "% wrong"}, AllOf(10));
  EXPECT_NE(verdict.sentence.find("cannot be told apart by 10 examples, of which 5 differ (95% interval"), std::string::npos)
      << verdict.sentence;
}

TEST(verdict, the_judging_half_does_not_choose_the_floor_nor_the_choosing_half_the_figures) {
  PartSums network{2}, lucky{2}, good{2};
  const Halves halves = HalvesOf(80);
  std::vector<uint8_t> judges(80);
  for (const size_t place : halves.judging) judges[place] = 1;
  for (const uint8_t is : judges) {
    network.Add(std::vector<double>{is ? 0.0 : 1.0, 1});
    lucky.Add(std::vector<double>{is ? 0.0 : 1.0, 1});
    good.Add(std::vector<double>{is ? 1.0 : 0.0, 1});
  }
  const Verdict verdict = JudgeByParts({"network", network}, {{"lucky", lucky}, {"good", good}}, kWrong, halves);
  EXPECT_EQ(verdict.floor, "good");
  EXPECT_EQ(verdict.difference->first, 0);
  EXPECT_EQ(verdict.difference->second, 100);
}

TEST(halves, are_the_same_every_time_and_of_few_examples_all_choose_and_judge) {
  const Halves halves = HalvesOf(41);
  EXPECT_EQ(halves.choosing.size() + halves.judging.size(), 41u);
  EXPECT_TRUE(halves.apart());
  EXPECT_EQ(HalvesOf(41).judging, halves.judging);
  EXPECT_FALSE(HalvesOf(39).apart());
  EXPECT_EQ(HalvesOf(39).judging.size(), 39u);
  EXPECT_EQ(CountSeen(std::vector<std::string>{"a", "b"}, {"b", "b", "c"}), 2u);
  EXPECT_EQ(SeenWarning(0, 3, "examples"), "");
}

TEST(pair_data, a_source_with_several_targets_is_held_out_with_all_of_them) {
  PairSet pairs;
  for (int i = 0; i < 100; ++i) pairs.Add({std::to_string(i / 2), std::to_string(i)});
  PairSource source;
  source.share = 0.2;
  const PairData data = SplitAgain(source, pairs);
  EXPECT_EQ(CountSeen(data.train, data.held_out), 0u);
  EXPECT_EQ(data.held_out.size(), 20u);
  source.split = 1;  // of older models
  EXPECT_GT(CountSeen(SplitAgain(source, pairs).train, SplitAgain(source, pairs).held_out), 0u);
  EXPECT_FALSE(SplitAgain(source, pairs).halves.apart());
  Json old = ToJson(source);
  old.erase("split");
  old.erase("valid_hash");
  EXPECT_EQ(PairSourceFromJson(old).split, 1);
}

TEST(pair_data, without_repeated_sources_the_split_is_that_of_older_models) {
  PairSet pairs;
  for (int i = 0; i < 50; ++i) pairs.Add({std::to_string(i), "x"});
  PairSource source;
  source.share = 0.3;
  const std::string now = HashOf(SplitAgain(source, pairs).held_out);
  source.split = 1;
  EXPECT_EQ(HashOf(SplitAgain(source, pairs).held_out), now);
}

TEST(translation_scores, of_several_references_any_may_be_met) {
  const std::vector<std::string> references = {"x y", "z", "x w"}, made = {"x w", "q"};
  const SourceGroups groups = GroupsOf({"a", "b", "a"});
  ASSERT_EQ(groups, (SourceGroups{{0, 2}, {1}}));
  const TranslationScores scores = ScoreTranslations(made, references, groups, SideUnit::kSymbols, BleuTokens::kNone);
  EXPECT_EQ(scores.pairs, 3u);
  EXPECT_EQ(scores.sources, 2u);
  EXPECT_EQ(scores.wrong_share, 0.5);
  EXPECT_EQ(scores.token_error_rate, 1. / 3);
  const std::vector<std::string> both = {"the cat", "a small dog"};
  const auto sums = BleuSums("the small dog runs", both, BleuTokens::kNone);
  EXPECT_EQ(sums[0], 3) << "words of either";
  EXPECT_EQ(sums[9], 3) << "the length of the closest";
}

}  // namespace verdict_test
}  // namespace eddy
