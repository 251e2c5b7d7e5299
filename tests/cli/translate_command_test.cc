#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "train/checkpoint.h"

namespace eddy {
namespace translate_command_test {

using Json = nlohmann::json;

// Words and how they sound: each letter has its sound, but "sh" has one for both.
class TranslateCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string words, sources, targets;
    for (int i = 0; i < 300; ++i) {
      std::string word, sounds;
      for (int n = i + 4; n > 0; n /= 4) {  // no word twice
        const int which = n % 4;
        word += which == 0 ? "a" : which == 1 ? "sh" : which == 2 ? "t" : "o";
        sounds += std::string(sounds.empty() ? "" : " ") + (which == 0 ? "A" : which == 1 ? "S" : which == 2 ? "T" : "O");
      }
      words += word + "\t" + sounds + "\n";
      const std::string who = i % 2 == 0 ? "der Hund" : "die Katze", what = i % 3 == 0 ? "schläft" : "frisst";
      sources += who + " " + what + " .\n";
      targets += std::string(i % 2 == 0 ? "the dog" : "the cat") + (i % 3 == 0 ? " sleeps" : " eats") + " .\n";
    }
    WriteAll(Path("words.tsv"), words);
    WriteAll(Path("de.txt"), sources);
    WriteAll(Path("en.txt"), targets);
  }

