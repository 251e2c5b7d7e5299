#include <gtest/gtest.h>

#include <cmath>

#include "model/temporary_directory.h"
#include "tasks/translate/beam_search.h"
#include "tasks/translate/model.h"
#include "tasks/translate/training.h"
#include "tasks/translate/translation.h"
#include "train/whole_step.h"

namespace eddy {
namespace translator_test {

const std::vector<std::string> kTokens = {"<unk>", "<end>", "a", "b", "c"};

constexpr AttentionScore kScores[] = {AttentionScore::kMultiplicative, AttentionScore::kAdditive};

TranslatorDesign Design(SideUnit unit = SideUnit::kCharacters, AttentionScore attention = kScores[0]) {
  TranslatorDesign design;
  design.attention = attention;
  design.source = design.target = {unit, Vocabulary(kTokens)};
  design.embedding = 4;
  design.dropout = 0.2;
  design.encoder.layer.input = design.decoder.layer.input = 4;
  design.encoder.layer.hidden = 3;
  design.encoder.bidirectional = true;
  design.decoder.layer.hidden = 5;
  design.decoder.layers = 2;
  return design;
}

PairSet SomePairs() {
  return {{"abc", "cab"}, {"a", "b"}, {"cabbage", "abcabcabc"}, {"bb", "c"}, {"cab", "a"}, {"abcabc", "ab"}};
}

std::vector<std::vector<int32_t>> SomeSources(const TranslatorDesign& design) {
  std::vector<std::vector<int32_t>> sources;
  const PairSet pairs = SomePairs();
  for (size_t i = 0; i < pairs.size(); ++i) sources.push_back(design.source.Encode(pairs[i].source));
  return sources;
}

// -ln p of a target, a token at a time.
double Nats(TranslatorNetwork& network, const std::vector<int32_t>& source, std::vector<int32_t> tokens, Threads& threads) {
  tokens.push_back(network.design().target.vocabulary.end());
  const EncodedPair pair = {source, tokens};
  return PairNats(network, std::span(&pair, 1), threads)[0];
}

TEST(translator, comes_back_from_its_model_with_the_same_predictions) {
  for (const AttentionScore attention : kScores) {
    Threads threads;
    TranslatorNetwork network(Design(SideUnit::kCharacters, attention), 3);
    const EncodedPairs columns = EncodePairs(SomePairs(), network.design());
    const std::vector<EncodedPair> pairs = columns.All();
    const Model model = ParseModel(SerializeModel(MakeTranslatorModel(network, Json::object(), threads)));
    TranslatorNetwork loaded = LoadTranslator(model, threads);
    EXPECT_EQ(PairNats(loaded, pairs, threads), PairNats(network, pairs, threads));
    EXPECT_EQ(loaded.design().target.vocabulary.tokens(), kTokens);
  }
}

TEST(translator, a_prediction_depends_neither_on_the_other_pairs_nor_on_threads) {
  for (const AttentionScore attention : kScores) {
    Threads one, three(3, Threads::Share::kAlways);
    TranslatorNetwork network(Design(SideUnit::kCharacters, attention), 3);
    const EncodedPairs columns = EncodePairs(SomePairs(), network.design());
    const std::vector<EncodedPair> pairs = columns.All();
    std::vector<double> alone;
    for (const EncodedPair& pair : pairs) alone.push_back(PairNats(network, std::span(&pair, 1), one)[0]);
    EXPECT_EQ(PairNats(network, pairs, three), alone);
  }
}

TEST(translator, the_attention_of_each_token_sums_to_one) {
  for (const AttentionScore attention : kScores) {
    Threads threads;
    TranslatorNetwork network(Design(SideUnit::kCharacters, attention), 3);
    const EncodedPairs pairs = EncodePairs(SomePairs(), network.design());
    const Tensor weights = Align(network, pairs[2], threads);
    ASSERT_EQ(weights.shape(), (Shape{10, 8}));
    for (size_t t = 0; t < 10; ++t) {
      double sum = 0;
      for (size_t s = 0; s < 8; ++s) sum += weights[t * 8 + s];
      EXPECT_NEAR(sum, 1, 1e-5);
    }
  }
}

TEST(beam_search, scores_are_the_probabilities_of_teacher_forcing_and_fall) {
  for (const AttentionScore attention : kScores) {
    Threads threads(2, Threads::Share::kAlways);
    TranslatorNetwork network(Design(SideUnit::kCharacters, attention), 3);
    TranslatorNetwork* const networks[] = {&network};
    const std::vector<std::vector<int32_t>> sources = SomeSources(network.design());
    const auto found = SearchBeams(networks, sources, {.width = 4, .best = 4, .length_penalty = 0.6}, threads);
    for (size_t i = 0; i < sources.size(); ++i) {
      ASSERT_FALSE(found[i].empty());
      for (size_t n = 0; n < found[i].size(); ++n) {
        const Hypothesis& made = found[i][n];
        const bool ended = made.tokens.size() < 3 * sources[i].size() + 20;
        if (ended) {
          EXPECT_NEAR(made.log_probability, -Nats(network, sources[i], made.tokens, threads), 1e-5);
        }
        const auto length = static_cast<double>(made.tokens.size() + ended);
        EXPECT_NEAR(made.score, made.log_probability / std::pow((5 + length) / 6, 0.6), 1e-12);
        EXPECT_LE(made.score, found[i][n > 0 ? n - 1 : 0].score);
        EXPECT_EQ(std::count(made.tokens.begin(), made.tokens.end(), 0), 0) << "no spelling has an unknown letter";
      }
    }
  }
}

TEST(beam_search, a_beam_of_one_takes_the_likeliest_token_at_every_step) {
  Threads threads;
  TranslatorNetwork network(Design(SideUnit::kWords), 5);
  TranslatorNetwork* const networks[] = {&network};
  const std::vector<int32_t> source = {2, 3, 4, 1};
  const Hypothesis greedy = SearchBeams(networks, std::span(&source, 1), {.width = 1, .best = 1}, threads)[0][0];
  std::vector<int32_t> tokens;
  while (tokens.size() < 32) {
    int32_t best = 0;
    double least = 1e9;
    for (int32_t token = 0; token < 5; ++token) {
      std::vector<int32_t> next = tokens;
      next.push_back(token);
      const EncodedPair pair = {source, next};
      const double nats = PairNats(network, std::span(&pair, 1), threads)[0];
      if (nats < least) least = nats, best = token;
    }
    if (best == 1) break;
    tokens.push_back(best);
  }
  EXPECT_EQ(greedy.tokens, tokens);
}

// With a beam wider than there are beginnings, nothing is lost: of all translations of up to two tokens the best is found.
TEST(beam_search, a_wide_beam_finds_the_best_of_all_there_are) {
  Threads threads;
  TranslatorNetwork network(Design(SideUnit::kWords), 7);
  network.head_bias()[1] = 3;  // short ones are likely
  TranslatorNetwork* const networks[] = {&network};
  const std::vector<int32_t> source = {4, 2, 1};
  const BeamOptions options = {.width = 100, .best = 100, .length_penalty = 0};
  const std::vector<Hypothesis> found = SearchBeams(networks, std::span(&source, 1), options, threads)[0];
  std::vector<std::vector<int32_t>> all = {{}};
  for (const int32_t a : {0, 2, 3, 4}) {
    all.push_back({a});
    for (const int32_t b : {0, 2, 3, 4}) all.push_back({a, b});
  }
  std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return Nats(network, source, a, threads) < Nats(network, source, b, threads);
  });
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(found[i].tokens, all[i]);
}

