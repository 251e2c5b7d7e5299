// The library does what the program does: the same models, byte for byte, from memory.
#include <algorithm>
#include <cmath>
#include <thread>

#include "audio/buzz_words.h"
#include "audio/tone_words.h"
#include "cli/program.h"
#include "eddy/eddy.h"
#include "midi/notes.h"

namespace eddy {
namespace library_test {

class Library : public ProgramTest {
 protected:
  // What the program writes for these arguments.
  std::string Model(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "train");
    arguments.insert(arguments.end(), {"-o", "m.eddy", "--quiet", "--threads", "2"});
    const ProgramOutcome outcome = Run(arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return ReadAll(Path("m.eddy"));
  }
  TrainOptions Small(int64_t steps) {
    TrainOptions train;
    train.hidden = 8;
    train.steps = steps;
    return train;
  }
};

std::string Verses() {
  std::string text;
  for (int i = 0; i < 200; ++i) text += i % 3 == 0 ? "the cat sat on the mat\n" : "a dog ran to the log\n";
  return text;
}

TEST_F(Library, a_language_model_from_memory_is_the_programs) {
  WriteAll(Path("verses.txt"), Verses());
  const std::string program =
      Model({"text", "verses.txt", "--hidden", "8", "--steps", "30", "--unroll", "8,12", "--valid", "0.2"});
  LanguageModelOptions options;
  options.k1 = 8;
  options.k2 = 12;
  options.held_out.share = 0.2;
  options.train = Small(30);
  const auto trained = Train(options, {Data::Text(Verses(), "verses.txt")});
  EXPECT_EQ(trained.model.Serialize(), program);
  EXPECT_GT(trained.evaluation.Figure("nats_per_token"), 0);
  EXPECT_THROW(trained.evaluation.Figure("nats_per_tokens"), Error);
  EXPECT_EQ(trained.run.steps, 30);
  trained.WriteReport(Path("report.html"));
  EXPECT_NE(ReadAll(Path("report.html")).find("<html"), std::string::npos);

  const LanguageModel loaded = LanguageModel::Load(Path("m.eddy"));
  EXPECT_EQ(loaded.Generate({.prompt = "the", .length = 40}), trained.model.Generate({.prompt = "the", .length = 40}));
  EXPECT_EQ(loaded.Decode(loaded.Encode("the cat")), "the cat");
  LanguageModel::Stream stream(loaded);
  EXPECT_EQ(stream.Step(loaded.Encode("t")[0]).size(), loaded.vocabulary().size());
  EXPECT_EQ(loaded.Evaluate(Data::Text(Verses(), "verses.txt")).Figure("nats_per_token"),
            trained.evaluation.Figure("nats_per_token"));
}

TEST_F(Library, a_forecaster_from_memory_is_the_programs) {
  std::vector<double> days, sold;
  for (int i = 0; i < 120; ++i) {
    days.push_back(i);
    sold.push_back(10 + 3 * std::sin(i * 0.9) + i * 0.05);
  }
  const Data table = Data::Table({{"day", days}, {"sold", sold}}, "sales.csv");
  WriteAll(Path("sales.csv"), std::string(table.contents()));
  const std::string program = Model({"forecast", "sales.csv", "--target", "sold", "--time", "day", "--horizon", "7",
                                     "--hidden", "8", "--steps", "20", "--quantiles", "0.1,0.5,0.9"});
  ForecastOptions options;
  options.target = "sold";
  options.time = "day";
  options.horizon = 7;
  options.quantiles = {0.1, 0.5, 0.9};
  options.train = Small(20);
  const auto trained = Train(options, table);
  EXPECT_EQ(trained.model.Serialize(), program);
  const std::vector<Forecast> next = trained.model.Predict(table);
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].times.front(), "120");
  EXPECT_EQ(next[0].values.size(), 21U);
  EXPECT_EQ(next[0].Median()[0], next[0].values[1]);
}

TEST_F(Library, a_classifier_from_memory_is_the_programs) {
  std::vector<std::string> texts, labels;
  for (int i = 0; i < 120; ++i) {
    texts.push_back(std::string(i % 2 == 0 ? "a fine" : "a dull") + (i % 3 == 0 ? " film" : " book, it was") + " number " +
                    std::to_string(i % 7));
    labels.push_back(i % 2 == 0 ? "good" : "bad");
  }
  const Data examples = Data::Sentences(texts, labels, "reviews.csv");
  WriteAll(Path("reviews.csv"), std::string(examples.contents()));
  const std::string program =
      Model({"classify", "reviews.csv", "--text", "text", "--label", "label", "--hidden", "8", "--steps", "20"});
  ClassifierOptions options;
  options.text = "text";
  options.label = "label";
  options.train = Small(20);
  const auto trained = Train(options, examples);
  EXPECT_EQ(trained.model.Serialize(), program);
  const ClassPrediction one = trained.model.PredictSentence("a fine film");
  EXPECT_EQ(one.probabilities.size(), 2U);
  EXPECT_EQ(trained.model.Predict(examples).front().probabilities,
            trained.model.Predict(std::span(texts).first(1)).front().probabilities);
  EXPECT_THROW(trained.model.PredictSeries(std::vector<double>{1, 2}), Error);
}

