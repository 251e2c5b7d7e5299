#include <gtest/gtest.h>

#include "model/temporary_directory.h"
#include "tasks/tag/data.h"
#include "tasks/tag/defaults.h"
#include "tasks/tag/model.h"
#include "tasks/tag/training.h"
#include "train/whole_step.h"

namespace eddy {
namespace tagger_test {

TaggerDesign Design(bool field = true, size_t character_features = 3) {
  TaggerDesign design;
  design.tags = {"B", "I", "O"};
  design.words = Vocabulary({"<unk>", "rosa", "sings", "00"});
  design.characters = Vocabulary({"<unk>", "a", "s", "\u00e9"});
  design.embedding = 3;
  design.character_embedding = 2;
  design.character_features = character_features;
  design.field = field;
  design.dropout = 0.3;
  design.stack.layer.hidden = 4;
  design.stack.layer.input = design.inputs();
  design.stack.bidirectional = true;
  return design;
}

std::vector<TaggerDesign> Designs() { return {Design(), Design(false), Design(true, 0)}; }

TokenSet SomeSequences() {
  return ParseConll(
      "Rosa B\nsings O\n\nsings O\n42 B\n99 I\n\u00e9\u00e9\u00e9 O\n\na B\n\nunheard-of O\nROSA B\nRosa I\nsings O\n"
      "asasas O\n\nsa B\nass I\n\n17 O\nas O\n",
      "t", true);
}

// With weights that are not those of the start, where the field's are 0.
TaggerNetwork Disturbed(const TaggerDesign& design) {
  TaggerNetwork network(design, 3);
  Random random(5);
  for (Parameter* parameter : network.parameters()) {
    for (Real& value : parameter->value.values()) value += static_cast<Real>(random.Normal() / 2);
  }
  return network;
}

TEST(tagger, comes_back_from_its_model_with_the_same_tags) {
  for (const TaggerDesign& design : Designs()) {
    Threads threads;
    TaggerNetwork network = Disturbed(design);
    const EncodedTokens tokens = EncodeTokens(SomeSequences(), design);
    const TagIds right = TagTargets(SomeSequences(), design.tags);
    TaggerNetwork loaded =
        LoadTagger(ParseModel(SerializeModel(MakeTaggerModel(network, Json::object(), threads))), threads);
    EXPECT_EQ(SayTags(loaded, tokens, threads), SayTags(network, tokens, threads));
    EXPECT_EQ(MeasureTags(loaded, tokens, right, threads), MeasureTags(network, tokens, right, threads));
  }
}

TEST(tagger, tags_depend_neither_on_the_other_sequences_nor_on_threads) {
  for (const TaggerDesign& design : Designs()) {
    Threads one, three(3, Threads::Share::kAlways);
    TaggerNetwork network = Disturbed(design);
    const EncodedTokens tokens = EncodeTokens(SomeSequences(), design);
    std::vector<size_t> all(tokens.rows.size());
    for (size_t i = 0; i < all.size(); ++i) all[i] = i;
    const TaggerBatch batch = MakeTaggerBatch(tokens, all);
    Tape tape(three, Tape::Mode::kInference);
    const Tensor together = tape.Value(network.Scores(tape, batch));
    const size_t B = all.size(), K = design.tags.size();
    TagIds alone;
    for (const size_t b : all) {
      const TaggerBatch row = MakeTaggerBatch(tokens, std::span(&b, 1));
      Tape row_tape(one, Tape::Mode::kInference);
      const Tensor scores = row_tape.Value(network.Scores(row_tape, row));
      for (size_t t = 0; t < row.sequence.steps; ++t) {
        for (size_t k = 0; k < K; ++k) EXPECT_EQ(scores[t * K + k], together[(t * B + b) * K + k]);
      }
      alone.push_back(network.Decode(scores, row.sequence));
    }
    EXPECT_EQ(SayTags(network, tokens, three), alone);
  }
}

TEST(tagger, reads_words_in_small_letters_and_digits_as_0_but_spells_them_as_they_are) {
  EXPECT_EQ(WordForm("Route66\u00c9"), "route00\u00c9");
  const EncodedTokens tokens = EncodeTokens(ParseConll("rosa\nROSA\n12\n345\nrosa\n", "t", false), Design());
  EXPECT_EQ(tokens.rows[0].words, (std::vector<int32_t>{1, 1, 3, 0, 1}));
  EXPECT_EQ(tokens.rows[0].spellings, (std::vector<int32_t>{0, 1, 2, 3, 0}));
  EXPECT_EQ(tokens.spellings[0], (std::vector<int32_t>{0, 0, 2, 1}));
  const std::string longest = "a" + std::string(1000, 'b') + "\u00e9";
  ASSERT_EQ(SpellingOf(longest).size(), kMostCharacters);
  EXPECT_EQ(SpellingOf(longest).front(), "a");
  EXPECT_EQ(SpellingOf(longest).back(), "\u00e9");
}

TEST(tagger, a_temperature_makes_it_less_certain_and_changes_no_tag) {
  for (const TaggerDesign& design : Designs()) {
    Threads threads;
    TaggerNetwork network = Disturbed(design);
    const EncodedTokens tokens = EncodeTokens(SomeSequences(), design);
    const TagIds right = TagTargets(SomeSequences(), design.tags), said = SayTags(network, tokens, threads);
    const double before = MeasureTags(network, tokens, right, threads);
    const Calibration calibration = CalibrateTags(network, tokens, right, threads);
    EXPECT_GT(calibration.temperature, 1) << "at random it is surer than right";
    EXPECT_LT(calibration.loss, before);
    network.SetTemperature(calibration.temperature);
    EXPECT_NEAR(MeasureTags(network, tokens, right, threads), calibration.loss, 1e-5);
    EXPECT_EQ(SayTags(network, tokens, threads), said);
    EXPECT_EQ(CalibrateTags(network, tokens, said, threads).temperature, 1) << "what it says itself";
  }
}

TEST(tagger, every_step_is_a_function_of_its_number_and_of_no_thread) {
  for (const TaggerDesign& design : Designs()) {
    const TaggedTokens train = {EncodeTokens(SomeSequences(), design), TagTargets(SomeSequences(), design.tags)}, none;
    const auto gradients = [&](std::initializer_list<int64_t> steps, int count) {
      Threads threads(count, Threads::Share::kAlways);
      TaggerNetwork network = Disturbed(design);
      TaggerTraining task(network, train, none, {.rows = 4, .word_dropout = 0.5}, 5, threads);
      task.StartFromCounts();
      EXPECT_EQ(task.steps_per_epoch(), 2);
      EXPECT_FALSE(task.Validate(1e9));
      std::vector<Real> last;
      for (const int64_t step : steps) {
        last.assign(1, static_cast<Real>(WholeStep(task, step, threads)));
        for (Parameter* parameter : network.parameters()) {
          last.insert(last.end(), parameter->grad.values().begin(), parameter->grad.values().end());
          parameter->grad.Fill(0);
        }
      }
      return last;
    };
    EXPECT_EQ(gradients({0, 1, 7}, 1), gradients({7}, 3));
  }
}

TEST(tagger, a_description_that_does_not_fit_the_tensors_is_an_error) {
  Threads threads;
  TaggerNetwork network(Design(), 3);
  const Model model = MakeTaggerModel(network, Json::object(), threads);
  const auto changed = [&](const char* pointer, const Json& value) {
    Model copy = model;
    copy.description[Json::json_pointer(pointer)] = value;
    LoadTagger(copy, threads);
  };
  EXPECT_ERROR(changed("/tag/tags", Json::array({"O"})), "the tags must be 2");
  EXPECT_ERROR(changed("/tag/tags", Json::array({"O", "O", "B"})), "different from each other");
  EXPECT_ERROR(changed("/tag/tags", Json::array({"O", "B"})), "head.bias");
  EXPECT_ERROR(changed("/tag/vocabulary", Json::array({"<unk>", "rosa"})), "embedding.weight");
  EXPECT_ERROR(changed("/tag/vocabulary", Json::array({"rosa", "sings", "00", "x"})), "unknown token");
  EXPECT_ERROR(changed("/tag/characters", Json::array({"<unk>", "a"})), "characters.weight");
  EXPECT_ERROR(changed("/network/embedding", 5), "embedding.weight");
  EXPECT_ERROR(changed("/network/character_features", 0), "layers' input");
  EXPECT_ERROR(changed("/network/character_features", -1), "character_features");
  EXPECT_ERROR(changed("/network/character_embedding", 1 << 15), "characters.weight");
  EXPECT_ERROR(changed("/network/recurrent/hidden", 1 << 20), "the size of its layers");
  EXPECT_ERROR(changed("/network/dropout", 1.5), "dropout");
  EXPECT_ERROR(changed("/network/field", false), "field.");
  Model other = model;
  other.task = "text";
  EXPECT_ERROR(LoadTagger(other, threads), "its task");
}

TEST(tagger, a_token_spelled_like_the_unknown_one_is_the_unknown_one) {
  const TokenSet train = ParseConll("<unk> X\na Y\na X\n", "t", true);
  const TaggerDesign design = DefaultTaggerSetup(train, {"X", "Y"}, 100).design;
  EXPECT_EQ(design.words.tokens(), (std::vector<std::string>{"<unk>", "a"}));
  EXPECT_EQ(design.characters.tokens(), (std::vector<std::string>{"<unk>", "a"}));
}

TEST(tag_data, holds_out_whole_sequences_and_finds_them_again) {
  TokenSet set;
  for (int i = 0; i < 40; ++i) set.sequences.push_back({{std::to_string(i)}, {i % 2 == 0 ? "even" : "odd"}, 1});
  DataSource source;
  source.share = 0.2;
  const TagData data = SplitAgain(source, set);
  EXPECT_EQ(data.train.sequences.size(), 32u);
  EXPECT_EQ(data.held_out.sequences.size(), 8u);
  EXPECT_EQ(HashOf(SplitAgain(source, set).held_out), HashOf(data.held_out));
  set.sequences.resize(1);
  EXPECT_ERROR(SplitAgain(source, set), "two sequences at least");
}

}  // namespace tagger_test
}  // namespace eddy