TEST(beam_search, depends_neither_on_the_other_sources_nor_on_threads) {
  for (const AttentionScore attention : kScores) {
    Threads one, three(3, Threads::Share::kAlways);
    TranslatorNetwork first(Design(SideUnit::kCharacters, attention), 3),
        second(Design(SideUnit::kCharacters, attention), 4);
    TranslatorNetwork* const networks[] = {&first, &second};
    const std::vector<std::vector<int32_t>> sources = SomeSources(first.design());
    const BeamOptions options = {.width = 3, .best = 3};
    const auto together = SearchBeams(networks, sources, options, three);
    for (size_t i = 0; i < sources.size(); ++i) {
      const auto alone = SearchBeams(networks, std::span(&sources[i], 1), options, one)[0];
      ASSERT_EQ(alone.size(), together[i].size());
      for (size_t n = 0; n < alone.size(); ++n) {
        EXPECT_EQ(alone[n].tokens, together[i][n].tokens);
        EXPECT_EQ(alone[n].log_probability, together[i][n].log_probability);
      }
    }
  }
}

TEST(beam_search, an_ensemble_decides_by_the_mean_of_log_probabilities) {
  Threads threads;
  TranslatorNetwork first(Design(), 3), second(Design(), 4);
  TranslatorNetwork* const both[] = {&first, &second};
  const std::vector<int32_t> source = SomeSources(first.design())[0];
  const auto found = SearchBeams(both, std::span(&source, 1), {.width = 4, .best = 4}, threads);
  for (const Hypothesis& made : found[0]) {
    if (made.tokens.size() == 3 * source.size() + 20) continue;  // cut off
    const double mean = (Nats(first, source, made.tokens, threads) + Nats(second, source, made.tokens, threads)) / 2;
    EXPECT_NEAR(made.log_probability, -mean, 1e-5);
  }
  TranslatorNetwork* const same[] = {&first, &first};
  EXPECT_EQ(SearchBeams(same, std::span(&source, 1), {}, threads)[0][0].tokens,
            SearchBeams(std::span(both, 1), std::span(&source, 1), {}, threads)[0][0].tokens);
}