TEST_F(Library, a_tagger_from_memory_is_the_programs) {
  std::vector<std::vector<std::string>> tokens, tags;
  for (int i = 0; i < 40; ++i) {
    tokens.push_back({i % 2 == 0 ? "Rosa" : "Karl", "lives", "in", i % 3 == 0 ? "Lyon" : "Bonn", "."});
    tags.push_back({"B-PER", "O", "O", "B-LOC", "O"});
  }
  const Data sequences = Data::Sequences(tokens, tags, "names.conll");
  WriteAll(Path("names.conll"), std::string(sequences.contents()));
  const std::string program = Model({"tag", "names.conll", "--hidden", "8", "--steps", "15"});
  TaggerOptions options;
  options.train = Small(15);
  const auto trained = Train(options, sequences);
  EXPECT_EQ(trained.model.Serialize(), program);
  EXPECT_EQ(trained.model.Predict({"Rosa", "lives", "in", "Bonn"}).size(), 4U);
}

TEST_F(Library, a_translator_from_memory_is_the_programs) {
  std::vector<std::string> sources, targets;
  for (int i = 0; i < 80; ++i) {
    sources.push_back(std::string(1, static_cast<char>('a' + i % 7)) + static_cast<char>('a' + i % 5));
    targets.push_back(std::string(1, static_cast<char>('A' + i % 7)) + " " + static_cast<char>('A' + i % 5));
  }
  const Data pairs = Data::Pairs(sources, targets, "pairs.tsv");
  WriteAll(Path("pairs.tsv"), std::string(pairs.contents()));
  const std::string program = Model({"translate", "pairs.tsv", "--hidden", "8", "--steps", "15"});
  TranslatorOptions options;
  options.train = Small(15);
  const auto trained = Train(options, pairs);
  EXPECT_EQ(trained.model.Serialize(), program);
  EXPECT_EQ(trained.model.Translate(std::span(sources).first(3)).size(), 3U);
  EXPECT_EQ(trained.model.Evaluate(pairs).Figure("chrf"), trained.evaluation.Figure("chrf"));
}

TEST_F(Library, every_task_trains_by_its_name_with_the_options_of_the_program) {
  WriteAll(Path("verses.txt"), Verses());
  const std::string program = Model({"text", "verses.txt", "--hidden", "8", "--steps", "30", "--lines", "--valid", "0.2"});
  const std::vector<TaskSetting> settings = {{"FILE", {}, {Data::Text(Verses(), "verses.txt")}},
                                             {"hidden", {"8"}},
                                             {"steps", {"30"}},
                                             {"lines"},
                                             {"valid", {"0.2"}}};
  EXPECT_EQ(Train("text", settings).model.Serialize(), program);
  for (const std::string& task : TaskNames()) {
    const TaskDescription description = DescribeTask(task);
    EXPECT_EQ(description.name, task);
    const auto named = [&](const std::string& name) {
      const auto is = [&](const TaskOption& each) { return each.name == name; };
      return *std::find_if(description.options.begin(), description.options.end(), is);
    };
    EXPECT_EQ(named("seed").initial, "1");
    EXPECT_EQ(named("hidden").kind, OptionKind::kWholeNumber);
    const bool by_rows =
        task == "forecast" || task == "risk" || task == "reserve" || task == "direction";  // what is later judges
    EXPECT_TRUE(by_rows || named("valid").takes_data) << task;
    EXPECT_TRUE(description.options.front().takes_data) << task;
  }
}

TEST_F(Library, settings_that_do_not_go_together_are_errors_that_name_them) {
  const Data text = Data::Text(Verses(), "verses.txt");
  const auto expect = [&](std::vector<TaskSetting> settings, const char* words) {
    settings.push_back({"FILE", {}, {text}});
    try {
      Train("text", settings);
      ADD_FAILURE() << "no error with " << words;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    }
  };
  expect({{"hiden", {"8"}}}, "did you mean hidden");
  expect({{"hidden", {"none"}}}, "hidden");
  expect({{"hidden", {"8"}}, {"hidden", {"9"}}}, "twice");
  expect({{"steps", {"3"}}, {"minutes", {"1"}}}, "excludes minutes");
  expect({{"hidden", {}, {text}}}, "takes no data");
  EXPECT_THROW(Train("text", {}), Error);
  EXPECT_THROW(Train("forcast", {}), Error);
}

