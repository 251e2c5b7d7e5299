#include <gtest/gtest.h>

#include "model/temporary_directory.h"
#include "tasks/classify/model.h"
#include "tasks/classify/training.h"
#include "train/process_exchange.h"
#include "train/thread_group.h"
#include "train/whole_step.h"

namespace eddy {
namespace classifier_test {

ClassifierDesign TextDesign() {
  ClassifierDesign design;
  design.fields.text = "text";
  design.classes = {"a", "b"};
  design.sentences.vocabulary = Vocabulary({"<unk>", "good", "bad", "film"});
  design.ngrams = Ngrams({"good", "good\nbad", "dull"});
  design.embedding = 3;
  design.dropout = 0.3;
  design.encoder.stack()->layer.hidden = 4;
  design.encoder.input = 3;
  design.encoder.stack()->bidirectional = true;
  return design;
}

ClassifierDesign SeriesDesign() {
  ClassifierDesign design;
  design.fields.columns = {"x", "y"};
  design.classes = {"a", "b", "c"};
  design.scalings = {{1, 2}, {0, 0.5}};
  design.encoder.stack()->layer.hidden = 4;
  design.encoder.input = 2;
  return design;
}

// Two steps a frame, so that the last of some series is half empty.
ClassifierDesign FramedDesign() {
  ClassifierDesign design = SeriesDesign();
  design.frame = 2;
  design.encoder.input = design.inputs();
  return design;
}

ConvolutionClassifier SomeConvolutions() {
  ConvolutionClassifier classifier;
  classifier.features = ConvolutionFeatures({.columns = 2, .span = 5, .per_kernel = 2});
  Random random(4);
  for (size_t i = 0; i < classifier.features.size(); ++i) {
    classifier.thresholds.push_back(static_cast<float>(random.Normal()));
    for (int c = 0; c < 3; ++c) classifier.ridge.weights.push_back(static_cast<float>(random.Normal()));
  }
  classifier.ridge.bias = {0.5, 0, -1};
  return classifier;
}

ExampleSet SomeExamples(const ClassifierDesign& design) {
  ExampleSet set("t", design.fields.columns);
  for (size_t i = 0; i < 7; ++i) {
    std::string text;
    std::vector<double> values;
    for (size_t t = 0; t <= i; ++t) {
      text += t % 2 == 0 ? "good " : i % 3 == 0 ? "bad film " : "unheard-of ";
      values.insert(values.end(), {static_cast<double>(t), static_cast<double>(i * t) / 3});
    }
    design.is_text() ? set.AddSentence(text, "", "") : set.AddSeries(values, "", "");
  }
  return set;
}

TEST(classifier, comes_back_from_its_model_with_the_same_predictions) {
  for (const ClassifierDesign& design : {TextDesign(), SeriesDesign(), FramedDesign()}) {
    Threads threads;
    ClassifierNetwork network(design, 3);
    if (design.frame > 1) network.AddConvolutions(SomeConvolutions(), 0.5);
    if (design.is_text()) network.AddNgrams({design.ngrams, {1, 0, -2, 0.25, 3, 0}, {0.5, 0}, 1}, 0.5);
    const ExampleSet set = SomeExamples(design);
    const Model model = ParseModel(SerializeModel(MakeClassifierModel(network, Json::object(), threads)));
    ClassifierNetwork loaded = LoadClassifier(model, threads);
    EXPECT_EQ(ClassProbabilities(loaded, set, threads), ClassProbabilities(network, set, threads));
    EXPECT_EQ(loaded.design().classes, design.classes);
  }
}

TEST(classifier, a_prediction_depends_neither_on_the_other_examples_nor_on_threads) {
  for (const ClassifierDesign& design : {TextDesign(), SeriesDesign(), FramedDesign()}) {
    Threads one, three(3, Threads::Share::kAlways);
    ClassifierNetwork network(design, 3);
    if (design.frame > 1) network.AddConvolutions(SomeConvolutions(), 0.5);
    const EncodedExamples encoded = EncodeExamples(SomeExamples(design), design);
    const std::vector<EncodedExample> examples = encoded.All();
    const std::vector<double> all = ClassLogits(network, examples, three);
    std::vector<double> alone;
    for (const EncodedExample& example : examples) {
      for (const double logit : ClassLogits(network, std::span(&example, 1), one)) alone.push_back(logit);
    }
    EXPECT_EQ(all, alone);
  }
}

TEST(classifier, predictions_that_processes_share_out_are_those_of_one) {
  for (const ClassifierDesign& design : {TextDesign(), SeriesDesign(), FramedDesign()}) {
    const EncodedExamples encoded = EncodeExamples(SomeExamples(design), design);
    const std::vector<EncodedExample> examples = encoded.All();
    const auto logits = [&](ProcessGroup& group) {
      Threads threads(1);
      ClassifierNetwork network(design, 3);
      return ClassLogits(network, examples, threads, group);
    };
    const std::vector<double> one = logits(Alone());
    for (const int processes : {2, 3, static_cast<int>(examples.size()) + 1}) {
      ThreadGroup::Run(processes, [&](ProcessGroup& group) { EXPECT_EQ(logits(group), one) << processes; });
    }
  }
}

TEST(classifier, reads_a_long_example_in_segments_whose_log_odds_are_averaged) {
  for (const ClassifierDesign& design : {TextDesign(), SeriesDesign(), FramedDesign()}) {
    Threads threads;
    ClassifierNetwork network(design, 3);
    const size_t steps = 2 * kMostSegmentSteps * design.frame + 1, width = design.scalings.size();
    std::vector<int32_t> tokens;
    std::vector<float> values;
    for (size_t t = 0; t < steps; ++t) {
      if (design.is_text()) tokens.push_back(static_cast<int32_t>(t * t % 4));
      for (size_t i = 0; i < width; ++i) values.push_back(static_cast<float>(t % (7 + i)) / 7);
    }
    EncodedExamples examples;
    design.is_text() ? examples.AddSentence(tokens) : examples.AddSeries(values, width);
    const EncodedExample whole = examples[0];
    ASSERT_EQ(SegmentsOf(whole, design), 3u);
    std::vector<EncodedExample> segments;
    std::vector<int32_t> joined_tokens;
    std::vector<float> joined_values;
    for (size_t k = 0; k < 3; ++k) {
      const EncodedExample& part = segments.emplace_back(SegmentOf(whole, k, design));
      EXPECT_LE(part.steps, kMostSegmentSteps * design.frame);
      joined_tokens.insert(joined_tokens.end(), part.tokens.begin(), part.tokens.end());
      joined_values.insert(joined_values.end(), part.values.begin(), part.values.end());
    }
    EXPECT_EQ(joined_tokens, tokens);
    EXPECT_EQ(joined_values, values);
    const std::vector<double> logits = ClassLogits(network, std::span(&whole, 1), threads);
    const std::vector<double> parts = ClassLogits(network, segments, threads);
    for (size_t c = 0; c < logits.size(); ++c) {
      EXPECT_NEAR(logits[c], (parts[c] + parts[logits.size() + c] + parts[2 * logits.size() + c]) / 3, 1e-12);
    }
    const EncodedExample most = SegmentOf(whole, 0, design);
    EXPECT_EQ(SegmentsOf(most, design), 1u);
  }
}

TEST(classifier, adds_the_log_odds_of_convolutions_to_those_of_its_network_alone) {
  Threads threads;
  ClassifierNetwork network(SeriesDesign(), 3), mixed(SeriesDesign(), 3);
  const ConvolutionClassifier convolutions = SomeConvolutions();
  mixed.AddConvolutions(convolutions, 2);
  const EncodedExamples encoded = EncodeExamples(SomeExamples(SeriesDesign()), SeriesDesign());
  const std::vector<EncodedExample> examples = encoded.All();
  SeriesSpans series;
  for (const EncodedExample& example : examples) series.emplace_back(example.values);
  const std::vector<double> alone = ClassLogits(network, examples, threads), both = ClassLogits(mixed, examples, threads);
  const std::vector<double> added = ConvolutionLogOdds(convolutions, series, threads);
  for (size_t i = 0; i < both.size(); ++i) EXPECT_NEAR(both[i], alone[i] + 2 * added[i], 1e-4);
  EXPECT_EQ(ClassLogits(mixed, examples, threads, Voices::kNetwork), alone);
}

TEST(classifier, a_description_of_convolutions_that_does_not_fit_the_tensors_is_an_error) {
  Threads threads;
  ClassifierNetwork network(FramedDesign(), 3);
  network.AddConvolutions(SomeConvolutions(), 1);
  const Model model = MakeClassifierModel(network, Json::object(), threads);
  const auto changed = [&](const char* pointer, const Json& value) {
    Model copy = model;
    copy.description[Json::json_pointer(pointer)] = value;
    LoadClassifier(copy, threads);
  };
  EXPECT_ERROR(changed("/classify/convolutions/thresholds", 4), "convolutions.threshold");
  EXPECT_ERROR(changed("/classify/convolutions/thresholds", 0), "thresholds");
  EXPECT_ERROR(changed("/classify/convolutions/thresholds", 3), "convolutions");
  EXPECT_ERROR(changed("/classify/convolutions/span", 0), "span");
  EXPECT_ERROR(changed("/classify/convolutions", Json::object()), "span");
  EXPECT_ERROR(changed("/network/frame", 3), "layers' input");
  EXPECT_ERROR(changed("/network/frame", 0), "frame");
}

TEST(classifier, a_description_that_does_not_fit_the_tensors_is_an_error) {
  Threads threads;
  ClassifierNetwork network(TextDesign(), 3);
  const Model model = MakeClassifierModel(network, Json::object(), threads);
  const auto changed = [&](const char* pointer, const Json& value) {
    Model copy = model;
    copy.description[Json::json_pointer(pointer)] = value;
    LoadClassifier(copy, threads);
  };
  EXPECT_ERROR(changed("/classify/classes", Json({"a"})), "the classes must be 2");
  EXPECT_ERROR(changed("/classify/classes", Json({"a", "a"})), "different from each other");
  EXPECT_ERROR(changed("/classify/classes", Json({"a", "b", "c"})), "head.bias");
  EXPECT_ERROR(changed("/classify/vocabulary", Json({"<unk>", "good"})), "embedding.weight");
  EXPECT_ERROR(changed("/classify/vocabulary", Json({"good", "bad", "film", "dull"})), "unknown token");
  EXPECT_ERROR(changed("/classify/ngrams", Json({"good", "dull"})), "ngrams.weight");
  EXPECT_ERROR(changed("/classify/ngrams", Json({"good", "good"})), "n-grams");
  EXPECT_ERROR(changed("/classify/unit", "bites"), "bytes");
  EXPECT_ERROR(changed("/network/embedding", 5), "layers' input");
  EXPECT_ERROR(changed("/network/embedding", -1), "embedding");
  EXPECT_ERROR(changed("/network/recurrent/hidden", 1 << 20), "the size of its layers");
  EXPECT_ERROR(changed("/network/dropout", 1.5), "dropout");
  EXPECT_ERROR(changed("/classify/fields", Json::object()), "\"text\"");
  Model series = model;
  series.task = "text";
  EXPECT_ERROR(LoadClassifier(series, threads), "its task");
}

TEST(classifier, rare_classes_are_drawn_more_often_and_every_step_is_a_function_of_its_number) {
  const ClassifierDesign design = SeriesDesign();
  const EncodedExamples some = EncodeExamples(SomeExamples(design), design);
  LabelledExamples train;
  for (int i = 0; i < 40; ++i) {
    train.examples.AddSeries(some[static_cast<size_t>(i % 7)].values, 2);
    train.targets.push_back(i < 36 ? 0 : 1 + i % 2);
  }
  Threads threads;
  const auto first_losses = [&](std::initializer_list<int64_t> steps, double balance) {
    ClassifierNetwork network(design, 3);
    ClassifierTraining task(network, train, {}, {.rows = 8, .balance = balance, .word_dropout = 0}, 5, threads);
    task.StartFromCounts();
    EXPECT_EQ(task.steps_per_epoch(), 5);
    EXPECT_FALSE(task.Validate(1e9));
    std::vector<double> losses;
    for (const int64_t step : steps) losses.push_back(WholeStep(task, step, threads));
    return losses;
  };
  const std::vector<double> rising = first_losses({0, 1, 7}, 0.5), falling = first_losses({7, 1, 0}, 0.5);
  EXPECT_EQ(rising, std::vector<double>(falling.rbegin(), falling.rend()));
  // Balanced, a step is about as uncertain as three equal classes; as they are, most examples are of one.
  double balanced = 0, plain = 0;
  for (const double loss : first_losses({0, 1, 2, 3, 4}, 1)) balanced += loss / 5;
  for (const double loss : first_losses({0, 1, 2, 3, 4}, 0)) plain += loss / 5;
  EXPECT_GT(balanced, 0.9);
  EXPECT_LT(plain, 0.7);
}

}  // namespace classifier_test
}  // namespace eddy
