#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "midi/notes.h"
#include "train/checkpoint.h"

namespace eddy {
namespace compose_command_test {

using Json = nlohmann::json;

// A folder of little pieces, broken chords over a bass, and the same as rolls.
class ComposeCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::filesystem::create_directories(Path("music/more"));
    for (size_t i = 0; i < 12; ++i) {
      WriteAll(Path((i < 6 ? "music/piece" : "music/more/piece") + std::to_string(i) + ".mid"), WriteMidi(Piece(i)));
    }
    const std::string pieces = "[[[60,64],[60],[62,65],[62]],[[50,60],[50],[52,62],[52]],[[55],[57],[59],[60],[62]]]";
    WriteAll(Path("rolls.json"), "{\"train\":" + pieces + ",\"valid\":" + pieces + ",\"test\":" + pieces + "}");
  }

  static MidiFile Piece(size_t number) {
    std::vector<MidiNote> notes;
    for (size_t i = 0; i < 24; ++i) {
      const auto bass = static_cast<uint8_t>(40 + (i / 4 + number) % 6);
      if (i % 4 == 0) notes.push_back({i * 120, 480, bass, 70, 0, 0});
      notes.push_back({i * 120, 120, static_cast<uint8_t>(bass + 12 + i % 4 * 4), 80, 0, 0});
    }
    return {1, 480, {{MakeTempo({0, 400'000}), MakeMeter({0, 3, 4})}, MakeTrack(notes, "hands")}};
  }

  std::vector<std::string> Train(const std::string& model, const std::vector<std::string>& more = {},
                                 const std::string& file = "music") const {
    std::vector<std::string> arguments = {"train", "compose", file};
    const std::vector<std::string> usual = {"-o",      model, "--hidden",        "8",    "--batch",   "4",
                                            "--steps", "60",  "--learning-rate", "0.02", "--threads", "1"};
    for (size_t i = 0; i < usual.size(); i += 2) {
      if (std::find(more.begin(), more.end(), usual[i]) != more.end()) continue;
      arguments.insert(arguments.end(), {usual[i], usual[i + 1]});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
};

TEST_F(ComposeCommand, it_learns_a_folder_evaluates_and_composes) {
  const ProgramOutcome trained = Run(Train("m.eddy", {"--json", "--report", "m.html", "--steps", "300"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["task"], "compose");
  ASSERT_EQ(training["floors"].size(), 3U);
  for (const Json& floor : training["floors"]) EXPECT_LT(training["nats_per_frame"], floor["nats"]) << floor;
  const std::string report = ReadAll(Path("m.html"));
  EXPECT_NE(report.find("class=\"play\""), std::string::npos);
  EXPECT_NE(report.find("made out of nothing"), std::string::npos);

  const ProgramOutcome judged = Run({"evaluate", "m.eddy", "music", "--json"});
  ASSERT_EQ(judged.code, 0) << judged.err;
  EXPECT_NE(judged.err.find("it held out"), std::string::npos) << judged.err;
  EXPECT_EQ(Json::parse(judged.out)["nats_per_frame"], training["nats_per_frame"]);
  EXPECT_EQ(Json::parse(judged.out)["floors"], training["floors"]);

  const ProgramOutcome made = Run({"compose", "m.eddy", "-o", "new.mid", "--bars", "4"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_NE(made.err.find("The longest run that stands in the training data: "), std::string::npos) << made.err;
  const std::string bytes = ReadAll(Path("new.mid"));
  const MidiFile midi = ParseMidi(bytes, "new.mid");
  EXPECT_FALSE(NotesOf(midi).empty());
  EXPECT_EQ(TempiOf(midi)[0].microseconds, 400'000U);
  EXPECT_EQ(MetersOf(midi)[0].beats, 3U);
  ASSERT_EQ(Run({"compose", "m.eddy", "-o", "again.mid", "--bars", "4", "--threads", "2"}).code, 0);
  EXPECT_EQ(ReadAll(Path("again.mid")), bytes);
  ASSERT_EQ(Run({"inspect", "m.eddy", "music/piece1.mid"}).code, 0);
}

TEST_F(ComposeCommand, it_goes_on_from_a_file_with_it_or_without) {
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  const ProgramOutcome with =
      Run({"compose", "m.eddy", "-o", "with.mid", "--from", "music/piece1.mid", "--bars", "2", "--json"});
  ASSERT_EQ(with.code, 0) << with.err;
  const Json json = Json::parse(with.out);
  EXPECT_EQ(json["given"], 24);
  EXPECT_EQ(json["steps"], 24);
  EXPECT_GE(json["copied"]["steps"], 0);
  const std::vector<MidiNote> notes = NotesOf(ParseMidi(ReadAll(Path("with.mid")), "with"));
  EXPECT_EQ(notes[0].key, 41);
  ASSERT_EQ(
      Run({"compose", "m.eddy", "-o", "without.mid", "--from", "music/piece1.mid", "--without-primer", "--bars", "2"}).code,
      0);
  EXPECT_LT(NotesOf(ParseMidi(ReadAll(Path("without.mid")), "without")).size(), notes.size());
}

TEST_F(ComposeCommand, it_writes_voices_below_a_melody) {
  ASSERT_EQ(Run(Train("v.eddy", {"--harmonise", "--report", "v.html"})).code, 0);
  const ProgramOutcome made = Run({"compose", "v.eddy", "-o", "new.mid", "--harmonise", "music/piece2.mid"});
  ASSERT_EQ(made.code, 0) << made.err;
  const MidiFile midi = ParseMidi(ReadAll(Path("new.mid")), "new"), melody = Piece(2);
  ASSERT_EQ(midi.tracks.size(), melody.tracks.size() + 1);
  for (size_t i = 0; i < melody.tracks.size(); ++i) EXPECT_EQ(midi.tracks[i], melody.tracks[i]);
  ExpectError(Run({"compose", "v.eddy", "-o", "x.mid"}), 1, "--harmonise");
  const ProgramOutcome judged = Run({"evaluate", "v.eddy", "music", "--json", "--seed", "4", "--temperature", "0.5"});
  ASSERT_EQ(judged.code, 0) << judged.err;
  const Json harmonies = Json::parse(judged.out)["harmonies"];
  EXPECT_GT(harmonies["melodies"], 0);
  EXPECT_EQ(harmonies["melodies"], harmonies["unchanged"]);
  EXPECT_GT(harmonies["per_100_chords"]["original"]["chords"], 0);
  EXPECT_EQ(Run({"evaluate", "v.eddy", "music", "--json", "--seed", "4", "--temperature", "0.5", "--threads", "2"}).out,
            judged.out);
  ASSERT_EQ(
      Run({"compose", "v.eddy", "-o", "free.mid", "--harmonise", "music/piece2.mid", "--beam", "1", "--free-voices"}).code,
      0);
  EXPECT_EQ(Run({"evaluate", "v.eddy", "music", "--free-voices"}).code, 0);
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  ExpectError(Run({"evaluate", "m.eddy", "music", "--seed", "4"}), 2, "models that harmonise");
  ExpectError(Run({"evaluate", "m.eddy", "music", "--free-voices"}), 2, "models that harmonise");
  ExpectError(Run({"compose", "m.eddy", "-o", "x.mid", "--free-voices"}), 2, "--harmonise");
  ExpectError(Run({"compose", "v.eddy", "-o", "x.mid", "--harmonise", "music/piece2.mid", "--bars", "3"}), 2, "--bars");
  EXPECT_FALSE(std::filesystem::exists(Path("x.mid")));
}

TEST_F(ComposeCommand, it_learns_events_and_rolls) {
  const ProgramOutcome events = Run(Train("e.eddy", {"--grid", "events", "--json"}));
  ASSERT_EQ(events.code, 0) << events.err;
  EXPECT_EQ(Json::parse(events.out)["floors"].size(), 2U);
  ASSERT_EQ(Run({"compose", "e.eddy", "-o", "e.mid", "--bars", "2", "--from", "music/piece1.mid"}).code, 0);
  ASSERT_EQ(Run(Train("r.eddy", {"--independent"}, "rolls.json")).code, 0);
  const ProgramOutcome judged = Run({"evaluate", "r.eddy", "rolls.json"});
  ASSERT_EQ(judged.code, 0) << judged.err;
  EXPECT_NE(judged.err.find("test part"), std::string::npos) << judged.err;
}

TEST_F(ComposeCommand, a_run_that_is_killed_goes_on_as_if_never_stopped_with_any_threads) {
  const std::vector<std::string> more = {"--steps", "400", "--checkpoint-seconds", "0", "--patience", "0", "--threads", "2"};
  ASSERT_EQ(Run(Train("whole.eddy", {"--steps", "400", "--checkpoint-seconds", "0", "--patience", "0"})).code, 0);
  const pid_t child = Start(Train("parts.eddy", more));
  for (int i = 0; i < 2000 && !HasCheckpoint(CheckpointPath(Path("parts.eddy"))); ++i) Sleep(0.005);
  kill(child, SIGKILL);
  Wait(child);
  std::vector<std::string> resume = more;
  resume.push_back("--resume");
  const ProgramOutcome resumed = Run(Train("parts.eddy", resume));
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(ReadAll(Path("parts.eddy")), ReadAll(Path("whole.eddy")));
}

TEST_F(ComposeCommand, broken_files_are_named_and_the_others_learned) {
  WriteAll(Path("music/broken.mid"), "MThd is not all");
  WriteAll(Path("music/silent.mid"), WriteMidi({1, 480, {{MakeTempo({0, 400'000})}}}));
  const ProgramOutcome trained = Run(Train("m.eddy"));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.err.find("Left out 2 of 14 files: "), std::string::npos) << trained.err;
  EXPECT_NE(trained.err.find("music/broken.mid"), std::string::npos) << trained.err;
  EXPECT_NE(trained.err.find("music/silent.mid"), std::string::npos) << trained.err;
  ExpectError(Run(Train("n.eddy", {"--strict", "--quiet"})), 1, "music/broken.mid");
  EXPECT_FALSE(std::filesystem::exists(Path("n.eddy")));
}

TEST_F(ComposeCommand, what_cannot_be_meant_is_one_line) {
  ExpectError(Run(Train("m.eddy", {"--quiet"}, "missing.mid")), 1, "missing.mid");
  std::filesystem::create_directory(Path("empty"));
  ExpectError(Run(Train("m.eddy", {"--quiet"}, "empty")), 1, "empty");
  ExpectError(Run(Train("m.eddy", {"--quiet", "--grid", "8th"})), 2, "--grid");
  ExpectError(Run(Train("m.eddy", {"--quiet", "--grid", "events", "--harmonise"})), 2, "--harmonise");
  ExpectError(Run(Train("m.eddy", {"--quiet", "--grid", "events"}, "rolls.json")), 1, "piano rolls");
  ExpectError(Run(Train("m.eddy", {"--quiet", "--transposed", "1.5"}, "rolls.json")), 2, "--transposed");
  ExpectError(Run(Train("m.eddy", {"--quiet", "--transpose", "0", "--transposed", "0.5"}, "rolls.json")), 2, "--transposed");
  ASSERT_EQ(Run(Train("m.eddy", {"--steps", "3"})).code, 0);
  ExpectError(Run({"compose", "m.eddy", "-o", "x.mid", "--from", "rolls.json"}), 1, "rolls.json");
  ExpectError(Run({"compose", "m.eddy", "-o", "x.mid", "--harmonise", "music/piece1.mid"}), 1, "--harmonise");
  ExpectError(Run({"compose", "m.eddy", "-o", "x.mid", "--top-p", "0"}), 2, "--top-p");
  ExpectError(Run({"compose", "m.eddy", "-o", "x.mid", "--bars", "0"}), 2, "--bars");
  ExpectError(Run({"compose", "m.eddy"}), 2, "--output");
  EXPECT_FALSE(std::filesystem::exists(Path("x.mid")));
}

TEST_F(ComposeCommand, sound_without_fluidsynth_is_an_error_before_anything_is_written) {
  ASSERT_EQ(Run(Train("m.eddy", {"--steps", "3"})).code, 0);
  setenv("PATH", Path("nothing").c_str(), 1);
  ExpectError(Run({"compose", "m.eddy", "-o", "x.mid", "--wav", "x.wav"}), 1, "fluidsynth");
  EXPECT_FALSE(std::filesystem::exists(Path("x.mid")));
  EXPECT_FALSE(std::filesystem::exists(Path("x.wav")));
}

TEST_F(ComposeCommand, sound_is_what_fluidsynth_makes) {
  ASSERT_EQ(Run(Train("m.eddy", {"--steps", "3"})).code, 0);
  WriteAll(Path("fluidsynth"), "#!/bin/sh\nprintf 'RIFFsound' > \"$6\"\n");
  std::filesystem::permissions(Path("fluidsynth"), std::filesystem::perms::owner_all);
  WriteAll(Path("font.sf2"), "a font");
  setenv("PATH", (directory_ + ":/usr/bin:/bin").c_str(), 1);
  setenv("EDDY_SOUNDFONT", Path("font.sf2").c_str(), 1);
  const ProgramOutcome made = Run({"compose", "m.eddy", "-o", "x.mid", "--wav", "x.wav"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(ReadAll(Path("x.wav")), "RIFFsound");
}

}  // namespace compose_command_test
}  // namespace eddy