TEST_F(Library, a_request_ends_a_training_and_leaves_a_checkpoint_to_go_on_from) {
  std::vector<TaskSetting> settings = {
      {"FILE", {}, {Data::Text(Verses(), "verses.txt")}}, {"hidden", {"8"}}, {"steps", {"40"}}};
  const std::string whole = Train("text", settings).model.Serialize();
  StopRequest request;
  TrainHooks hooks;
  hooks.request = &request;
  hooks.progress = [&](const Progress& progress) {
    if (progress.step == 15) request.Ask();
  };
  const std::string checkpoint = Path("verses.checkpoint");
  EXPECT_THROW(Train("text", settings, hooks, checkpoint), Stopped);
  request.TakeBack();
  hooks.progress = nullptr;
  settings.push_back({"resume"});
  const auto resumed = Train("text", settings, hooks, checkpoint);
  EXPECT_TRUE(resumed.run.resumed);
  EXPECT_EQ(resumed.model.Serialize(), whole);
}

TEST_F(Library, many_series_are_classified_as_each_alone) {
  std::vector<std::string> values, labels;
  for (int i = 0; i < 60; ++i) {
    values.push_back(i % 2 == 0 ? "0.5 1 1.5 2" : "2 1.5 1 " + std::to_string(i));
    labels.push_back(i % 2 == 0 ? "up" : "down");
  }
  const Data walks = Data::Table({{"x", values}, {"label", labels}});
  ClassifierOptions options;
  options.columns = {"x"};
  options.label = "label";
  options.train = Small(20);
  const Classifier model = Train(options, walks).model;
  const std::vector<std::vector<double>> series = {{0.5, 1, 1.5, 2}, {2, 1.5, 1, 1}, {2, NAN, 1, 1}, {2, 2, 1, 1}};
  const std::vector<ClassPrediction> all = model.PredictSeries(series);
  EXPECT_EQ(all[0].probabilities, model.PredictSeries(series[0]).probabilities);
  EXPECT_EQ(all[1].probabilities, model.Predict(walks)[1].probabilities);
  EXPECT_EQ(all[2].probabilities, all[3].probabilities);
  EXPECT_TRUE(model.PredictSeries(std::span<const std::vector<double>>()).empty());
}

TEST_F(Library, a_composer_from_memory_is_the_programs) {
  std::vector<Data> pieces;
  std::vector<std::string> arguments = {"compose"};
  for (size_t p = 0; p < 4; ++p) {
    std::vector<MidiNote> notes;
    for (size_t i = 0; i < 20; ++i) notes.push_back({i * 120, 240, static_cast<uint8_t>(50 + (i * 5 + p) % 17), 80, 0, 0});
    const std::string name = "piece" + std::to_string(p) + ".mid", bytes = WriteMidi({1, 480, {MakeTrack(notes, "")}});
    WriteAll(Path(name), bytes);
    pieces.push_back(Data::Text(bytes, name));
    arguments.push_back(name);
  }
  arguments.insert(arguments.end(), {"--hidden", "8", "--steps", "15"});
  const std::string program = Model(arguments);
  ComposerOptions options;
  options.train = Small(15);
  const auto trained = Train(options, pieces);
  EXPECT_EQ(trained.model.Serialize(), program);
  ASSERT_EQ(Run({"compose", "m.eddy", "-o", "new.mid", "--seed", "7", "--bars", "2"}).code, 0);
  EXPECT_EQ(trained.model.Compose({.bars = 2, .seed = 7}), ReadAll(Path("new.mid")));
  EXPECT_FALSE(trained.model.harmonises());
  EXPECT_EQ(trained.model.grid(), MusicGrid::kSixteenth);
  EXPECT_THROW(trained.model.Harmonise(pieces[0]), Error);
}

