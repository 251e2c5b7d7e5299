#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "audio/resample.h"
#include "audio/tone_words.h"
#include "cli/program.h"
#include "train/checkpoint.h"

namespace eddy {
namespace transcribe_command_test {

using Json = nlohmann::json;

// Words of tones (tone_words.h) in wav files and a manifest of them, of two speakers.
class TranscribeCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string manifest;
    for (uint64_t i = 0; i < 60; ++i) {
      const std::string name = "s" + std::to_string(i) + ".wav";
      WriteAll(Path(name), WriteWav(SayTones(ToneText(i), i), kToneRate));
      manifest += name + "\t" + ToneText(i) + "\t" + (i % 2 ? "Ana" : "Omar") + "\n";
    }
    WriteAll(Path("speech.tsv"), manifest);
    WriteAll(Path("talk.wav"), WriteWav(SayTones("ab dab ca", 1234), kToneRate));
  }

  std::vector<std::string> Train(const std::string& model, const std::vector<std::string>& more = {},
                                 const std::string& file = "speech.tsv") const {
    std::vector<std::string> arguments = {"train", "transcribe", file};
    const std::vector<std::string> usual = {"-o",       model, "--hidden",        "16",   "--channels", "16",
                                            "--layers", "1",   "--mels",          "20",   "--valid",    "0.2",
                                            "--batch",  "8",   "--dropout",       "0.05", "--speeds",   "1",
                                            "--steps",  "250", "--learning-rate", "0.02", "--threads",  "1",
                                            "--noise",  "0.1"};
    for (size_t i = 0; i < usual.size(); i += 2) {
      if (std::find(more.begin(), more.end(), usual[i]) != more.end()) continue;
      arguments.insert(arguments.end(), {usual[i], usual[i + 1]});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  // Runs the program with what stands in a file as its standard input.
  ProgramOutcome RunWithInput(const std::string& file, const std::vector<std::string>& arguments) const {
    const int saved = dup(STDIN_FILENO), input = open(Path(file).c_str(), O_RDONLY);
    dup2(input, STDIN_FILENO);
    const ProgramOutcome outcome = Run(arguments);
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(input);
    return outcome;
  }

  // Channels alike.
  static std::string WavOf(const std::vector<float>& samples, int rate, int channels) {
    std::vector<float> all;
    for (const float sample : samples) all.insert(all.end(), static_cast<size_t>(channels), sample);
    std::string wav = WriteWav(all, rate);
    const auto put = [&](size_t at, uint32_t value, size_t bytes) { std::memcpy(wav.data() + at, &value, bytes); };
    put(22, static_cast<uint32_t>(channels), 2);
    put(28, static_cast<uint32_t>(rate * channels * 4), 4);
    put(32, static_cast<uint32_t>(channels * 4), 2);
    return wav;
  }

  void WritePcm(const std::string& name, const std::vector<float>& samples) const {
    std::string bytes;
    for (const float sample : samples) {
      const auto number = static_cast<uint16_t>(static_cast<int16_t>(std::lround(sample * 32767)));
      bytes += {static_cast<char>(number & 0xFF), static_cast<char>(number >> 8)};
    }
    WriteAll(Path(name), bytes);
  }
};

TEST_F(TranscribeCommand, it_learns_words_and_evaluates_them) {
  const ProgramOutcome trained = Run(Train("m.eddy", {"--json", "--report", "m.html"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["task"], "transcribe");
  EXPECT_EQ(training["recordings"], 12);
  EXPECT_LT(training["word_error_rate"], 0.1);
  EXPECT_EQ(training["floors"][0]["name"], "the commonest transcript");
  EXPECT_GT(training["floors"][0]["word_error_rate"], 0.5);
  EXPECT_EQ(training["speakers"].size(), 2U);
  for (const char* part : {"What it hears", "the commonest transcript", "network, of Ana", "Loss over training"}) {
    EXPECT_NE(ReadAll(Path("m.html")).find(part), std::string::npos) << part;
  }

  const Json scores = Json::parse(Run({"evaluate", "m.eddy", "speech.tsv", "--json"}).out);
  EXPECT_EQ(scores["word_error_rate"], training["word_error_rate"]) << "the same recordings are held out";
  EXPECT_EQ(scores["nats_per_character"], training["nats_per_character"]);
  EXPECT_EQ(Json::parse(Run({"evaluate", "m.eddy", "speech.tsv", "--json", "--all"}).out)["recordings"], 60);
  WriteAll(Path("test.tsv"), "talk.wav\tab dab xy\ns3.wav\t\n");
  const ProgramOutcome told = Run({"evaluate", "m.eddy", "test.tsv"});
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_NE(told.out.find("3 words in 2 recordings"), std::string::npos) << told.out;

  EXPECT_EQ(Run({"transcribe", "m.eddy", "talk.wav"}).out, "ab dab ca\n");
  EXPECT_EQ(Run({"transcribe", "m.eddy", "talk.wav", "s0.wav"}).out, "talk.wav\tab dab ca\ns0.wav\t" + ToneText(0) + "\n");
  const auto confidence = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"transcribe", "m.eddy", "talk.wav", "s0.wav", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Json::parse(Run(arguments).out)["recordings"][0]["words"][0]["confidence"].get<double>();
  };
  EXPECT_NE(confidence({}), confidence({"--one-speaker"})) << "the mean of both is taken from the first, not its own";
  ExpectError(Run({"transcribe", "m.eddy", "-", "--one-speaker"}), 2, "--one-speaker");
  ExpectError(Run({"transcribe", "m.eddy", "talk.wav", "--one-speaker"}), 2, "--one-speaker is of several files");
  const Json said = Json::parse(Run({"transcribe", "m.eddy", "talk.wav", "--json", "--beam", "8", "--nbest", "2"}).out);
  const Json& words = said["recordings"][0]["words"];
  ASSERT_EQ(words.size(), 3U);
  EXPECT_EQ(words[1]["word"], "dab");
  EXPECT_NEAR(words[1]["begin"].get<double>(), 0.15 + 0.24 + 0.12, 0.12) << "where the tones are";
  EXPECT_NEAR(words[1]["end"].get<double>(), 0.15 + 0.24 + 0.12 + 0.36, 0.15);
  EXPECT_GT(words[1]["confidence"], 0.3);
  EXPECT_EQ(said["recordings"][0]["best"].size(), 2U);
  EXPECT_NE(Run({"transcribe", "m.eddy", "talk.wav", "--srt"}).out.find("\nab dab ca\n"), std::string::npos);
  EXPECT_TRUE(Run({"transcribe", "m.eddy", "talk.wav", "--vtt"}).out.starts_with("WEBVTT\n"));
  EXPECT_TRUE(Run({"transcribe", "m.eddy", "talk.wav", "--ctm"}).out.starts_with("talk 1 0."));

  // At any rate, of one channel or two: the same words at the same times.
  for (const int rate : {8000, 16000, 22050, 44100, 48000}) {
    for (const int channels : {1, 2}) {
      WriteAll(Path("same.wav"), WavOf(Resample(SayTones("ab dab ca", 1234), kToneRate, rate), rate, channels));
      const ProgramOutcome same = Run({"transcribe", "m.eddy", "same.wav", "--json"});
      const Json heard = Json::parse(same.out)["recordings"][0]["words"];
      ASSERT_EQ(heard.size(), words.size()) << rate;
      for (size_t i = 0; i < words.size(); ++i) {
        EXPECT_EQ(heard[i]["word"], words[i]["word"]) << rate;
        for (const char* side : {"begin", "end"}) {
          EXPECT_NEAR(heard[i][side].get<double>(), words[i][side].get<double>(), 0.02 + 1e-9) << rate << " " << channels;
        }
      }
      const std::string told = fmt::format("resampled from {} to 8000", rate);
      EXPECT_EQ(same.err.find(told) != std::string::npos, rate != kToneRate) << same.err;
    }
  }

  WriteAll(Path("words.txt"), "ab bad ca\nca bad\nbad bad\n");
  EXPECT_EQ(Run({"transcribe", "m.eddy", "talk.wav", "--lm", "words.txt", "--lm-weight", "0.01"}).out, "ab dab ca\n");

  WriteAll(Path("hot.txt"), "dab\n");
  EXPECT_EQ(Run({"transcribe", "m.eddy", "talk.wav", "--hot-words", "hot.txt"}).out, "ab dab ca\n");
  WriteAll(Path("hot.txt"), "aab\n");
  EXPECT_NE(Run({"transcribe", "m.eddy", "talk.wav", "--hot-words", "hot.txt", "--hot-weight", "100"}).out.find("aab"),
            std::string::npos)
      << "as likely as one likes";
  ExpectError(Run({"transcribe", "m.eddy", "talk.wav", "--hot-words", "hot.txt", "--beam", "1"}), 2, "--hot-words");
  ExpectError(Run({"transcribe", "m.eddy", "talk.wav", "--hot-weight", "2"}), 2, "--hot-words");
  ExpectError(Run({"transcribe", "m.eddy", "talk.wav", "--hot-words", "none.txt"}), 1, "none.txt");
  WriteAll(Path("hot.txt"), "Ab7\n");
  ExpectError(Run({"transcribe", "m.eddy", "talk.wav", "--hot-words", "hot.txt"}), 1, "Ab7");
  WriteAll(Path("hot.txt"), "\n");
  ExpectError(Run({"transcribe", "m.eddy", "talk.wav", "--hot-words", "hot.txt"}), 1, "hot.txt");

  // Nothing said gives nothing.
  WriteAll(Path("silence.wav"), WriteWav(std::vector<float>(5 * kToneRate), kToneRate));
  EXPECT_EQ(Run({"transcribe", "m.eddy", "silence.wav"}).out, "\n");

  EXPECT_NE(Run({"inspect", "m.eddy"}).out.find("a transcribe model"), std::string::npos);
  for (const char* precision : {"int8", "bf16"}) {
    const ProgramOutcome quantized = Run({"quantize", "m.eddy", "speech.tsv", "--to", precision, "-o", "small.eddy"});
    ASSERT_EQ(quantized.code, 0) << quantized.err;
    EXPECT_EQ(Run({"transcribe", "small.eddy", "talk.wav"}).out, "ab dab ca\n") << precision;
  }
  ExpectError(Run({"transcribe", "m.eddy", "-"}), 1, "causal");
  ExpectError(Run({"transcribe", "m.eddy", "none.wav"}), 1, "none.wav");
  ExpectError(Run({"transcribe", "m.eddy", "speech.tsv"}), 1, "speech.tsv");
  ExpectError(Run({"transcribe", "m.eddy", "talk.wav", "--nbest", "2"}), 2, "--beam");
  ExpectError(Run({"transcribe", "m.eddy", "talk.wav", "--lm-weight", "2"}), 2, "--lm");
  ExpectError(Run({"evaluate", "m.eddy", "speech.tsv", "--word-bonus", "1"}), 2, "--word-bonus requires --lm");
  ExpectError(Run({"transcribe", "m.eddy", "talk.wav", "--lm", "none.arpa"}), 1, "none.arpa");
  ExpectError(Run({"transcribe", "m.eddy", "talk.wav", "--rate", "8000"}), 2, "--rate");
  ExpectError(Run({"inspect", "m.eddy", "talk.wav"}), 1, "report");
}

TEST_F(TranscribeCommand, a_causal_model_writes_what_is_said_as_it_comes) {
  ASSERT_EQ(Run(Train("m.eddy", {"--causal"})).code, 0);
  std::vector<float> sound = SayTones("ab dab", 99);
  sound.insert(sound.end(), 2 * kToneRate, 0.0F);
  const std::vector<float> more = SayTones("ca", 98);
  sound.insert(sound.end(), more.begin(), more.end());
  WritePcm("talk.raw", sound);
  const ProgramOutcome live = RunWithInput("talk.raw", {"transcribe", "m.eddy", "-"});
  ASSERT_EQ(live.code, 0) << live.err;
  const ProgramOutcome lines = RunWithInput("talk.raw", {"transcribe", "m.eddy", "-", "--json"});
  std::string finals;
  size_t partials = 0;
  for (size_t at = 0; at < lines.out.size(); at = lines.out.find('\n', at) + 1) {
    const Json line = Json::parse(lines.out.substr(at, lines.out.find('\n', at) - at));
    partials += line.contains("partial");
    if (line.contains("final")) finals += line["final"].get<std::string>() + "\n";
  }
  EXPECT_EQ(finals, live.out);
  EXPECT_GT(partials, 2U);
  EXPECT_GE(std::count(live.out.begin(), live.out.end(), '\n'), 2) << live.out;
  // The file, of the same 16 bits, has the same characters.
  std::vector<float> rounded;
  for (const float sample : sound) rounded.push_back(static_cast<float>(std::lround(sample * 32767)) / 32768);
  WriteAll(Path("talk.wav"), WriteWav(rounded, kToneRate));
  std::string whole = Run({"transcribe", "m.eddy", "talk.wav"}).out;
  const auto letters = [](std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    return text;
  };
  EXPECT_EQ(letters(live.out), letters(whole));
  WriteAll(Path("empty.raw"), "");
  EXPECT_EQ(RunWithInput("empty.raw", {"transcribe", "m.eddy", "-"}).out, "");
  WriteAll(Path("odd.raw"), "x");
  EXPECT_EQ(RunWithInput("odd.raw", {"transcribe", "m.eddy", "-"}).out, "");
  ExpectError(RunWithInput("talk.raw", {"transcribe", "m.eddy", "-", "--srt"}), 2, "-");
  ExpectError(Run(Train("n.eddy", {"--causal", "--deltas", "1"})), 2, "--causal");
  ExpectError(Run({"transcribe", "m.eddy", "talk.wav", "--one-speaker"}), 2, "not causal");
}

TEST_F(TranscribeCommand, words_are_learned_by_their_pieces_too) {
  const ProgramOutcome trained =
      Run(Train("m.eddy", {"--causal", "--unit", "bpe", "--vocabulary", "16", "--steps", "500", "--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.err.find(" pieces"), std::string::npos) << trained.err;
  EXPECT_LT(Json::parse(trained.out)["word_error_rate"], 0.1);
  EXPECT_EQ(Run({"transcribe", "m.eddy", "talk.wav"}).out, "ab dab ca\n");
  std::vector<float> sound = SayTones("ab dab ca", 1234);
  sound.insert(sound.end(), 2 * kToneRate, 0.0F);
  WritePcm("talk.raw", sound);
  EXPECT_EQ(RunWithInput("talk.raw", {"transcribe", "m.eddy", "-"}).out, "ab dab ca\n");
  const Json words = Json::parse(Run({"transcribe", "m.eddy", "talk.wav", "--json"}).out)["recordings"][0]["words"];
  ASSERT_EQ(words.size(), 3U);
  EXPECT_GT(words[1]["begin"], 0.51 - 0.12) << "where the tones are";
  EXPECT_LT(words[1]["begin"], 0.51 + 0.36 + 0.15) << "a piece is known when it has been heard";
  EXPECT_NE(Run({"inspect", "m.eddy", "--json"}).out.find("\"pieces\""), std::string::npos);
  ExpectError(Run(Train("n.eddy", {"--unit", "word"})), 2, "--unit");
  ExpectError(Run(Train("n.eddy", {"--unit", "bpe", "--vocabulary", "3"})), 1, "pieces");
  EXPECT_FALSE(std::filesystem::exists(Path("n.eddy")));
}

TEST_F(TranscribeCommand, any_number_of_threads_trains_the_same_model) {
  ASSERT_EQ(Run(Train("one.eddy", {"--steps", "20"})).code, 0);
  ASSERT_EQ(Run(Train("two.eddy", {"--steps", "20", "--threads", "2"})).code, 0);
  EXPECT_EQ(ReadAll(Path("one.eddy")), ReadAll(Path("two.eddy")));
}

TEST_F(TranscribeCommand, a_resumed_run_writes_the_model_of_one_never_stopped) {
  const auto train = [&](const std::string& model, bool resume) {
    std::vector<std::string> arguments =
        Train(model, {"--steps", "400", "--patience", "0", "--checkpoint-seconds", "0", "--hidden", "4", "--channels", "4"});
    if (resume) arguments.push_back("--resume");
    return arguments;
  };
  ASSERT_EQ(Run(train("whole.eddy", false)).code, 0);
  const pid_t child = Start(train("parts.eddy", false));
  for (int i = 0; i < 5000 && !HasCheckpoint(CheckpointPath(Path("parts.eddy"))); ++i) Sleep(0.001);
  kill(child, SIGTERM);
  const ProgramOutcome stopped = Wait(child);
  ASSERT_EQ(stopped.code, 128 + SIGTERM) << stopped.err;
  const ProgramOutcome resumed = Run(train("parts.eddy", true));
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(ReadAll(Path("parts.eddy")), ReadAll(Path("whole.eddy")));
}

TEST_F(TranscribeCommand, a_folder_and_a_manifest_of_its_sounds_train_the_same_weights) {
  std::filesystem::create_directory(Path("folder"));
  std::string manifest;
  for (uint64_t i = 10; i < 30; ++i) {
    const std::string name = "folder/s" + std::to_string(i);
    std::filesystem::copy(Path("s" + std::to_string(i) + ".wav"), Path(name + ".wav"));
    WriteAll(Path(name + ".txt"), ToneText(i) + "\n");
    manifest += name + ".wav\t" + ToneText(i) + "\n";
  }
  WriteAll(Path("folder.tsv"), manifest);
  const auto weights = [&](const std::string& file) {
    EXPECT_EQ(Run(Train("m.eddy", {"--steps", "3"}, file)).code, 0);
    const Json inspected = Json::parse(Run({"inspect", "m.eddy", "--json"}).out);
    return inspected["training"]["source"]["hash"].dump();
  };
  EXPECT_EQ(weights("folder"), weights("folder.tsv"));
}

TEST_F(TranscribeCommand, features_from_files_are_learned_too) {
  std::string manifest;
  for (int i = 0; i < 12; ++i) {
    std::string lines;
    for (int t = 0; t < 30; ++t) lines += std::to_string(t % 7 == i % 7 ? 1.5 : -0.5) + "," + std::to_string(i % 3) + "\n";
    WriteAll(Path("f" + std::to_string(i) + ".csv"), lines);
    manifest += "f" + std::to_string(i) + ".csv\t" + std::string(1, static_cast<char>('a' + i % 3)) + "\n";
  }
  WriteAll(Path("features.tsv"), manifest);
  std::vector<std::string> train = {"train",      "transcribe", "features.tsv", "-o", "f.eddy",   "--hidden", "4",
                                    "--channels", "4",          "--steps",      "5",  "--deltas", "1",        "--threads",
                                    "1"};
  ASSERT_EQ(Run(train).code, 0) << ReadAll(Path("stderr"));
  EXPECT_EQ(Run({"transcribe", "f.eddy", "f0.csv"}).code, 0);
  ExpectError(Run({"transcribe", "f.eddy", "talk.wav"}), 1, "talk.wav");
  ExpectError(Run({"transcribe", "f.eddy", "-"}), 1, "sound");
  WriteAll(Path("wide.csv"), "1,2,3\n");
  ExpectError(Run({"transcribe", "f.eddy", "wide.csv"}), 1, "2 numbers a frame");
  const std::vector<std::vector<std::string>> of_sound = {
      {"--rate", "8000"}, {"--features", "mfcc"}, {"--mels", "20"}, {"--cepstra", "2"}, {"--noise", "0.1"}};
  for (const std::vector<std::string>& option : of_sound) {
    std::vector<std::string> with = train;
    with.insert(with.end(), option.begin(), option.end());
    ExpectError(Run(with), 2, option[0] + " is for sound");
  }
}

TEST_F(TranscribeCommand, bad_recordings_are_named_and_skipped_or_refused) {
  const std::string good = ReadAll(Path("speech.tsv"));
  const auto train = [&](const std::string& manifest, const std::vector<std::string>& more = {}) {
    WriteAll(Path("bad.tsv"), manifest);
    std::vector<std::string> arguments = Train("bad.eddy", {"--steps", "2"}, "bad.tsv");
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  const std::string wav = ReadAll(Path("talk.wav"));
  WriteAll(Path("cut.wav"), wav.substr(0, wav.size() / 2));
  WriteAll(Path("silent.wav"), WriteWav(std::vector<float>(8000), 8000));
  std::vector<float> few = SayTones("ab", 1);
  few.resize(400);
  WriteAll(Path("short.wav"), WriteWav(few, 8000));
  std::string lies = wav;
  const uint32_t rate = 44100;
  std::memcpy(lies.data() + 24, &rate, 4);
  WriteAll(Path("lies.wav"), lies);
  for (const char* bad : {"none.wav", "cut.wav", "silent.wav", "lies.wav", "speech.tsv"}) {
    const std::string line = std::string(bad) + "\tab\tAna\n";
    const ProgramOutcome skipped = train(good + line);
    EXPECT_EQ(skipped.code, 0) << skipped.err;
    EXPECT_NE(skipped.err.find("Skipped 1 of 61 lines"), std::string::npos) << skipped.err;
    EXPECT_NE(skipped.err.find(std::string(bad) == "silent.wav" ? "bad.tsv line 61" : bad), std::string::npos)
        << skipped.err;
    EXPECT_EQ(train(good + line, {"--strict"}).code, 1) << bad;
    EXPECT_EQ(train(good + line + line + line).code, 1) << bad << " more than one in a hundred";
  }
  const ProgramOutcome left = train(good + "short.wav\tababababab\tAna\n");
  EXPECT_EQ(left.code, 0) << left.err;
  EXPECT_NE(left.err.find("too short for 10 characters"), std::string::npos) << left.err;
  EXPECT_EQ(train(good + "silent.wav\t\tAna\n").code, 0) << "silence of nothing said is data";
  std::filesystem::remove(Path("bad.eddy"));

  ExpectError(train(""), 1, "bad.tsv");
  ExpectError(train("s0.wav\n"), 1, "bad.tsv line 1");
  ExpectError(train("s0.wav\tab\n"), 1, "two recordings");
  ExpectError(train("s0.wav\t\ns1.wav\t\n"), 1, "with transcripts");
  ExpectError(train("none.wav\tab\nnone2.wav\tab\n"), 1, "none");
  ExpectError(train(good, {"--cepstra", "0"}), 2, "--cepstra");
  ExpectError(train(good, {"--features", "mfc"}), 2, "--features");
  ExpectError(train(good, {"--features", "mel", "--cepstra", "12"}), 2, "--cepstra");
  ExpectError(train(good, {"--cepstra", "21"}), 2, "--cepstra 21 are more than the 20 of --mels");
  EXPECT_EQ(Run(Train("bad.eddy", {"--steps", "2", "--mels", "8"})).code, 0) << "fewer filters than the usual cepstra";
  std::filesystem::remove(Path("bad.eddy"));
  ExpectError(train(good, {"--valid", "2"}), 2, "--valid");
  std::filesystem::create_directory(Path("empty"));
  ExpectError(Run(Train("bad.eddy", {}, "empty")), 1, "empty");
  ExpectError(Run(Train("bad.eddy", {}, "none.tsv")), 1, "none.tsv");
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy")));
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy.checkpoint")));
}

}  // namespace transcribe_command_test
}  // namespace eddy
