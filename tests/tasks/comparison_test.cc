#include "compare/comparison.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compare/compared_task.h"
#include "compare/report.h"
#include "eddy/error.h"
#include "model/architecture.h"
#include "timing/stream_timing.h"

namespace eddy {
namespace comparison_test {

ComparedModel Model(const std::string& name, std::vector<double> losses, double step_microseconds) {
  ComparedModel model;
  model.name = name;
  model.losses = std::move(losses);
  model.run.steps = 10;
  model.run.seconds = 5;
  model.run.history.validation = {{5, 2}, {10, 1}};
  model.step_microseconds = step_microseconds;
  return model;
}

// Losses that differ from part to part far more than between the models.
Comparison Paired() {
  Comparison comparison;
  comparison.measure = comparison.curve = "nats a character";
  comparison.parts = "stretches of text";
  comparison.weights.assign(20, 1);
  comparison.floors = {{"5-gram", 6}};
  std::vector<double> easy, hard, noisy;
  for (int i = 0; i < 20; ++i) {
    easy.push_back(i * 0.1);
    hard.push_back(i * 0.1 + (i % 2 == 0 ? 0.02 : 0.03));
    noisy.push_back(i * 0.1 + (i % 2 == 0 ? 0.5 : -0.49));
  }
  comparison.models = {Model("slow", easy, 9), Model("worse", hard, 1), Model("like", noisy, 3)};
  return comparison;
}

TEST(Comparison, differences_are_taken_part_by_part) {
  const Comparison comparison = Paired();
  const ComparedModel& best = BestOf(comparison);
  EXPECT_EQ(best.name, "slow");
  const Difference worse = Between(comparison, comparison.models[1], best);
  EXPECT_NEAR(worse.mean, 0.025, 1e-12);
  EXPECT_NEAR(worse.error, 0.005 / std::sqrt(19.0), 1e-12);
  EXPECT_TRUE(worse.certain);
  EXPECT_FALSE(Between(comparison, comparison.models[2], best).certain);
  EXPECT_FALSE(Between(comparison, best, best).certain);
}

TEST(Comparison, parts_count_by_their_weight) {
  Comparison comparison = Paired();
  comparison.weights[0] = 1e6;
  EXPECT_NEAR(LossOf(comparison, comparison.models[1]), 0.02, 1e-4);
}

TEST(Comparison, the_advice_follows_the_figures) {
  Comparison comparison = Paired();
  EXPECT_EQ(
      Advice(comparison),
      "slow does best on what was held out, with 0.95 nats a character; like cannot be told from it by 20 stretches of "
      "text. Of these like has the cheapest step, 3 us. The cheapest step of all is that of worse, 1 us, with 0.975 "
      "nats a character.");
  comparison.floors[0].value = 0.5;
  EXPECT_NE(Advice(comparison).find("None beats 5-gram with 0.5"), std::string::npos);
  comparison.models.pop_back();
  EXPECT_NE(Advice(comparison).find("by more than its uncertainty"), std::string::npos) << Advice(comparison);
  comparison.models.clear();
  EXPECT_NE(Advice(comparison).find("nothing to compare"), std::string::npos);
}

TEST(Comparison, a_few_parts_tell_nothing_for_certain) {
  Comparison comparison = Paired();
  comparison.weights.resize(4);
  for (ComparedModel& model : comparison.models) model.losses.resize(4);
  EXPECT_TRUE(std::isnan(Between(comparison, comparison.models[1], BestOf(comparison)).error));
  EXPECT_NE(Advice(comparison).find("takes 5 stretches of text or more, here 4."), std::string::npos) << Advice(comparison);
}

TEST(Comparison, errors_are_shown_as_accuracy) {
  Comparison comparison = Paired();
  comparison.of_errors = true;
  EXPECT_EQ(ShownAs(comparison, 0.25), 0.75);
}

TEST(Comparison, the_report_shows_every_model_and_floor) {
  const Report report = MakeComparisonReport(Paired(), "book.txt");
  const std::string html = RenderHtml(report);
  for (const char* part : {"slow", "worse", "like", "5-gram", "seconds of training", "microseconds"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
  EXPECT_FALSE(report.lost);
}

// Counts the parameters of the layers and of a head.
class LayersAlone : public ComparedTask {
 public:
  explicit LayersAlone(size_t width) : input(width) {}
  std::string unit() const override { return "steps"; }
  EncoderOptions Layers(const std::string& name) const override {
    StackOptions stack;
    stack.layer.hidden = 64;
    EncoderOptions layers{input, {stack}};
    Compose(layers, name, 50, {});
    return layers;
  }
  size_t CountParameters(const EncoderOptions& layers) const override {
    Random random(1);
    Encoder encoder(layers, "layer", random);
    return CountWeights(encoder.parameters()) + 60 * encoder.output_width();
  }
  void Train(const EncoderOptions&, const Run&, Threads&, ComparedModel&) override {}
  Comparison Judge(Threads&) override { return {}; }

 private:
  size_t input;
};

TEST(LayersOfSize, have_as_many_parameters_as_asked_for_within_a_few_percent) {
  for (const size_t input : {6, 24}) {  // a layer as wide as its input may need no weights between them
    const LayersAlone task(input);
    for (const char* name : {"lstm", "gru", "min_gru", "rnn_tanh", "indrnn", "tcn", "attention", "lstm+attention", "tcn+gru",
                             "griffin", "blocks:lstm", "windowed:qrnn", "attentive:gru"}) {
      for (const size_t parameters : {20'000, 70'000, 300'000}) {
        const auto found = static_cast<double>(task.CountParameters(LayersOfSize(task, name, parameters)));
        EXPECT_NEAR(found / static_cast<double>(parameters), 1, parameters > 50'000 ? 0.02 : 0.05)
            << name << ", " << parameters;
      }
    }
    EXPECT_THROW(LayersOfSize(task, "lstm", 10), Error);
  }
}

TEST(TimeStreamStep, is_of_layers_that_can_be_run_step_by_step_alone) {
  const LayersAlone task(24);
  EXPECT_GT(TimeStreamStep(task.Layers("tcn+gru")), 0);
  EncoderOptions both_ways = task.Layers("gru");
  both_ways.stack()->bidirectional = true;
  EXPECT_TRUE(std::isnan(TimeStreamStep(both_ways)));
}

}  // namespace comparison_test
}  // namespace eddy
