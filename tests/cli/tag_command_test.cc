#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace eddy {
namespace tag_command_test {

using Json = nlohmann::json;

// Names of one or two words: "rose" is one after "with" and before a small word none.
class TagCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    const std::vector<std::string> names = {"Ana", "Hugo", "Lena", "Omar", "Rose"};
    std::string chunks, speech;
    for (size_t i = 0; i < 120; ++i) {
      const std::string &name = names[i % 5], &family = names[i / 5 % 5];
      chunks += i % 3 == 0 ? "He x O\nrose x O\nagain x O\n\n" : "";
      chunks += "We x O\nwent x O\nwith x O\n" + name + " x B-PER\n" + (i % 2 ? family + " x I-PER\n" : "") + "\n";
      speech += (i % 2 ? "they\tPRON\nfish\tVERB\n\n" : "the\tDET\nfish\tNOUN\nswims\tVERB\n\n");
    }
    WriteAll(Path("names.conll"), chunks);
    WriteAll(Path("speech.conll"), speech);
  }

  std::vector<std::string> Train(const std::string& model, const std::vector<std::string>& more = {},
                                 const std::string& file = "names.conll") const {
    std::vector<std::string> arguments = {"train", "tag", file};
    const std::vector<std::string> usual = {"-o",      model, "--hidden",        "8",    "--embedding", "8",
                                            "--batch", "8",   "--valid",         "0.2",  "--dropout",   "0.1",
                                            "--steps", "200", "--learning-rate", "0.02", "--threads",   "1"};
    for (size_t i = 0; i < usual.size(); i += 2) {
      if (std::find(more.begin(), more.end(), usual[i]) != more.end()) continue;
      arguments.insert(arguments.end(), {usual[i], usual[i + 1]});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
};

TEST_F(TagCommand, it_learns_chunks_and_evaluates_them) {
  const ProgramOutcome trained = Run(Train("m.eddy", {"--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["task"], "tag");
  EXPECT_EQ(training["tags"], (std::vector<std::string>{"B-PER", "I-PER", "O"}));
  EXPECT_EQ(training["sequences"], 32);
  EXPECT_EQ(training["f1"], 1.0);
  EXPECT_EQ(training["types"]["PER"]["recall"], 1.0);
  EXPECT_EQ(training["floors"][0]["name"], "most frequent tag of each word");
  EXPECT_LT(training["floors"][0]["f1"], 0.9);
  EXPECT_EQ(training["floors"][1]["name"], "averaged perceptron");

  const ProgramOutcome evaluated = Run({"evaluate", "m.eddy", "names.conll", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  const Json scores = Json::parse(evaluated.out);
  EXPECT_EQ(scores["confusion"], training["confusion"]) << "the same sequences are held out";
  EXPECT_NEAR(scores["nats_per_token"].get<double>(), training["nats_per_token"].get<double>(), 1e-9);
  EXPECT_NE(evaluated.err.find("measuring on the part it held out"), std::string::npos) << evaluated.err;
  EXPECT_EQ(scores["floors"], training["floors"]);
  EXPECT_EQ(Json::parse(Run({"evaluate", "m.eddy", "names.conll", "--json", "--all"}).out)["sequences"], 160);

  WriteAll(Path("test.conll"), "We O\nwent O\nwith O\nRose B-PER\n");
  const ProgramOutcome told = Run({"evaluate", "m.eddy", "test.conll"});
  for (const char* part : {"4 tokens in 1 sequence ", "averaged perceptron", "by type", "points of F1 short of 100"}) {
    EXPECT_NE(told.out.find(part), std::string::npos) << told.out << told.err;
  }
  std::filesystem::rename(Path("names.conll"), Path("moved.conll"));
  const ProgramOutcome alone = Run({"evaluate", "m.eddy", "test.conll", "--json"});
  EXPECT_EQ(Json::parse(alone.out)["floors"].size(), 0u);
  EXPECT_NE(alone.err.find("--train"), std::string::npos) << alone.err;
  EXPECT_EQ(Json::parse(Run({"evaluate", "m.eddy", "test.conll", "--json", "--train", "moved.conll"}).out)["floors"].size(),
            2u);
  ExpectError(Run({"evaluate", "m.eddy", "test.conll", "--train", "test.conll"}), 1, "test.conll");
}

TEST_F(TagCommand, a_tag_that_was_not_learned_counts_as_wrong) {
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  const std::string known = "We O\nwent O\nwith O\nRose B-PER\n";
  WriteAll(Path("known.conll"), known);
  WriteAll(Path("test.conll"), known + "\nWe O\nwent O\nwith O\nRose B-PRE\n");
  const auto evaluate = [&](const char* file) { return Run({"evaluate", "m.eddy", file, "--json"}); };
  const ProgramOutcome outcome = evaluate("test.conll");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("A tag was not learned, such as \"B-PRE\" (did you mean \"B-PER\"?)"), std::string::npos)
      << outcome.err;
  const Json scores = Json::parse(outcome.out), of_known = Json::parse(evaluate("known.conll").out);
  EXPECT_EQ(scores["tokens"], 8);
  EXPECT_EQ(scores["accuracy"], 7.0 / 8);
  EXPECT_EQ(scores["tags"].back(), "B-PRE");
  EXPECT_EQ(scores["types"]["PRE"]["recall"], 0.0);
  EXPECT_EQ(scores["nats_per_token"], of_known["nats_per_token"]) << "of what was learned";
}

TEST_F(TagCommand, parts_of_speech_have_an_accuracy_and_no_chunks) {
  const ProgramOutcome trained =
      Run(Train("m.eddy", {"--json", "--cell", "gru", "--no-crf", "--character-features", "0"}, "speech.conll"));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["accuracy"], 1.0);
  EXPECT_TRUE(training["f1"].is_null());
  const ProgramOutcome told = Run({"evaluate", "m.eddy", "speech.conll"});
  EXPECT_EQ(told.out.find("precision"), std::string::npos) << told.out;
  EXPECT_NE(told.out.find("% of tags wrong"), std::string::npos) << told.out;
  WriteAll(Path("new.conll"), "the\nfish\nswims\n\nthey\nfish\n");
  EXPECT_EQ(Run({"tag", "m.eddy", "new.conll"}).out, "the DET\nfish NOUN\nswims VERB\n\nthey PRON\nfish VERB\n");
}

TEST_F(TagCommand, it_tags_columns_as_they_are_and_sentences) {
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  WriteAll(Path("new.conll"), "\nWe x O\r\nwent x O\nwith x O\nHugo x B-PER\n\n\nHe\tx\tO\nrose\tx\tO\nagain x O\n");
  const ProgramOutcome tagged = Run({"tag", "m.eddy", "new.conll"});
  ASSERT_EQ(tagged.code, 0) << tagged.err;
  EXPECT_EQ(tagged.out,
            "\nWe x O O\nwent x O O\nwith x O O\nHugo x B-PER B-PER\n\n\nHe\tx\tO\tO\nrose\tx\tO\tO\nagain x O O\n");
  ASSERT_EQ(Run({"tag", "m.eddy", "new.conll", "-o", "tagged.conll"}).code, 0);
  EXPECT_EQ(ReadAll(Path("tagged.conll")), tagged.out);
  WriteAll(Path("new.txt"), "We went with Lena Rose\n\nHe rose again\n");
  EXPECT_EQ(Run({"tag", "m.eddy", "new.txt", "--sentences"}).out,
            "We O\nwent O\nwith O\nLena B-PER\nRose I-PER\n\nHe O\nrose O\nagain O\n");
  const Json json = Json::parse(Run({"tag", "m.eddy", "new.txt", "--sentences", "--json"}).out);
  ASSERT_EQ(json["sequences"].size(), 2u);
  EXPECT_EQ(json["sequences"][0]["tags"][4], "I-PER");
  EXPECT_EQ(json["sequences"][0]["chunks"], Json::parse(R"([{"type": "PER", "begin": 3, "end": 5, "text": "Lena Rose"}])"));
  EXPECT_EQ(json["sequences"][1]["chunks"].size(), 0u);
}

TEST_F(TagCommand, a_finished_model_is_gone_on_with_and_its_words_grow) {
  const ProgramOutcome first = Run(Train("m.eddy", {"--json"}));
  ASSERT_EQ(first.code, 0) << first.err;
  const auto go_on = [&](const std::string& file, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "tag", file, "--start", "m.eddy", "-o", "n.eddy"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  const ProgramOutcome same = go_on("names.conll", {"--steps", "1", "--learning-rate", "1e-9", "--valid", "0.2", "--json"});
  ASSERT_EQ(same.code, 0) << same.err;
  EXPECT_NEAR(Json::parse(same.out)["nats_per_token"].get<double>(), Json::parse(first.out)["nats_per_token"].get<double>(),
              1e-4);

  WriteAll(Path("more.conll"), "We x O\nmet x O\nKlara x B-PER\n\n" + ReadAll(Path("names.conll")));
  const ProgramOutcome more = go_on("more.conll", {"--steps", "20", "--valid", "names.conll"});
  ASSERT_EQ(more.code, 0) << more.err;
  EXPECT_NE(more.err.find("Starts from m.eddy, with 2 words more in its vocabulary"), std::string::npos) << more.err;

  WriteAll(Path("places.conll"), "We x O\nwent x O\nto x O\nLyon x B-LOC\n\nWe x O\nwent x O\n");
  ExpectError(go_on("places.conll", {"--quiet"}), 1, "line 4");
  ExpectError(go_on("names.conll", {"--hidden", "12", "--quiet"}), 1, "of its sizes");
  ExpectError(go_on("names.conll", {"--no-crf", "--quiet"}), 1, "of fewer");
  ASSERT_EQ(Run({"quantize", "m.eddy", "--to", "int8", "-o", "small.eddy"}).code, 0);
  ExpectError(Run({"train", "tag", "names.conll", "--start", "small.eddy", "-o", "o.eddy", "--quiet"}), 1,
              "in float32, to start from");
}

// Names that stand in no training data are near those that do.
TEST_F(TagCommand, vectors_of_words_tell_what_unseen_ones_mean) {
  WriteAll(Path("names.vec"),
           "We 0 1 0\nwent 0 1 0.1\nWITH 0 0.9 0\nAna 1 0 0\nHugo 1 0 0.1\nLena 1 0.1 0\nOmar 0.9 0 0\nRose 0.9 0.1 0\n"
           "Klara 1 0.1 0.1\nOtto 1.1 0 0\nagain 0 1 0.2\nhe 0 1.1 0\n");
  for (const char* more : {"--quiet", "--freeze-vectors"}) {
    const ProgramOutcome trained =
        Run({"train", "tag", "names.conll", "-o", "m.eddy", "--vectors", "names.vec", "--hidden", "8",
             "--character-features", "0", "--steps", "200", "--learning-rate", "0.02", more});
    ASSERT_EQ(trained.code, 0) << trained.err;
    if (std::string(more) != "--quiet") {
      EXPECT_NE(trained.err.find("Vectors: 12 of 13 words start from names.vec, 3 numbers each, which stay"),
                std::string::npos)
          << trained.err;
    }
    WriteAll(Path("new.conll"), "We\nwent\nwith\nKlara\nOtto\n");
    EXPECT_EQ(Run({"tag", "m.eddy", "new.conll"}).out, "We O\nwent O\nwith O\nKlara B-PER\nOtto I-PER\n") << more;
  }
  WriteAll(Path("broken.vec"), "We 0 1 0\nwent 0 1\n");
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "tag", "names.conll", "-o", "n.eddy", "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  ExpectError(with({"--vectors", "broken.vec"}), 1, "broken.vec line 2");
  ExpectError(with({"--vectors", "none.vec"}), 1, "none.vec");
  ExpectError(with({"--vectors", "names.vec", "--embedding", "8"}), 2, "--embedding");
  ExpectError(with({"--freeze-vectors"}), 2, "--vectors");
}

TEST_F(TagCommand, any_number_of_threads_trains_the_same_model) {
  ASSERT_EQ(Run(Train("one.eddy")).code, 0);
  ASSERT_EQ(Run(Train("two.eddy", {"--threads", "2"})).code, 0);
  EXPECT_EQ(ReadAll(Path("one.eddy")), ReadAll(Path("two.eddy")));
}

TEST_F(TagCommand, a_resumed_run_writes_the_model_of_one_never_stopped) {
  const auto train = [&](const std::string& model, bool resume) {
    std::vector<std::string> arguments = Train(model, {"--steps", "3000", "--patience", "0", "--checkpoint-seconds", "0"});
    if (resume) arguments.push_back("--resume");
    return arguments;
  };
  ExpectResumedAsNeverStopped(train);
}

TEST_F(TagCommand, a_model_can_be_inspected_and_quantized) {
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  const ProgramOutcome inspected = Run({"inspect", "m.eddy"});
  EXPECT_EQ(inspected.code, 0) << inspected.err;
  EXPECT_NE(inspected.out.find("a tag model"), std::string::npos) << inspected.out;
  EXPECT_EQ(Json::parse(Run({"inspect", "m.eddy", "--json"}).out)["tag"]["characters"]["first"][0], "<unk>");
  ExpectError(Run({"inspect", "m.eddy", "names.conll"}), 1, "eddy tag");
  for (const char* precision : {"int8", "bf16"}) {
    const ProgramOutcome quantized = Run({"quantize", "m.eddy", "names.conll", "--to", precision, "-o", "small.eddy"});
    ASSERT_EQ(quantized.code, 0) << quantized.err;
    EXPECT_NE(quantized.out.find("nats a token"), std::string::npos) << quantized.out;
    EXPECT_EQ(Json::parse(Run({"evaluate", "small.eddy", "names.conll", "--json"}).out)["f1"], 1.0);
  }
}

TEST_F(TagCommand, a_report_shows_scores_confusion_and_tagged_sequences) {
  WriteAll(Path("valid.conll"), "We O\nwent O\nwith O\nRose B-PER\n\nWe O\nwent O\nwith O\nOmar O\n");
  const ProgramOutcome trained =
      Run(Train("m.eddy", {"--report", "m.html", "--valid", "valid.conll", "--validations", "1"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const std::string report = ReadAll(Path("m.html"));
  for (const char* part : {"averaged perceptron", "taken for which", "with a wrong tag", "all right", "Rose<sub>B-PER</sub>",
                           "Omar<sub><del>B-PER</del> O</sub>", "Loss over training"}) {
    EXPECT_NE(report.find(part), std::string::npos) << part;
  }
}

TEST_F(TagCommand, bad_input_is_one_line_and_leaves_nothing_behind) {
  const auto train = [&](const std::string& content) {
    WriteAll(Path("bad.conll"), content);
    return Run({"train", "tag", "bad.conll", "-o", "bad.eddy", "--steps", "2"});
  };
  ExpectError(Run(Train("bad.eddy", {}, "none.conll")), 1, "none.conll");
  ExpectError(Run(Train("bad.eddy", {"--valid", "none.conll"})), 1, "none.conll");
  ExpectError(Run(Train("bad.eddy", {"--valid", "2"})), 2, "--valid");
  ExpectError(train(""), 1, "bad.conll");
  ExpectError(train("\n\n"), 1, "with tokens, one a line");
  ExpectError(train("a X\n\nb Y\nc"), 1, "bad.conll line 4");
  ExpectError(train("a X\n\nb z Y\n"), 1, "bad.conll line 3 must be of 2 columns");
  ExpectError(train("a X\n\nb X\n"), 1, "two different tags");
  ExpectError(train("a X\nb Y\n"), 1, "two sequences at least");
  ExpectError(train("a X\n\n\xFF\x81 Y\n"), 1, "UTF-8");
  std::string endless = "a X\n\n", different;
  for (int i = 0; i < 10001; ++i) endless += "b Y\n";
  for (int i = 0; i < 1001; ++i) different += "a " + std::to_string(i) + "\n\n";
  ExpectError(train(endless), 1, "from line 3 on");
  ExpectError(train(different), 1, "is the last column the tag?");
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy")));
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy.checkpoint")));
  EXPECT_EQ(train("a X\n\n" + std::string(1 << 20, 'b') + " Y\n").code, 0) << "a huge line is a token";
}

TEST_F(TagCommand, what_does_not_fit_the_model_is_an_error) {
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  WriteAll(Path("other.conll"), "We O\nwent O\n\nRose B-PRE\n");
  WriteAll(Path("none_learned.conll"), "We X\n\nRose B-PRE\nwent O\n");
  ExpectError(Run({"evaluate", "m.eddy", "none_learned.conll"}), 1, "none_learned.conll line 1");
  ExpectError(Run(Train("n.eddy", {"--valid", "other.conll"})), 1, "\"B-PRE\"");
  WriteAll(Path("empty"), "");
  ExpectError(Run({"tag", "m.eddy", "empty"}), 1, "empty");
  ExpectError(Run({"tag", "m.eddy", "none.conll"}), 1, "none.conll");
  ExpectError(Run({"tag", "m.eddy", "other.conll", "-o", "/nowhere/a"}), 1, "/nowhere");
  ExpectError(Run({"tag", "none.eddy", "other.conll"}), 1, "none.eddy");
  ExpectError(Run({"classify", "m.eddy", "other.conll"}), 1, "m.eddy");
  const std::string model = ReadAll(Path("m.eddy"));
  WriteAll(Path("cut.eddy"), model.substr(0, model.size() / 2));
  ExpectError(Run({"tag", "cut.eddy", "other.conll"}), 1, "cut.eddy");
  WriteAll(Path("words.txt"), "the cat sat on the mat and the dog ran to the log\n");
  ASSERT_EQ(Run({"train", "text", "words.txt", "-o", "t.eddy", "--steps", "2", "--hidden", "4", "--quiet"}).code, 0);
  ExpectError(Run({"tag", "t.eddy", "other.conll"}), 1, "t.eddy");
}

}  // namespace tag_command_test
}  // namespace eddy