  std::vector<std::string> Train(const std::string& model, const std::vector<std::string>& more = {},
                                 const std::string& file = "words.tsv") const {
    std::vector<std::string> arguments = {"train", "translate", file, "-o", model};
    const std::vector<std::string> options = {"--hidden",  "16", "--embedding", "12",  "--batch",         "16",
                                              "--dropout", "0",  "--steps",     "250", "--learning-rate", "0.01",
                                              "--valid",   "0.1"};
    for (size_t i = 0; i < options.size(); i += 2) {
      if (std::find(more.begin(), more.end(), options[i]) != more.end()) continue;
      arguments.insert(arguments.end(), {options[i], options[i + 1]});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  ProgramOutcome Translate(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = {"translate"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return Run(all);
  }
};

TEST_F(TranslateCommand, a_finished_model_is_gone_on_with_and_its_tokens_grow) {
  const ProgramOutcome first = Run(Train("m.eddy", {"--json"}));
  ASSERT_EQ(first.code, 0) << first.err;
  const auto go_on = [&](const std::string& file, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "translate", file, "--start", "m.eddy", "-o", "n.eddy"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  const ProgramOutcome same = go_on("words.tsv", {"--steps", "1", "--learning-rate", "1e-9", "--valid", "0.1", "--json"});
  ASSERT_EQ(same.code, 0) << same.err;
  EXPECT_NEAR(Json::parse(same.out)["nats_per_token"].get<double>(), Json::parse(first.out)["nats_per_token"].get<double>(),
              1e-4);

  std::string more = ReadAll(Path("words.tsv"));
  for (int i = 0; i < 3; ++i) more += "zo" + std::string(static_cast<size_t>(i + 1), 'a') + "\tZ O A\n";
  WriteAll(Path("more.tsv"), more);
  const ProgramOutcome grown = go_on("more.tsv", {"--steps", "20", "--valid", "words.tsv"});
  ASSERT_EQ(grown.code, 0) << grown.err;
  EXPECT_NE(grown.err.find("Starts from m.eddy, with 2 tokens more in its vocabulary"), std::string::npos) << grown.err;

  ExpectError(go_on("words.tsv", {"--unit", "word"}), 1, "that of the model to start from, char");
  ExpectError(go_on("words.tsv", {"--hidden", "12"}), 1, "of its sizes");
}

// Of a word that no pair has, only its vector is known, which is near that of another.
TEST_F(TranslateCommand, vectors_of_words_tell_what_unseen_ones_mean) {
  using Words = std::vector<std::pair<std::string, std::string>>;
  const Words who = {{"Hund", "dog"}, {"Katze", "cat"}, {"Vogel", "bird"}, {"Pferd", "horse"}};
  const Words what = {{"schläft", "sleeps"}, {"frisst", "eats"}, {"singt", "sings"}, {"springt", "jumps"}};
  const Words when = {{"heute", "today"}, {"hier", "here"}, {"oft", "often"}, {"nie", "never"}};
  std::string pairs, vectors;
  for (const auto& subject : who) {
    for (const auto& verb : what) {
      for (const auto& adverb : when) {
        pairs += subject.first + " " + verb.first + " " + adverb.first + "\t";
        pairs += subject.second + " " + verb.second + " " + adverb.second + "\n";
      }
    }
  }
  size_t word = 0;
  for (const Words& words : {who, what, when}) {
    for (const auto& [spelled, meant] : words) {
      vectors += spelled;
      for (size_t i = 0; i < 7; ++i) vectors += i == word / 4 || i == 3 + word % 4 ? " 1" : " 0";
      vectors += '\n';
      ++word;
    }
  }
  vectors += "Mieze 0.9 0.1 0 0.1 0.9 0 0\n";  // near Katze
  WriteAll(Path("pairs.tsv"), pairs);
  WriteAll(Path("de.vec"), vectors);
  const auto train = [&](const std::vector<std::string>& more, const std::string& file = "pairs.tsv") {
    std::vector<std::string> arguments = {"train",    "translate", file,      "-o",  "m.eddy",
                                          "--hidden", "24",        "--steps", "300", "--learning-rate",
                                          "0.01",     "--dropout", "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  const ProgramOutcome trained = train({"--vectors", "de.vec", "--freeze-vectors"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.err.find("Vectors: 13 of 15 words start from de.vec, 7 numbers each, which stay"), std::string::npos)
      << trained.err;
  WriteAll(Path("new.txt"), "Mieze frisst oft\n");
  EXPECT_EQ(Translate({"m.eddy", "new.txt"}).out, "cat eats often\n");
  ExpectError(train({"--vectors", "none.vec", "--quiet"}), 1, "none.vec");
  ExpectError(train({"--vectors", "de.vec", "--embedding", "4"}), 2, "--embedding");
  ExpectError(train({"--vectors", "de.vec", "--quiet"}, "words.tsv"), 2, "sources are read as characters");
}

TEST_F(TranslateCommand, it_learns_spellings_and_evaluates_them) {
  const ProgramOutcome trained = Run(Train("m.eddy", {"--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["task"], "translate");
  EXPECT_EQ(training["unit"], "symbols") << "sounds have spaces between them";
  EXPECT_EQ(training["pairs"], 30);
  EXPECT_EQ(training["wrong_share"], 0.0);
  EXPECT_EQ(training["token_error_rate"], 0.0);
  EXPECT_EQ(training["floors"][0]["name"], "the source as it is");
  EXPECT_EQ(training["floors"][0]["wrong_share"], 1.0);
  EXPECT_EQ(training["floors"][1]["name"], "letters by their neighbours");

  const ProgramOutcome evaluated = Run({"evaluate", "m.eddy", "words.tsv", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  const Json scores = Json::parse(evaluated.out);
  EXPECT_NE(evaluated.err.find("measuring on the part it held out"), std::string::npos) << evaluated.err;
  for (const char* key : {"pairs", "wrong_share", "bleu", "nats_per_token", "floors"}) EXPECT_EQ(scores[key], training[key]);
  EXPECT_EQ(Json::parse(Run({"evaluate", "m.eddy", "words.tsv", "--json", "--all"}).out)["pairs"], 300);

  WriteAll(Path("test.tsv"), "shot\tS O T\n");
  EXPECT_EQ(Json::parse(Run({"evaluate", "m.eddy", "test.tsv", "--json"}).out)["floors"].size(), 2u);
  std::filesystem::rename(Path("words.tsv"), Path("moved.tsv"));
  const ProgramOutcome alone = Run({"evaluate", "m.eddy", "test.tsv", "--json"});
  EXPECT_EQ(Json::parse(alone.out)["floors"].size(), 1u);
  EXPECT_NE(alone.err.find("--train"), std::string::npos) << alone.err;
  EXPECT_EQ(Json::parse(Run({"evaluate", "m.eddy", "test.tsv", "--json", "--train", "moved.tsv"}).out)["floors"].size(), 2u);
  ExpectError(Run({"evaluate", "m.eddy", "test.tsv", "--train", "test.tsv"}), 1, "test.tsv");

  WriteAll(Path("new.txt"), "shot\n\ntasho\n");
  const ProgramOutcome translated = Translate({"m.eddy", "new.txt"});
  EXPECT_EQ(translated.out, "S O T\n\nT A S O\n") << translated.err;
  ASSERT_EQ(Translate({"m.eddy", "new.txt", "-o", "sounds.txt"}).code, 0);
  EXPECT_EQ(ReadAll(Path("sounds.txt")), translated.out);
}

TEST_F(TranslateCommand, it_learns_sentences_from_two_files) {
  const std::vector<std::string> arguments = {
      "train",          "translate", "--source",        "de.txt", "--target",    "en.txt", "--valid-source", "de.txt",
      "--valid-target", "en.txt",    "--hidden",        "16",     "--embedding", "12",     "--dropout",      "0",
      "--steps",        "100",       "--learning-rate", "0.01",   "-o",          "m.eddy"};
  const ProgramOutcome trained = Run(arguments);
  ASSERT_EQ(trained.code, 0) << trained.err;
  for (const char* part : {"BLEU", "chrF2", "100.00", "the source as it is", "word for word (IBM model 1)", "The network"}) {
    EXPECT_NE(trained.out.find(part), std::string::npos) << trained.out;
  }
  WriteAll(Path("new.txt"), "die Katze frisst .\n");
  EXPECT_EQ(Translate({"m.eddy", "new.txt"}).out, "the cat eats .\n");
  WriteAll(Path("pairs.tsv"), "die Katze frisst .\tthe cat eats .\n");
  const ProgramOutcome evaluated = Run({"evaluate", "m.eddy", "pairs.tsv", "--tokenize", "none", "--beam", "2", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_NEAR(Json::parse(evaluated.out)["bleu"].get<double>(), 100, 1e-9);
}

TEST_F(TranslateCommand, several_models_decide_together_and_give_their_best) {
  ASSERT_EQ(Run(Train("a.eddy")).code, 0);
  ASSERT_EQ(Run(Train("b.eddy", {"--seed", "1", "--hidden", "12"})).code, 0);
  WriteAll(Path("new.txt"), "shot\ntasho\n");
  const ProgramOutcome best = Translate({"a.eddy", "b.eddy", "new.txt", "--n-best", "2"});
  ASSERT_EQ(best.code, 0) << best.err;
  EXPECT_TRUE(best.out.starts_with("1\t-0.")) << best.out;
  EXPECT_EQ(std::count(best.out.begin(), best.out.end(), '\n'), 4) << best.out;
  EXPECT_NE(best.out.find("\tT A S O\n"), std::string::npos) << best.out;
  const ProgramOutcome outcome = Translate({"a.eddy", "b.eddy", "new.txt", "--json"});
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(json["models"], (std::vector<std::string>{"a.eddy", "b.eddy"}));
  EXPECT_EQ(json["translations"][1]["source"], "tasho");
  EXPECT_EQ(json["translations"][1]["best"][0]["text"], "T A S O");
  const ProgramOutcome evaluated = Run({"evaluate", "a.eddy", "words.tsv", "--with", "b.eddy", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_LT(Json::parse(evaluated.out)["wrong_share"], 0.1);
  EXPECT_TRUE(Json::parse(evaluated.out)["perplexity"].is_null()) << "an ensemble has no probabilities";
  EXPECT_EQ(Translate({"a.eddy", "b.eddy", "new.txt", "--threads", "2"}).out,
            Translate({"a.eddy", "b.eddy", "new.txt"}).out);
}

TEST_F(TranslateCommand, the_report_and_the_alignments_show_what_is_attended_to) {
  const ProgramOutcome trained = Run(Train("m.eddy", {"--report", "m.html"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const std::string report = ReadAll(Path("m.html"));
  for (const char* part : {"What it attends to", "the source as it is", "not learned", "&lt;end&gt; \u2190 "}) {
    EXPECT_NE(report.find(part), std::string::npos) << part;
  }
  WriteAll(Path("new.txt"), "shot\n\n");
  const ProgramOutcome made = Translate({"m.eddy", "new.txt", "--alignments", "a.html"});
  EXPECT_EQ(made.out, "S O T\n\n") << made.err;
  const std::string page = ReadAll(Path("a.html"));
  EXPECT_NE(page.find("O \u2190 o: "), std::string::npos);
  EXPECT_EQ(page.find("src="), std::string::npos) << "it needs nothing else";
  ExpectError(Translate({"m.eddy", "new.txt", "--alignments", "/nowhere/a.html"}), 1, "/nowhere");
}

TEST_F(TranslateCommand, any_number_of_threads_trains_the_same_model) {
  const std::vector<std::string> quick = {"--steps", "60", "--scheduled-sampling", "0.3", "--dropout", "0.2"};
  ASSERT_EQ(Run(Train("one.eddy", quick)).code, 0);
  std::vector<std::string> two = quick;
  two.insert(two.end(), {"--threads", "2"});
  ASSERT_EQ(Run(Train("two.eddy", two)).code, 0);
  EXPECT_EQ(ReadAll(Path("one.eddy")), ReadAll(Path("two.eddy")));
}

TEST_F(TranslateCommand, a_resumed_run_writes_the_model_of_one_never_stopped) {
  const auto train = [&](const std::string& model, bool resume) {
    std::vector<std::string> arguments = Train(model, {"--steps", "2000", "--patience", "0", "--checkpoint-seconds", "0",
                                                       "--scheduled-sampling", "0.2", "--hidden", "4"});
    if (resume) arguments.push_back("--resume");
    return arguments;
  };
  ASSERT_EQ(Run(train("whole.eddy", false)).code, 0);
  const pid_t child = Start(train("parts.eddy", false));
  for (int i = 0; i < 20000 && !HasCheckpoint(CheckpointPath(Path("parts.eddy"))); ++i) Sleep(0.001);
  kill(child, SIGTERM);
  const ProgramOutcome stopped = Wait(child);
  ASSERT_EQ(stopped.code, 128 + SIGTERM) << stopped.err;
  const ProgramOutcome resumed = Run(train("parts.eddy", true));
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(ReadAll(Path("parts.eddy")), ReadAll(Path("whole.eddy")));
}

TEST_F(TranslateCommand, a_model_can_be_inspected_and_quantized) {
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  const ProgramOutcome inspected = Run({"inspect", "m.eddy"});
  EXPECT_EQ(inspected.code, 0) << inspected.err;
  EXPECT_NE(inspected.out.find("a translate model"), std::string::npos) << inspected.out;
  EXPECT_NE(inspected.out.find("target.unit"), std::string::npos) << inspected.out;
  ExpectError(Run({"inspect", "m.eddy", "words.tsv"}), 1, "eddy translate");
  const ProgramOutcome quantized = Run({"quantize", "m.eddy", "words.tsv", "--to", "int8", "-o", "small.eddy"});
  EXPECT_EQ(quantized.code, 0) << quantized.err;
  EXPECT_NE(quantized.out.find("nats a token"), std::string::npos) << quantized.out;
  WriteAll(Path("new.txt"), "shot\n");
  EXPECT_EQ(Translate({"small.eddy", "new.txt"}).out, "S O T\n");
}

TEST_F(TranslateCommand, bad_input_is_one_line_and_leaves_nothing_behind) {
  const auto train = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "translate", "-o", "bad.eddy", "--steps", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  ExpectError(train({}), 2, "needs FILE, or --source and --target");
  ExpectError(train({"--source", "de.txt"}), 2, "--target");
  ExpectError(train({"words.tsv", "--source", "de.txt", "--target", "en.txt"}), 2, "--source");
  ExpectError(train({"words.tsv", "--valid-source", "de.txt"}), 2, "--valid-target");
  ExpectError(train({"words.tsv", "--valid", "1.5"}), 2, "--valid");
  ExpectError(train({"words.tsv", "--unit", "wrd"}), 2, "did you mean word?");
  ExpectError(train({"words.tsv", "--scheduled-sampling", "1"}), 2, "--scheduled-sampling");
  ExpectError(train({"none.tsv"}), 1, "none.tsv");
  ExpectError(train({"--source", "de.txt", "--target", "none.txt"}), 1, "none.txt");
  ExpectError(train({"words.tsv", "--valid", "none.tsv"}), 1, "none.tsv");
  ExpectError(train({"de.txt"}), 1, "de.txt line 1");
  WriteAll(Path("empty.tsv"), "");
  ExpectError(train({"empty.tsv"}), 1, "empty.tsv");
  WriteAll(Path("blank.tsv"), "\n \n");
  ExpectError(train({"blank.tsv"}), 1, "without any");
  WriteAll(Path("one.tsv"), "a\tb\n");
  ExpectError(train({"one.tsv"}), 1, "at least two pairs");
  WriteAll(Path("side.tsv"), "a\tb\n\tc\n");
  ExpectError(train({"side.tsv"}), 1, "side.tsv line 2");
  WriteAll(Path("bytes.tsv"), "a\t\xFF\n");
  ExpectError(train({"bytes.tsv"}), 1, "UTF-8");
  WriteAll(Path("long.tsv"), "a\t" + std::string(100000, 'b') + "\n");
  ExpectError(train({"long.tsv"}), 1, "at most 16384 bytes a side");
  WriteAll(Path("short.txt"), "a\n");
  ExpectError(train({"--source", "de.txt", "--target", "short.txt"}), 1, "of 300 lines");
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy")));
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy.checkpoint")));
}

TEST_F(TranslateCommand, what_cannot_be_translated_is_an_error) {
  ASSERT_EQ(Run(Train("m.eddy", {"--steps", "2"})).code, 0);
  ASSERT_EQ(Run(Train("c.eddy", {"--steps", "2", "--unit", "word"})).code, 0);
  WriteAll(Path("new.txt"), "shot\n");
  ExpectError(Translate({"none.eddy", "new.txt"}), 1, "none.eddy");
  ExpectError(Translate({"m.eddy", "none.txt"}), 1, "none.txt");
  ExpectError(Translate({"new.txt", "m.eddy"}), 1, "new.txt");
  ExpectError(Translate({"m.eddy", "c.eddy", "new.txt"}), 1, "c.eddy must be a model of the vocabularies of m.eddy");
  ExpectError(Run({"evaluate", "m.eddy", "words.tsv", "--with", "c.eddy"}), 1, "c.eddy");
  ExpectError(Translate({"m.eddy", "new.txt", "--beam", "2", "--n-best", "3"}), 2, "--n-best");
  ExpectError(Translate({"m.eddy", "new.txt", "--beam", "0"}), 2, "--beam");
  ExpectError(Translate({"m.eddy", "new.txt", "-o", "/nowhere/a.txt"}), 1, "/nowhere");
  WriteAll(Path("bytes.txt"), "\xFF\n");
  ExpectError(Translate({"m.eddy", "bytes.txt"}), 1, "UTF-8");
  WriteAll(Path("book.txt"), std::string(500, 'a') + "b");
  ASSERT_EQ(Run({"train", "text", "book.txt", "-o", "t.eddy", "--hidden", "4", "--steps", "2"}).code, 0);
  ExpectError(Translate({"t.eddy", "new.txt"}), 1, "t.eddy");
  ExpectError(Translate({"m.eddy", "t.eddy", "new.txt"}), 1, "t.eddy");
  const std::string model = ReadAll(Path("m.eddy"));
  WriteAll(Path("cut.eddy"), model.substr(0, model.size() / 2));
  ExpectError(Translate({"cut.eddy", "new.txt"}), 1, "cut.eddy");
  ExpectError(Run({"classify", "m.eddy", "new.txt"}), 1, "m.eddy");
  ExpectError(Run({"evaluate", "m.eddy", "de.txt"}), 1, "de.txt line 1");
}

}  // namespace translate_command_test
}  // namespace eddy
