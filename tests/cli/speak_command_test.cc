// The program's voices, from training to sound.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "audio/buzz_words.h"
#include "audio/sound.h"
#include "cli/program.h"
#include "train/checkpoint.h"

namespace eddy {
namespace speak_command_test {

using Json = nlohmann::json;

constexpr const char* kTexts[] = {"ab dab", "cad", "bad cab", "dcb a", "abcd", "cab dab", "da cb", "bcd ad"};

class SpeakCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    for (uint64_t i = 0; i < 16; ++i) {
      const std::string name = "s" + std::to_string(i) + ".wav";
      WriteAll(Path(name), WriteWav(SayBuzz(kTexts[i % 8], i), kBuzzRate));
      manifest_ += name + "\t" + kTexts[i % 8] + "\n";
    }
    WriteAll(Path("speech.tsv"), manifest_);
  }

  std::vector<std::string> Train(const std::string& model, const std::vector<std::string>& more = {},
                                 const std::string& file = "speech.tsv") const {
    std::vector<std::string> arguments = {"train", "speak", file};
    const std::vector<std::string> usual = {
        "-o",      model, "--hidden",         "10",  "--layers",        "1",    "--rate",    "8000",
        "--order", "12",  "--embedding",      "6",   "--text-hidden",   "6",    "--dropout", "0",
        "--batch", "4",   "--steps",          "120", "--learning-rate", "0.02", "--threads", "1",
        "--valid", "0.2", "--vocoder-epochs", "0"};
    for (size_t i = 0; i < usual.size(); i += 2) {
      if (std::find(more.begin(), more.end(), usual[i]) != more.end()) continue;
      arguments.insert(arguments.end(), {usual[i], usual[i + 1]});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  std::string manifest_;
};

TEST_F(SpeakCommand, it_learns_a_voice_and_speaks) {
  const ProgramOutcome trained = Run(Train("v.eddy", {"--vocoder-epochs", "8", "--json", "--report", "v.html"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["task"], "speak");
  EXPECT_EQ(training["recordings"], 3);
  EXPECT_LT(training["mel_cepstral_distortion"], 3);
  EXPECT_GT(training["floors"][0]["mel_cepstral_distortion"], 0);
  EXPECT_LT(training["voicing_error"], 0.3);
  EXPECT_LT(training["pitch_rmse"], 25);
  EXPECT_EQ(training["floors"][0]["name"], "the mean of each symbol");
  EXPECT_EQ(training["vocoder"]["name"], "neural");
  EXPECT_LT(training["vocoder"]["spectral_distance"]["neural"], training["vocoder"]["spectral_distance"]["source-filter"]);
  for (const char* part : {"mel-cepstral distortion", "the mean of each symbol", "spectrum, recording", "<audio controls",
                           "Loss over training"}) {
    EXPECT_NE(ReadAll(Path("v.html")).find(part), std::string::npos) << part;
  }

  const Json scores = Json::parse(Run({"evaluate", "v.eddy", "speech.tsv", "--json"}).out);
  for (const char* figure : {"mel_cepstral_distortion", "voicing_error", "pitch_rmse", "duration_rmse_ms", "loss"}) {
    EXPECT_EQ(scores[figure], training[figure]) << figure << ": the same recordings are held out";
  }
  EXPECT_EQ(scores["vocoder"], training["vocoder"]);
  EXPECT_EQ(Json::parse(Run({"evaluate", "v.eddy", "speech.tsv", "--json", "--all"}).out)["recordings"], 16);
  WriteAll(Path("test.tsv"), "s0.wav\tab dab\ns1.wav\txyz\n");
  const ProgramOutcome told = Run({"evaluate", "v.eddy", "test.tsv"});
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_NE(told.out.find("Left out 1 recording"), std::string::npos) << told.out;

  const ProgramOutcome spoken = Run({"speak", "v.eddy", "Bad dab", "-o", "out.wav", "--write-durations", "d.tsv"});
  ASSERT_EQ(spoken.code, 0) << spoken.err;
  const Sound sound = ParseSound(ReadAll(Path("out.wav")), "out.wav");
  EXPECT_EQ(sound.rate, 8000);
  EXPECT_FALSE(sound.silent);
  EXPECT_EQ(sound.clipped, 0);
  EXPECT_NEAR(static_cast<double>(sound.samples.size()), static_cast<double>(SayBuzz("bad dab", 1).size()), 2400);
  const std::string durations = ReadAll(Path("d.tsv"));
  EXPECT_EQ(std::count(durations.begin(), durations.end(), '\n'), 9);
  EXPECT_NE(durations.find("<space>\t"), std::string::npos) << durations;

  // The same again, from a file, from standard output, and from its own durations.
  WriteAll(Path("text.txt"), "Bad dab\n");
  ASSERT_EQ(Run({"speak", "v.eddy", "text.txt", "-o", "again.wav"}).code, 0);
  EXPECT_EQ(ReadAll(Path("again.wav")), ReadAll(Path("out.wav")));
  ASSERT_EQ(Run({"speak", "v.eddy", "Bad dab", "-o", "given.wav", "--durations", "d.tsv"}).code, 0);
  EXPECT_EQ(ReadAll(Path("given.wav")), ReadAll(Path("out.wav")));
  ASSERT_EQ(Run({"speak", "v.eddy", "Bad dab", "-o", "neural.wav", "--vocoder", "neural"}).code, 0);
  EXPECT_EQ(ReadAll(Path("neural.wav")), ReadAll(Path("out.wav")));
  ASSERT_EQ(Run({"speak", "v.eddy", "Bad dab", "-o", "source.wav", "--vocoder", "source-filter"}).code, 0);
  EXPECT_NE(ReadAll(Path("source.wav")), ReadAll(Path("out.wav")));
  EXPECT_TRUE(Run({"speak", "v.eddy", "Bad dab"}).out == ReadAll(Path("out.wav")).substr(44)) << "the samples alone";
  ASSERT_EQ(Run({"speak", "v.eddy", "Bad dab", "-o", "fast.wav", "--speed", "2"}).code, 0);
  EXPECT_LT(ReadAll(Path("fast.wav")).size(), ReadAll(Path("out.wav")).size() * 3 / 4);
  WriteAll(Path("lines.txt"), "bad\n\ndab\n");
  const Json said = Json::parse(Run({"speak", "v.eddy", "lines.txt", "--json"}).out);
  ASSERT_EQ(said["sentences"].size(), 2U);
  EXPECT_EQ(said["sentences"][1]["symbols"].size(), 5U);

  EXPECT_NE(Run({"inspect", "v.eddy"}).out.find("a speak model"), std::string::npos);
  const ProgramOutcome quantized = Run({"quantize", "v.eddy", "speech.tsv", "--to", "bf16", "-o", "small.eddy"});
  ASSERT_EQ(quantized.code, 0) << quantized.err;
  EXPECT_EQ(Run({"speak", "small.eddy", "ab", "-o", "small.wav"}).code, 0);
}

TEST_F(SpeakCommand, what_cannot_be_said_is_one_line_and_no_file) {
  ASSERT_EQ(Run(Train("v.eddy", {"--steps", "2"})).code, 0);
  const auto speak = [&](const std::string& text, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"speak", "v.eddy", text, "-o", "bad.wav"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  ExpectError(speak(""), 1, "empty");
  ExpectError(speak(" \n "), 1, "empty");
  ExpectError(speak("ab 7"), 1, "\"7\", which is not among the letters learned");
  ExpectError(speak("\xff"), 1, "UTF-8");
  ExpectError(speak("ab", {"--vocoder", "neural"}), 1, "a neural vocoder");
  ExpectError(speak("ab", {"--vocoder", "neurol"}), 2, "neural");
  ExpectError(Run(Train("w.eddy", {"--vocoder-epochs", "-1"})), 2, "--vocoder-epochs");
  ExpectError(speak("ab", {"--speed", "0"}), 2, "--speed");
  ExpectError(speak("ab", {"--pitch", "9"}), 2, "--pitch");
  ExpectError(speak("ab", {"--sharpness", "-1"}), 2, "--sharpness");
  ExpectError(Run({"speak", "m.eddy", "ab", "--json", "--pitch", "2"}), 2, "--pitch");
  WriteAll(Path("d.tsv"), "<edge>\t100\na\tlong\n<edge>\t100\n");
  ExpectError(speak("a", {"--durations", "d.tsv"}), 1, "d.tsv line 2");
  WriteAll(Path("d.tsv"), "<edge>\t100\na\t10\n<edge>\t100\n");
  ExpectError(speak("ab", {"--durations", "d.tsv"}), 1, "4 symbols");
  ExpectError(speak("b", {"--durations", "d.tsv"}), 1, "duration 2");
  ExpectError(speak("a", {"--durations", "d.tsv", "--speed", "2"}), 2, "--speed");
  ExpectError(speak("a\nb", {"--durations", "d.tsv"}), 2, "one sentence");
  ExpectError(speak("a", {"--durations", "none.tsv"}), 1, "none.tsv");
  WriteAll(Path("no.eddy"), "nothing");
  ExpectError(Run({"speak", "no.eddy", "ab", "-o", "bad.wav"}), 1, "no.eddy");
  ExpectError(Run({"transcribe", "v.eddy", "s0.wav"}), 1, "speak");
  ExpectError(Run({"inspect", "v.eddy", "s0.wav"}), 1, "report");
  EXPECT_FALSE(std::filesystem::exists(Path("bad.wav")));
}

TEST_F(SpeakCommand, bad_recordings_are_named_and_skipped_or_refused) {
  const auto train = [&](const std::string& manifest, const std::vector<std::string>& more = {}) {
    WriteAll(Path("bad.tsv"), manifest);
    std::vector<std::string> arguments = Train("bad.eddy", {"--steps", "2"}, "bad.tsv");
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  const std::string wav = ReadAll(Path("s0.wav"));
  WriteAll(Path("cut.wav"), wav.substr(0, wav.size() / 2));
  WriteAll(Path("silent.wav"), WriteWav(std::vector<float>(8000), 8000));
  WriteAll(Path("short.wav"), WriteWav(std::vector<float>(300, 0.1F), 8000));
  std::vector<float> spoilt(8000, 0.1F);
  spoilt[5] = NAN;
  WriteAll(Path("nan.wav"), WriteWav(spoilt, 8000));
  std::vector<float> noise(61 * 8000, 0.1F);
  noise[0] = 0.2F;
  WriteAll(Path("long.wav"), WriteWav(noise, 8000));
  WriteAll(Path("f.csv"), "1,2\n3,4\n");
  for (const char* bad : {"none.wav", "cut.wav", "silent.wav", "short.wav", "nan.wav", "long.wav", "f.csv", "speech.tsv"}) {
    const std::string line = std::string(bad) + "\tab dab\n";
    const ProgramOutcome skipped = train(manifest_ + line);
    EXPECT_EQ(skipped.code, 0) << skipped.err;
    EXPECT_NE(skipped.err.find("Skipped 1 of 17 lines"), std::string::npos) << skipped.err;
    EXPECT_EQ(train(manifest_ + line, {"--strict"}).code, 1) << bad;
  }
  EXPECT_NE(train(manifest_ + "s0.wav\t\n").err.find("with what is said in it"), std::string::npos);
  std::filesystem::remove(Path("bad.eddy"));
  ExpectError(train(""), 1, "bad.tsv");
  ExpectError(train("s0.wav\n"), 1, "bad.tsv line 1");
  ExpectError(train("s0.wav\tab dab\n"), 1, "two recordings");
  ExpectError(train("none.wav\tab\nnone2.wav\tab\n"), 1, "none");
  ExpectError(train(manifest_, {"--low", "300", "--high", "200"}), 2, "--low");
  ExpectError(train(manifest_, {"--frame-ms", "0"}), 2, "--frame-ms");
  ExpectError(train(manifest_, {"--valid", "2"}), 2, "--valid");
  ExpectError(Run(Train("bad.eddy", {}, "none.tsv")), 1, "none.tsv");
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy")));
}

TEST_F(SpeakCommand, a_voice_learns_the_phonemes_of_alignment_files) {
  std::filesystem::create_directory(Path("lab"));
  for (uint64_t i = 0; i < 16; ++i) {
    std::string lines = "#\n0.12 125 pau\n";
    double end = 0.12;
    for (const char letter : std::string(kTexts[i % 8])) {
      end += letter == ' ' ? 0.06 : 0.1;
      lines += std::to_string(end) + " 125 " + (letter == ' ' ? "sp" : std::string(2, letter)) + "\n";
    }
    WriteAll(Path("lab/s" + std::to_string(i) + ".lab"), lines + std::to_string(end + 0.12) + " 125 pau\n");
  }
  const ProgramOutcome trained = Run(Train("v.eddy", {"--alignments", "lab", "--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_LT(Json::parse(trained.out)["duration_rmse_ms"], 25);
  ASSERT_EQ(Run({"speak", "v.eddy", "bb aa dd", "-o", "out.wav", "--write-durations", "d.tsv"}).code, 0);
  EXPECT_TRUE(ReadAll(Path("d.tsv")).starts_with("pau\t"));
  ExpectError(Run({"speak", "v.eddy", "bad"}), 1, "phonemes learned");
  EXPECT_EQ(Json::parse(Run({"evaluate", "v.eddy", "speech.tsv", "--json", "--alignments", "lab"}).out)["loss"],
            Json::parse(trained.out)["loss"]);
  ExpectError(Run({"evaluate", "v.eddy", "speech.tsv"}), 1, "s0.lab");
  WriteAll(Path("lab/s3.lab"), "#\n0.5 125 pau\n99 125 aa\n");
  ExpectError(Run(Train("w.eddy", {"--alignments", "lab", "--strict"})), 1, "s3.lab");
  ExpectError(Run(Train("w.eddy", {"--alignments", "none"})), 1, "none");
}

TEST_F(SpeakCommand, a_voice_learns_the_sounds_that_a_model_finds_in_words_and_keeps_the_model) {
  const std::map<char, std::string> sounds = {{'a', "AA"}, {'b', "BE"}, {'c', "SE"}, {'d', "DE"}};
  std::string pairs;
  for (int i = 0; i < 340; ++i) {
    std::string word, said;
    for (int left = i + 1; left > 0; left = (left - 1) / 4) {
      word += static_cast<char>('a' + (left - 1) % 4);
      said += (said.empty() ? "" : " ") + sounds.at(word.back());
    }
    pairs += word + "\t" + said + "\n";
  }
  WriteAll(Path("sounds.tsv"), pairs);
  const ProgramOutcome learned = Run({"train", "translate", "sounds.tsv", "--unit", "char", "--hidden", "16", "--embedding",
                                      "8", "--dropout", "0", "--steps", "400", "--threads", "1", "-o", "sounds.eddy"});
  ASSERT_EQ(learned.code, 0) << learned.err;
  const ProgramOutcome trained = Run(Train("v.eddy", {"--sounds", "sounds.eddy"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.err.find("phonemes, aligned with the sound"), std::string::npos) << trained.err;

  WriteAll(Path("words.txt"), "bad\ndab\n");
  std::istringstream words(Run({"translate", "sounds.eddy", "words.txt"}).out);
  std::string bad, dab;
  std::getline(words, bad);
  std::getline(words, dab);
  EXPECT_TRUE(bad.starts_with("BE ")) << bad;

  // A lexicon comes first.
  WriteAll(Path("lexicon.tsv"), "Bad\tDE\n");
  const ProgramOutcome listed =
      Run(Train("l.eddy", {"--sounds", "sounds.eddy", "--lexicon", "lexicon.tsv", "--steps", "2"}));
  ASSERT_EQ(listed.code, 0) << listed.err;
  ASSERT_EQ(Run({"speak", "l.eddy", "BAD", "-o", "out.wav", "--write-durations", "d.tsv"}).code, 0);
  EXPECT_NE(ReadAll(Path("d.tsv")).find("\nDE\t"), std::string::npos) << "of the lexicon";
  WriteAll(Path("lexicon.tsv"), "Bad DE\n");
  ExpectError(Run(Train("w.eddy", {"--sounds", "sounds.eddy", "--lexicon", "lexicon.tsv"})), 1, "lexicon.tsv line 1");
  ExpectError(Run(Train("w.eddy", {"--sounds", "sounds.eddy", "--lexicon", "none.tsv"})), 1, "none.tsv");
  ExpectError(Run(Train("w.eddy", {"--lexicon", "lexicon.tsv"})), 2, "sounds");

  // The voice alone reads words, here and as a smaller file.
  std::filesystem::remove(Path("sounds.eddy"));
  ASSERT_EQ(Run({"speak", "v.eddy", "Bad, dab", "-o", "out.wav", "--write-durations", "d.tsv"}).code, 1) << "a comma is new";
  ASSERT_EQ(Run({"speak", "v.eddy", "Bad dab", "-o", "out.wav", "--write-durations", "d.tsv"}).code, 0);
  std::istringstream lines(ReadAll(Path("d.tsv")));
  std::string symbols;
  for (std::string line; std::getline(lines, line);) symbols += line.substr(0, line.find('\t')) + " ";
  EXPECT_EQ(symbols, "<edge> " + bad + " <space> " + dab + " <edge> ");
  ExpectError(Run({"speak", "v.eddy", "bad 7", "-o", "bad.wav"}), 1, "\"7\"");
  ExpectError(Run({"speak", "v.eddy", "x", "-o", "bad.wav"}), 1, "letters that the model of sounds has learned");
  const ProgramOutcome smaller = Run({"quantize", "v.eddy", "speech.tsv", "--to", "int8", "-o", "small.eddy"});
  ASSERT_EQ(smaller.code, 0) << smaller.err;
  EXPECT_EQ(Run({"speak", "small.eddy", "Bad dab", "-o", "small.wav"}).code, 0);
  EXPECT_EQ(Run({"evaluate", "v.eddy", "speech.tsv"}).code, 0);

  ExpectError(Run(Train("w.eddy", {"--sounds", "v.eddy"})), 1, "eddy train translate");
  ASSERT_EQ(Run({"train", "translate", "sounds.tsv", "--unit", "word", "--hidden", "4", "--embedding", "4", "--steps", "2",
                 "--threads", "1", "-o", "words.eddy"})
                .code,
            0);
  ExpectError(Run(Train("w.eddy", {"--sounds", "words.eddy"})), 1, "--unit char");
  ExpectError(Run(Train("w.eddy", {"--sounds", "none.eddy"})), 1, "none.eddy");
  ExpectError(Run(Train("w.eddy", {"--sounds", "v.eddy", "--alignments", "lab"})), 2, "alignments");
}

TEST_F(SpeakCommand, it_plays_through_the_program_that_is_there) {
  ASSERT_EQ(Run(Train("v.eddy", {"--steps", "2"})).code, 0);
  ASSERT_EQ(Run({"speak", "v.eddy", "ab\ncd", "-o", "whole.wav"}).code, 0);
  const std::string path = std::getenv("PATH");
  std::filesystem::create_directory(Path("bin"));
  const auto player = [&](const std::string& name, const std::string& does) {
    WriteAll(Path("bin/" + name), "#!/bin/sh\n" + does + "\n");
    std::filesystem::permissions(Path("bin/" + name), std::filesystem::perms::owner_all);
  };
  setenv("PATH", Path("nothing").c_str(), 1);
  ExpectError(Run({"speak", "v.eddy", "ab", "--play"}), 1, "aplay, paplay or ffplay");
  setenv("PATH", (Path("bin") + ":/usr/bin:/bin").c_str(), 1);
  player("aplay", "echo \"$@\" > words; cat > played");
  const ProgramOutcome played = Run({"speak", "v.eddy", "ab\ncd", "--play", "-o", "too.wav"});
  EXPECT_EQ(played.code, 0) << played.err;
  EXPECT_EQ(played.out, "");
  EXPECT_EQ(ReadAll(Path("played")), ReadAll(Path("whole.wav")).substr(44));
  EXPECT_EQ(ReadAll(Path("too.wav")), ReadAll(Path("whole.wav")));
  EXPECT_EQ(ReadAll(Path("words")), "-q -t raw -f S16_LE -c 1 -r 8000\n");
  player("aplay", "exit 3");
  std::string lines;
  for (int i = 0; i < 50; ++i) lines += "abcd abcd abcd\n";
  WriteAll(Path("long.txt"), lines);
  ExpectError(Run({"speak", "v.eddy", "long.txt", "--play"}), 1, "aplay");
  player("aplay", "cat > /dev/null; exit 3");
  ExpectError(Run({"speak", "v.eddy", "ab", "--play"}), 1, "exit code 0");
  ExpectError(Run({"speak", "v.eddy", "ab", "--play", "--json"}), 2, "json");
  setenv("PATH", path.c_str(), 1);
}

TEST_F(SpeakCommand, any_number_of_threads_trains_the_same_model) {
  ASSERT_EQ(Run(Train("one.eddy", {"--steps", "5", "--vocoder-epochs", "1"})).code, 0);
  ASSERT_EQ(Run(Train("two.eddy", {"--steps", "5", "--vocoder-epochs", "1", "--threads", "2"})).code, 0);
  EXPECT_EQ(ReadAll(Path("one.eddy")), ReadAll(Path("two.eddy")));
}

TEST_F(SpeakCommand, a_run_stopped_while_the_vocoder_learns_goes_on_there) {
  const auto train = [&](const std::string& model) {
    return Train(model, {"--steps", "5", "--vocoder-epochs", "10", "--checkpoint-seconds", "0"});
  };
  ASSERT_EQ(Run(train("whole.eddy")).code, 0);
  const std::string checkpoint = CheckpointPath(Path("parts.eddy")) + ".vocoder";
  const pid_t child = Start(train("parts.eddy"));
  for (int i = 0; i < 20000 && !HasCheckpoint(checkpoint); ++i) Sleep(0.001);
  kill(child, SIGTERM);
  const ProgramOutcome stopped = Wait(child);
  ASSERT_EQ(stopped.code, 128 + SIGTERM) << stopped.err;
  EXPECT_TRUE(HasCheckpoint(checkpoint));
  std::vector<std::string> resume = train("parts.eddy");
  resume.push_back("--resume");
  const ProgramOutcome resumed = Run(resume);
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_NE(resumed.err.find("Going on from parts.eddy.checkpoint.vocoder."), std::string::npos) << resumed.err;
  EXPECT_EQ(ReadAll(Path("parts.eddy")), ReadAll(Path("whole.eddy")));
  EXPECT_FALSE(HasCheckpoint(checkpoint)) << "removed with the model written";
}

TEST_F(SpeakCommand, a_resumed_run_writes_the_model_of_one_never_stopped) {
  const auto train = [&](const std::string& model, bool resume) {
    std::vector<std::string> arguments = Train(model, {"--steps", "200", "--patience", "0", "--checkpoint-seconds", "0"});
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

}  // namespace speak_command_test
}  // namespace eddy