TEST(beam_search, options_out_of_range_are_errors) {
  Threads threads;
  TranslatorNetwork network(Design(), 3);
  TranslatorNetwork* const networks[] = {&network};
  const auto search = [&](const BeamOptions& options) { SearchBeams(networks, {}, options, threads); };
  EXPECT_ERROR(search({.width = 0}), "the beam");
  EXPECT_ERROR(search({.width = 2, .best = 3}), "the number of best");
  EXPECT_ERROR(search({.width = 2, .best = 1, .length_penalty = -1}), "the length penalty");
  EXPECT_ERROR(SearchBeams({}, {}, {}, threads), "the networks");
}

TEST(translation, an_empty_line_has_an_empty_translation_and_an_unknown_word_is_taken_from_the_source) {
  Threads threads;
  TranslatorNetwork network(Design(SideUnit::kWords), 3);
  network.head_bias()[0] = 100;  // says nothing but the unknown word
  TranslatorNetwork* const networks[] = {&network};
  const std::vector<std::string> texts = {"", "Rotterdam"};
  const std::vector<std::string> made = BestTranslations(networks, texts, {}, threads);
  EXPECT_EQ(made[0], "");
  EXPECT_TRUE(made[1].starts_with("Rotterdam Rotterdam")) << made[1];
}

TEST(translator, a_description_that_does_not_fit_the_tensors_is_an_error) {
  Threads threads;
  TranslatorNetwork network(Design(), 3);
  const Model model = MakeTranslatorModel(network, Json::object(), threads);
  const auto changed = [&](const char* pointer, const Json& value) {
    Model copy = model;
    copy.description[Json::json_pointer(pointer)] = value;
    LoadTranslator(copy, threads);
  };
  EXPECT_ERROR(changed("/translate/source/vocabulary", std::vector<std::string>({"<unk>", "<end>"})), "source.weight");
  EXPECT_ERROR(changed("/translate/target/vocabulary", std::vector<std::string>({"a", "b", "c", "d", "e"})),
               "the end token");
  EXPECT_ERROR(changed("/translate/target/unit", "letters"), "units");
  EXPECT_ERROR(changed("/translate/source", Json::array()), "source");
  EXPECT_ERROR(changed("/network/embedding", 5), "source.weight");
  EXPECT_ERROR(changed("/network/decoder/input", 5), "layers' input");
  EXPECT_ERROR(changed("/network/encoder/hidden", 1 << 20), "the size of its layers");
  EXPECT_ERROR(changed("/network/decoder/bidirectional", true), "the decoder's direction");
  EXPECT_ERROR(changed("/network/dropout", 1.5), "dropout");
  Model other = model;
  other.task = "text";
  EXPECT_ERROR(LoadTranslator(other, threads), "its task");
  TranslatorDesign words = Design(SideUnit::kWords);
  EXPECT_ERROR(RequireSameVocabularies(network.design(), words, "a.eddy", "b.eddy"), "b.eddy must be");
}

TEST(translator_training, every_step_is_a_function_of_its_number_and_of_no_thread) {
  const EncodedPairs train = EncodePairs(SomePairs(), Design()), none;
  const auto losses = [&](std::initializer_list<int64_t> steps, Threads& threads) {
    TranslatorNetwork network(Design(), 3);
    TranslatorTraining task(network, train, none, {.rows = 2, .label_smoothing = 0.1, .scheduled_sampling = 0.5}, 5,
                            threads);
    task.StartFromCounts();
    EXPECT_EQ(task.steps_per_epoch(), 3);
    EXPECT_FALSE(task.Validate(1e9));
    std::vector<double> losses;
    for (const int64_t step : steps) losses.push_back(WholeStep(task, step, threads));
    return losses;
  };
  Threads one, three(3, Threads::Share::kAlways);
  const std::vector<double> rising = losses({0, 4, 17}, one), falling = losses({17, 4, 0}, three);
  EXPECT_EQ(rising, std::vector<double>(falling.rbegin(), falling.rend()));
}

TEST(translator_training, scheduled_sampling_changes_what_is_read_from_the_second_step_on) {
  const EncodedPairs train = EncodePairs(SomePairs(), Design()), none;
  Threads threads;
  const auto loss = [&](int64_t step, double share) {
    TranslatorNetwork network(Design(), 3);
    TranslatorTraining task(network, train, none, {.rows = 6, .label_smoothing = 0, .scheduled_sampling = share}, 5,
                            threads);
    return WholeStep(task, step, threads);
  };
  EXPECT_EQ(loss(0, 0.9), loss(0, 0)) << "it has not begun";
  EXPECT_NE(loss(20, 0.9), loss(20, 0));
  EXPECT_NEAR(loss(20, 0.9), loss(20, 0), 0.5);
}

}  // namespace translator_test
}  // namespace eddy
