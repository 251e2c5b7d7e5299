#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <thread>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "eddy/train.h"
#include "model/temporary_directory.h"
#include "tasks/text/data.h"
#include "tasks/text/generate.h"
#include "tasks/text/model.h"
#include "tasks/text/stream.h"
#include "tasks/text/training.h"
#include "train/whole_step.h"

namespace eddy {
namespace language_model_test {

TextSplit Alphabet(bool lines) {
  std::string text;
  for (int i = 0; i < 120; ++i) text += lines ? "abcdefg\n" : "abcdefghijklmnop";
  TextOptions options;
  options.lines = lines;
  return SplitText(text, options, "alphabet");
}

TextDesign SmallNetwork(const TextSplit& text) {
  TextDesign options;
  options.vocabulary = text.format.vocabulary.size();
  options.embedding = 16;
  options.encoder.stack()->layer.hidden = 24;
  return options;
}

TrainingOptions Steps(int steps) {
  TrainingOptions options;
  options.limit = "steps";
  options.amount = steps;
  options.validations = 2;
  options.schedule.rate = 0.01;
  return options;
}

// Recurrent layers, others, chains and hybrids of them.
std::vector<EncoderOptions> Encoders() {
  StackOptions stack;
  stack.layer.hidden = 24;
  const TcnOptions tcn{.hidden = 24, .blocks = 3, .kernel = 3};
  const TransformerOptions attention{.hidden = 24, .blocks = 2, .heads = 2, .window = 5};
  const GriffinOptions griffin{.hidden = 24, .heads = 2, .window = 5};
  return {{16, {stack}}, {16, {tcn}}, {16, {tcn, stack}}, {16, {attention}}, {16, {griffin}}};
}

TEST(TextNetwork, learns_repetitive_text_to_almost_nothing) {
  Threads threads(2);
  for (bool lines : {false, true}) {
    const TextSplit text = Alphabet(lines);
    TextNetwork model(SmallNetwork(text), 1);
    TextTraining task(model, text, {8, 16, 16}, 0, 1, threads);
    Train(task, Steps(200), threads);
    const TextScore score = MeasureText(model, text.valid, Measure::kExact, threads);
    EXPECT_LT(score.nats, 0.05) << (lines ? "lines" : "stream");
    EXPECT_EQ(score.tokens, text.valid.predicted());
  }
}

TEST(TextNetwork, a_sample_tells_of_the_whole_as_its_standard_error_says) {
  Threads threads(1);
  std::string letters;
  for (uint64_t i = 0; i < 60'000; ++i) letters += static_cast<char>('a' + MixBits(i) % (1 + i % 5));
  TextOptions options;
  options.valid = 0.9;
  const TextSplit text = SplitText(letters, options, "letters");
  TextNetwork model(SmallNetwork(text), 1);
  const size_t all = text.valid.predicted();
  const TextScore exact = MeasureText(model, text.valid, Measure::kExact, threads);
  const TextScore sample = MeasureText(model, text.valid, SampledPieces(text.valid, 10'000), threads);
  EXPECT_EQ(exact.StandardErrorOf(all), 0);
  EXPECT_LT(sample.tokens, all / 4);
  EXPECT_GT(sample.StandardErrorOf(all), 0);
  EXPECT_NEAR(sample.nats, exact.nats, 4 * sample.StandardErrorOf(all));
}

TEST(TextData, characters_that_hardly_occur_in_a_long_text_are_unknown_unless_a_vocabulary_is_asked_for) {
  const auto vocabulary = [](size_t length, size_t most_tokens) {
    std::string text = "q";
    for (size_t i = 0; i < length; ++i) text += static_cast<char>('a' + i % 3);
    TextOptions options;
    options.most_tokens = most_tokens;
    return LoadText(text, {"text"}, std::nullopt, "", options).split.format.vocabulary.size();
  };
  const size_t usual = TextOptions().most_tokens;
  EXPECT_EQ(vocabulary(1'900'000, usual), 5u) << "unknown, a, b, c and q";
  EXPECT_EQ(vocabulary(2'100'000, usual), 4u) << "q occurs once in two million";
  EXPECT_EQ(vocabulary(2'100'000, usual - 1), 5u);
}

TEST(TextNetwork, longer_gradients_than_updates_learn_too) {
  Threads threads(1);
  const TextSplit text = Alphabet(false);
  TextNetwork model(SmallNetwork(text), 1);
  TextTraining task(model, text, {8, 8, 20}, 0.01, 1, threads);
  Train(task, Steps(200), threads);
  EXPECT_LT(MeasureText(model, text.valid, Measure::kQuick, threads).nats, 0.1);
}

// Stopped by another thread at many moments, most of them in the middle of a step, between whose updates truncated
// backpropagation carries a state, a context and a place in the text.
void ExpectAsIfNeverStopped(const TextBatching& batching) {
  const TextSplit text = Alphabet(false);
  TrainingOptions options = Steps(20);
  int stops = 0;
  const auto train = [&](bool stop, std::vector<Real>& weights) {
    StopRequest request;
    Threads threads(2);
    threads.SetStop(&request);
    TextNetwork model(SmallNetwork(text), 1);
    TextTraining task(model, text, batching, 0, 1, threads);
    std::thread asker;
    TrainingHooks hooks;
    hooks.progress = [&, calls = 0](const Progress&) mutable {  // a step is done at the second
      if (!stop || ++calls != 2) return;
      asker = std::thread([&] {
        std::this_thread::sleep_for(std::chrono::microseconds(211 * stops));
        request.Ask();
      });
    };
    const bool stopped = Train(task, options, threads, hooks).stopped;
    if (asker.joinable()) asker.join();
    weights.clear();
    for (const Parameter* parameter : model.parameters()) {
      weights.insert(weights.end(), parameter->value.values().begin(), parameter->value.values().end());
    }
    return stopped;
  };
  std::vector<Real> never, parts;
  ASSERT_FALSE(train(false, never));

  const TemporaryDirectory directory;
  options.checkpoint = directory / "run";
  options.checkpoint_seconds = 1000;
  options.resume = true;
  while (train(true, parts)) ++stops;
  EXPECT_GT(stops, 0);
  EXPECT_EQ(parts, never);
}

TEST(TextNetwork, a_run_stopped_in_the_middle_of_steps_ends_with_the_weights_of_one_never_stopped) {
  ExpectAsIfNeverStopped({.rows = 8, .k1 = 24, .k2 = 40});
}

TEST(TextNetwork, so_does_one_whose_threads_compute_a_shard_each) {
  for (const size_t k2 : {24, 40}) ExpectAsIfNeverStopped({.rows = 8, .k1 = 24, .k2 = k2, .shards = 2});
}

TEST(TextNetwork, a_stream_equals_the_whole_sequence_bit_for_bit) {
  Threads threads(2);
  const TextSplit text = Alphabet(false);
  for (bool tied : {false, true}) {
    TextDesign options = SmallNetwork(text);
    options.encoder.stack()->layers = 2;
    options.tied = tied;
    if (tied) options.embedding = options.encoder.stack()->layer.hidden;
    TextNetwork model(options, 3);
    const std::vector<int32_t> tokens = text.train.tokens.Copy(0, 50);
    Sequence sequence;
    sequence.steps = tokens.size();
    sequence.rows = 1;
    Tape tape(threads, Tape::Mode::kInference);
    const Tensor whole = tape.Value(model.Logits(tape, model.Read(tape, tokens, sequence)));
    TextStream stream(model);
    size_t at = 0;
    for (int32_t token : tokens) {
      for (Real logit : stream.Step(token)) ASSERT_EQ(logit, whole[at++]);
    }
    stream.Reset();
    EXPECT_EQ(stream.Step(tokens[0])[0], whole[0]);
  }
}

TEST(TextNetwork, measuring_counts_every_token_as_the_stream_sees_it) {
  Threads threads(1);
  for (const EncoderOptions& encoder : Encoders()) {
    for (bool lines : {false, true}) {
      const TextSplit text = Alphabet(lines);
      TextDesign options = SmallNetwork(text);
      options.encoder = encoder;
      TextNetwork model(options, 5);
      TextStream stream(model);
      double nats = 0;
      int32_t previous = lines ? text.format.vocabulary.end() : kNoToken;
      for (int32_t token : text.valid.tokens.Copy()) {
        if (previous != kNoToken) {
          if (lines && previous == text.format.vocabulary.end()) stream.Reset();
          double sum = 0;
          const std::span<const Real> logits = stream.Step(previous);
          for (Real logit : logits) sum += std::exp(double{logit});
          nats += std::log(sum) - logits[static_cast<size_t>(token)];
        }
        previous = token;
      }
      const TextScore score = MeasureText(model, text.valid, Measure::kExact, threads);
      EXPECT_NEAR(score.nats, nats / static_cast<double>(text.valid.predicted()), 1e-5);
      size_t tokens = 0;
      for (const TextScore::Block& block : score.blocks) tokens += block.tokens;
      EXPECT_EQ(tokens, score.tokens);
    }
  }
}

TEST(TextNetwork, networks_of_all_kinds_are_measured_on_the_same_blocks) {
  Threads threads(1);
  for (bool lines : {false, true}) {
    const TextSplit text = Alphabet(lines);
    std::vector<size_t> first;
    for (const EncoderOptions& encoder : Encoders()) {
      TextDesign options = SmallNetwork(text);
      options.encoder = encoder;
      TextNetwork model(options, 5);
      std::vector<size_t> sizes;
      for (const auto& block : MeasureText(model, text.train, Measure::kExact, threads).blocks)
        sizes.push_back(block.tokens);
      EXPECT_GE(sizes.size(), 5u);
      if (first.empty()) first = sizes;
      EXPECT_EQ(sizes, first);
    }
  }
}

TEST(TextNetwork, layers_without_a_state_learn_from_what_they_read_again) {
  Threads threads(1);
  const TextSplit text = Alphabet(false);
  TextDesign options = SmallNetwork(text);
  options.encoder = Encoders()[1];
  TextNetwork model(options, 1);
  TextTraining task(model, text, {8, 8, 36}, 0, 1, threads);
  Train(task, Steps(100), threads);
  EXPECT_LT(MeasureText(model, text.valid, Measure::kExact, threads).nats, 0.1);
}

TEST(TextNetwork, attention_that_cannot_be_cut_into_segments_is_refused) {
  TextDesign options = SmallNetwork(Alphabet(false));
  options.encoder.layers = {TransformerOptions{.hidden = 24, .heads = 2}};
  EXPECT_THROW(TextNetwork(options, 1), Error);
}

TEST(TextNetwork, a_step_done_again_from_the_stored_state_is_the_same_step) {
  Threads threads(1);
  for (const EncoderOptions& encoder : Encoders()) {
    for (bool lines : {false, true}) {
      const TextSplit text = Alphabet(lines);
      TextDesign options = SmallNetwork(text);
      options.encoder = encoder;
      options.dropout = 0.3;
      TextNetwork model(options, 1);
      TextTraining task(model, text, {4, 7, 11}, 0, 9, threads);
      for (int i = 0; i < 40; ++i) WholeStep(task, i, threads);
      const TaskState state = task.SaveState();
      TextTraining again(model, text, {4, 7, 11}, 0, 9, threads);
      again.LoadState(state);
      for (int i = 40; i < 80; ++i) EXPECT_EQ(WholeStep(task, i, threads), WholeStep(again, i, threads)) << i;
    }
  }
}

TEST(TextNetwork, a_stored_state_that_does_not_fit_is_refused) {
  Threads threads(1);
  const TextSplit text = Alphabet(false);
  TextNetwork model(SmallNetwork(text), 1);
  TextTraining task(model, text, {4, 8, 8}, 0, 1, threads);
  WholeStep(task, 0, threads);
  TextTraining wider(model, text, {5, 8, 8}, 0, 1, threads);
  EXPECT_THROW(wider.LoadState(task.SaveState()), Error);
  const auto refused = [&](auto change) {
    TaskState broken = task.SaveState();
    Json places = ParseJson(broken.text, "the state");
    change(places);
    broken.text = DumpJson(places, "the state");
    EXPECT_THROW(task.LoadState(broken), Error);
  };
  refused([](Json& places) { places["lanes"][0][3] = 1'000'000; });
  refused([](Json& places) { places["context"] = {1, 2, 3}; });
  EXPECT_THROW(task.LoadState({"no JSON", {}}), Error);
}

TextModel Trained() {
  const TextSplit text = Alphabet(true);
  return {text.format, TextNetwork(SmallNetwork(text), 7), Json::object()};
}

TEST(TextModel, is_the_same_after_saving_and_loading) {
  TextModel model = Trained();
  TextModel loaded = UnpackTextModel(ParseModel(SerializeModel(PackTextModel(model))));
  TextStream before(model.network), after(loaded.network);
  for (int32_t token : {0, 1, 2, 3}) {
    const std::span<const Real> a = before.Step(token), b = after.Step(token);
    EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
  }
  EXPECT_EQ(loaded.format.vocabulary.tokens(), model.format.vocabulary.tokens());
}

TEST(TextModel, a_description_that_does_not_fit_its_tensors_is_refused) {
  TextModel model = Trained();
  const auto refused = [&](const std::string& pointer, const Json& value) {
    Model packed = PackTextModel(model);
    packed.description[Json::json_pointer(pointer)] = value;
    EXPECT_THROW(UnpackTextModel(packed), Error) << pointer;
  };
  refused("/network/vocabulary", 5);
  refused("/network/vocabulary", 1 << 24);
  refused("/network/embedding", 1 << 20);
  refused("/network/tied", true);
  refused("/network/recurrent/hidden", 1 << 20);
  refused("/network/recurrent/layers", 1000);
  refused("/network/recurrent/layers", 0);
  refused("/network/recurrent/cell", "lstn");
  refused("/network/recurrent/cell", "gru");
  refused("/network/recurrent/bidirectional", true);
  refused("/network/dropout", -1);
  refused("/text/unit", "letters");
  refused("/text/lines", false);
  refused("/text/vocabulary", {"a", "a"});
  refused("/training", 3);
}

TEST(TextModel, other_weights_than_those_saved_are_noticed) {
  TextModel model = Trained();
  Model packed = PackTextModel(model);
  for (auto& [name, tensor] : packed.tensors) {
    if (name == "embedding.weight") tensor = tensor.Clone(), tensor.Fill(0.5f);
  }
  EXPECT_THROW(UnpackTextModel(packed), Error);
}

TEST(Generate, gives_the_text_it_learned) {
  Threads threads(2);
  const TextSplit text = Alphabet(true);
  TextModel model{text.format, TextNetwork(SmallNetwork(text), 1), Json::object()};
  TextTraining task(model.network, text, {8, 16, 16}, 0, 1, threads);
  Train(task, Steps(200), threads);
  GenerateOptions options;
  options.length = 12;
  options.sampling.temperature = 0;
  std::string made;
  const auto write = [&](std::string_view piece) { return made += piece, true; };
  EXPECT_EQ(Generate(model, options, write), 0u);
  EXPECT_EQ(made, "abcdefg\nabcdefg\n");
  options.prompt = "abë";
  made.clear();
  EXPECT_EQ(Generate(model, options, write), 1u);
  EXPECT_TRUE(made.starts_with("abë")) << made;
  EXPECT_EQ(made.find("<unk>"), std::string::npos) << made;
}

}  // namespace language_model_test
}  // namespace eddy