TEST_F(Library, a_transcriber_from_memory_is_the_programs) {
  std::vector<Recording> recordings;
  for (uint64_t i = 0; i < 20; ++i) recordings.push_back({SayTones(ToneText(i), i), kToneRate, ToneText(i), ""});
  const Data data = MakeRecordings(recordings, "speech.tsv");
  WriteAll(Path("speech.tsv"), std::string(data.contents()));
  const std::string program =
      Model({"transcribe", "speech.tsv", "--hidden", "8", "--channels", "8", "--steps", "5", "--causal"});
  TranscriberOptions options;
  options.causal = true;
  options.channels = 8;
  options.train = Small(5);
  const auto trained = Train(options, data);
  EXPECT_EQ(trained.model.Serialize(), program);
  EXPECT_EQ(trained.model.rate(), kToneRate);
  EXPECT_EQ(trained.model.Evaluate(data).Figure("word_error_rate"), trained.evaluation.Figure("word_error_rate"));

  const Transcript whole = trained.model.Transcribe(recordings[0].samples, kToneRate);
  TranscriberStream stream(trained.model);
  for (const float sample : recordings[0].samples) stream.Push(std::span(&sample, 1));
  stream.Finish();
  EXPECT_EQ(stream.Text(), whole.text);
  WriteAll(Path("a.wav"), WriteWav(recordings[0].samples, kToneRate));
  EXPECT_EQ(trained.model.TranscribeFile(Path("a.wav"), {.beam = 8}).text,
            trained.model.Transcribe(recordings[0].samples, kToneRate, {.beam = 8}).text);
  EXPECT_THROW(trained.model.Transcribe({}, kToneRate), Error);
  EXPECT_THROW(trained.model.Transcribe(recordings[0].samples, 0), Error);
  EXPECT_THROW(trained.model.Transcribe(recordings[0].samples, kToneRate, {.beam = 0}), Error);
  EXPECT_THROW(MakeRecordings(std::vector<Recording>{{{0.5F}, 8000, "a\tb", ""}}), Error);
}

TEST_F(Library, a_voice_from_memory_is_the_programs) {
  std::vector<Recording> recordings;
  for (uint64_t i = 0; i < 8; ++i) {
    const std::string text = i % 2 == 0 ? "ab dab" : "cad b";
    recordings.push_back({SayBuzz(text, i), kBuzzRate, text, ""});
  }
  const Data data = MakeRecordings(recordings, "speech.tsv");
  WriteAll(Path("speech.tsv"), std::string(data.contents()));
  const std::string program = Model(
      {"speak", "speech.tsv", "--rate", "8000", "--embedding", "4", "--text-hidden", "4", "--hidden", "8", "--steps", "5"});
  VoiceOptions options;
  options.rate = kBuzzRate;
  options.embedding = options.text_hidden = 4;
  options.train = Small(5);
  const auto trained = Train(options, data);
  EXPECT_EQ(trained.model.Serialize(), program);
  EXPECT_EQ(trained.model.rate(), kBuzzRate);
  EXPECT_TRUE(trained.model.speaks_letters());
  EXPECT_EQ(trained.model.symbols().size(), 6U);
  EXPECT_EQ(trained.model.Evaluate(data).Figure("mel_cepstral_distortion"),
            trained.evaluation.Figure("mel_cepstral_distortion"));

  const Speech speech = trained.model.Speak("Bad cab", {.speed = 1.5});
  ASSERT_EQ(Run({"speak", "m.eddy", "Bad cab", "--speed", "1.5", "-o", "out.wav"}).code, 0);
  EXPECT_EQ(WriteWav16(speech.samples, speech.rate), ReadAll(Path("out.wav")));
  EXPECT_THROW(trained.model.Speak(""), Error);
  EXPECT_THROW(trained.model.Speak("ab", {.speed = 0}), Error);
  EXPECT_THROW(trained.model.Speak("ab", {.threads = 0}), Error);
  EXPECT_THROW(Voice::Load(Path("speech.tsv")), Error);
}

TEST_F(Library, many_threads_share_a_model) {
  LanguageModelOptions options;
  options.train = Small(10);
  const LanguageModel model = Train(options, {Data::Text(Verses(), "verses.txt")}).model;
  const std::string alone = model.Generate({.length = 50});
  std::vector<std::string> texts(4);
  std::vector<std::thread> threads;
  for (std::string& text : texts) threads.emplace_back([&] { text = model.Generate({.length = 50}); });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& text : texts) EXPECT_EQ(text, alone);
}

TEST_F(Library, what_cannot_be_learned_from_is_an_error_and_leaves_nothing) {
  ForecastOptions options;
  options.horizon = 3;
  EXPECT_THROW(Train(options, Data::Text("a,b\n1,2\n")), Error);  // no target
  options.target = "a";
  EXPECT_THROW(Train(options, Data::Text("a,b\n1,2\n")), Error);  // one row
  EXPECT_THROW(Train(options, Data::File(Path("missing.csv"))), Error);
  options.horizon = 0;
  EXPECT_THROW(Train(options, Data::Text("a,b\n1,2\n")), Error);
  EXPECT_THROW(Data::Table({{"a", std::vector<double>{1, 2}}, {"b", std::vector<double>{1}}}), Error);
  EXPECT_THROW(Forecaster::Load(Path("missing.eddy")), Error);
  LanguageModelOptions text;
  text.train = Small(1000);
  EXPECT_THROW(Train(text, {Data::Text(Verses())}, {.threads = 1, .stop = [] { return true; }, .progress = {}, .say = {}}),
               Stopped);
}

}  // namespace library_test
}  // namespace eddy
