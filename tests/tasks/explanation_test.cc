#include "tasks/classify/explanation.h"

#include <gtest/gtest.h>

#include <numeric>

#include "model/architecture.h"
#include "tasks/classify/scores.h"

namespace eddy {
namespace explanation_test {

ClassifierDesign SeriesDesign() {
  ClassifierDesign design;
  design.fields.columns = {"x", "y"};
  design.classes = {"a", "b", "c"};
  design.scalings = {{0, 1}, {0, 1}};
  design.dropout = 0.5;
  design.encoder.stack()->layer.hidden = 6;
  design.encoder.input = 2;
  design.encoder.stack()->layer.variational_dropout = 0.3;
  design.encoder.stack()->bidirectional = true;
  return design;
}

EncodedExamples SomeSeries(size_t steps) {
  Random random(3);
  std::vector<float> values(2 * steps);
  for (float& value : values) value = static_cast<float>(2 * random.Normal());
  EncodedExamples examples;
  examples.AddSeries(values, 2);
  return examples;
}

TEST(explanation, adds_up_to_how_far_the_log_odds_moved) {
  for (const char* cell : {"lstm", "gru", "min_gru"}) {
    for (const size_t steps : {1u, 9u, 600u}) {
      ClassifierDesign design = SeriesDesign();
      design.encoder.stack()->layer.cell = cell;
      ClassifierNetwork network(design, 5);
      Threads threads;
      const Explanation explanation = Explain(network, SomeSeries(steps)[0], threads);
      const double moved = explanation.log_odds - explanation.start;
      ASSERT_EQ(explanation.shares.size(), steps);
      const double sum = std::accumulate(explanation.shares.begin(), explanation.shares.end(), 0.0);
      EXPECT_NEAR(sum, moved, 0.02 * std::max(std::abs(moved), 0.1)) << cell << ", " << steps << " steps";
    }
  }
}

TEST(explanation, of_frames_tells_steps_apart_and_counts_convolutions_by_themselves) {
  ClassifierDesign design = SeriesDesign();
  design.frame = 4;
  design.encoder.input = design.inputs();
  ClassifierNetwork network(design, 5);
  Threads threads;
  const Explanation before = Explain(network, SomeSeries(9)[0], threads);
  ConvolutionClassifier convolutions;
  convolutions.features = ConvolutionFeatures({.columns = 2, .span = 9, .per_kernel = 2});
  convolutions.thresholds.resize(convolutions.features.size());
  convolutions.ridge.bias.resize(3);
  const auto predicted = static_cast<size_t>(before.predicted);
  for (size_t i = 0; i < 3 * convolutions.features.size(); ++i) {
    convolutions.ridge.weights.push_back(i % 3 == predicted ? 0.01f : 0.0f);
  }
  network.AddConvolutions(convolutions, 1);
  const Explanation after = Explain(network, SomeSeries(9)[0], threads);
  ASSERT_EQ(after.shares.size(), 9u);
  EXPECT_EQ(after.shares, before.shares);
  EXPECT_EQ(before.convolutions, 0);
  EXPECT_GT(after.convolutions, 0.1);
  const double sum = std::accumulate(after.shares.begin(), after.shares.end(), 0.0);
  EXPECT_NEAR(sum + after.convolutions + after.missed, after.log_odds - after.start, 1e-5);
}

TEST(explanation, tells_what_it_misses_of_networks_with_norms) {
  for (const char* layers : {"griffin", "attention", "blocks:gru", "tcn"}) {
    ClassifierDesign design = SeriesDesign();
    design.encoder.stack()->bidirectional = false;
    design.encoder.stack()->layer.hidden = 8;
    Compose(design.encoder, layers, 9, {});
    ClassifierNetwork network(design, 5);
    Threads threads;
    const Explanation explanation = Explain(network, SomeSeries(9)[0], threads);
    const double moved = explanation.log_odds - explanation.start;
    const double sum = std::accumulate(explanation.shares.begin(), explanation.shares.end(), 0.0);
    EXPECT_NEAR(sum + explanation.missed, moved, 1e-5) << layers;
  }
}

TEST(explanation, counts_what_a_sentence_s_ngrams_add_for_their_words) {
  ClassifierDesign design;
  design.fields.text = "text";
  design.classes = {"a", "b"};
  design.sentences.vocabulary = Vocabulary({"<unk>", "good", "film"});
  design.ngrams = Ngrams({"good", "good\nfilm", "dull"});
  design.embedding = design.encoder.input = 4;
  design.encoder.stack()->layer.hidden = 6;
  Threads threads;
  ExampleSet set;
  set.AddSentence("a good film", "", "");
  const EncodedExamples examples = EncodeExamples(set, design);
  const EncodedExample example = examples[0];
  ClassifierNetwork network(design, 5);
  const Explanation before = Explain(network, example, threads);
  const double sign = before.predicted == 0 ? 1 : -1;
  network.AddNgrams({design.ngrams, {1, 0, 0.5, 0, 9, 0}, {0.25, 0}, 1}, sign);
  const Explanation after = Explain(network, example, threads);
  EXPECT_NEAR(after.log_odds - before.log_odds, 1.75, 1e-5);
  EXPECT_NEAR(after.start - before.start, 0.25, 1e-5);
  const double added[] = {0, 1.25, 0.25};
  for (size_t t = 0; t < 3; ++t) EXPECT_NEAR(after.shares[t] - before.shares[t], added[t], 1e-4) << t;
  const std::vector<double> logits = ClassLogits(network, std::span(&example, 1), threads);
  EXPECT_NEAR(std::abs(logits[0] - logits[1]), after.log_odds, 1e-6);
}

TEST(explanation, is_of_the_network_as_it_predicts) {
  ClassifierNetwork network(SeriesDesign(), 5);
  Threads threads;
  const EncodedExamples examples = SomeSeries(9);
  const EncodedExample example = examples[0];
  const std::vector<double> logits = ClassLogits(network, std::span(&example, 1), threads);
  const Explanation explanation = Explain(network, example, threads);
  EXPECT_EQ(explanation.predicted, LikeliestClass(logits));
  EXPECT_NE(explanation.predicted, explanation.rival);
  const double odds = logits[static_cast<size_t>(explanation.predicted)] - logits[static_cast<size_t>(explanation.rival)];
  EXPECT_NEAR(explanation.log_odds, odds, 1e-6);
}

TEST(explanation, has_the_same_bits_for_any_number_of_threads) {
  ClassifierNetwork network(SeriesDesign(), 5);
  Threads one, three(3, Threads::Share::kAlways);
  const EncodedExamples examples = SomeSeries(30);
  const EncodedExample example = examples[0];
  EXPECT_EQ(Explain(network, example, one).shares, Explain(network, example, three).shares);
}

TEST(explanation, joins_neighbours_where_there_are_many_steps) {
  ClassifierDesign design = SeriesDesign();
  Explanation explanation;
  std::vector<double> values;
  for (int t = 0; t < 10; ++t) {
    explanation.shares.push_back(t);
    values.insert(values.end(), {t + 0.5, -1.0});
  }
  ExampleSet set;
  set.AddSeries(values, "", "");
  const Example example = set[0];
  const std::vector<ExplainedStep> all = NameSteps(explanation, example, design, 10);
  ASSERT_EQ(all.size(), 10u);
  EXPECT_EQ(all[1].name, "2 1.5 -1");
  const std::vector<ExplainedStep> joined = NameSteps(explanation, example, design, 4);
  ASSERT_EQ(joined.size(), 4u);
  EXPECT_EQ(joined[3].name, "10-10");
  EXPECT_EQ(joined[1].share, 3 + 4 + 5);
}

}  // namespace explanation_test
}  // namespace eddy
