#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "model/model_file.h"

namespace eddy {
namespace classify_command_test {

using Json = nlohmann::json;

// Sentences whose class is in one word, and series whose class is the direction they go.
class ClassifyCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string reviews = "text,stars\n", walks;
    for (int i = 0; i < 120; ++i) {
      const std::string filler = i % 4 == 0 ? "the film" : i % 4 == 1 ? "this book, all in all," : "it";
      reviews += "\"" + filler + (i % 3 == 0 ? " was dull\",low\n" : " was lovely\",high\n");
      std::string x, y;
      const int steps = 5 + i % 4, direction = i % 2 == 0 ? 1 : -1;
      for (int t = 0; t < steps; ++t) {
        x += (t > 0 ? "," : "") + std::to_string(direction * t + i % 5);
        y += (t > 0 ? "," : "") + std::to_string(t * t % 7);
      }
      walks += "{\"x\":[" + x + "],\"y\":[" + y + "],\"way\":\"" + (direction > 0 ? "up" : "down") + "\"}\n";
    }
    WriteAll(Path("reviews.csv"), reviews);
    WriteAll(Path("walks.jsonl"), walks);
  }

  // The options, those in `more` in place of the usual ones.
  static std::vector<std::string> With(const std::string& file, const std::vector<std::string>& options,
                                       const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "classify", file};
    for (size_t i = 0; i < options.size(); i += 2) {
      if (std::find(more.begin(), more.end(), options[i]) != more.end()) continue;
      arguments.insert(arguments.end(), {options[i], options[i + 1]});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::vector<std::string> Train(const std::string& model, const std::vector<std::string>& more = {}) const {
    return With("reviews.csv",
                {"-o", model, "--text", "text", "--label", "stars", "--hidden", "8", "--embedding", "8", "--batch", "8",
                 "--valid", "0.2", "--steps", "200", "--learning-rate", "0.01"},
                more);
  }
  std::vector<std::string> TrainWalks(const std::string& model, const std::vector<std::string>& more = {}) const {
    return With("walks.jsonl",
                {"-o", model, "--columns", "x,y", "--label", "way", "--hidden", "8", "--batch", "8", "--steps", "200",
                 "--learning-rate", "0.01"},
                more);
  }
};

TEST_F(ClassifyCommand, costs_of_other_than_two_classes_and_an_order_of_no_columns_are_refused) {
  ExpectError(Run(TrainWalks("m.eddy", {"--newest-first"})), 2, "--newest-first");
  ExpectError(Run(TrainWalks("m.eddy", {"--cost-ratio", "0"})), 2, "--cost-ratio");
  WriteAll(Path("three.csv"), "text,stars\na b,1\nb c,2\nc d,3\na b,1\nb c,2\nc d,3\n");
  ExpectError(Run({"train", "classify", "three.csv", "-o", "m.eddy", "--text", "text", "--label", "stars", "--steps", "1",
                   "--valid", "0.5", "--cost-ratio", "2", "--quiet"}),
              2, "two classes");
}

TEST_F(ClassifyCommand, training_goes_on_with_a_finished_model_on_other_sentences) {
  const auto train = [&](const std::string& model, const std::vector<std::string>& more) {
    return Run(With("reviews.csv", {"-o", model, "--text", "text", "--label", "stars", "--valid", "0.2"}, more));
  };
  const ProgramOutcome first = Run(Train("m.eddy", {"--json"}));
  ASSERT_EQ(first.code, 0) << first.err;
  const ProgramOutcome same =
      train("n.eddy", {"--start", "m.eddy", "--steps", "1", "--learning-rate", "1e-9", "--batch", "8", "--json"});
  ASSERT_EQ(same.code, 0) << same.err;
  EXPECT_NEAR(Json::parse(same.out)["log_loss"].get<double>(), Json::parse(first.out)["log_loss"].get<double>(), 1e-3);
  const Model began = LoadModel(Path("m.eddy")), went_on = LoadModel(Path("n.eddy"));
  EXPECT_LT(began.description["network"]["share"].get<double>(), 1) << "so that there is something to undo in the head";
  EXPECT_NEAR(went_on.description["network"]["share"].get<double>(), began.description["network"]["share"].get<double>(),
              1e-3);

  WriteAll(Path("more.csv"), ReadAll(Path("reviews.csv")) + "a dreary thing,low\na dreary end,low\na dreary day,low\n");
  const auto go_on = [&](const std::string& file, const std::vector<std::string>& more) {
    return Run(
        With(file, {"--start", "m.eddy", "-o", "n.eddy", "--text", "text", "--label", "stars", "--steps", "40"}, more));
  };
  const ProgramOutcome grown = go_on("more.csv", {"--valid", "reviews.csv"});
  ASSERT_EQ(grown.code, 0) << grown.err;
  EXPECT_NE(grown.err.find("Starts from m.eddy, with 2 words more in its vocabulary"), std::string::npos) << grown.err;
  EXPECT_EQ(Run({"evaluate", "n.eddy", "reviews.csv", "--quiet"}).code, 0);

  WriteAll(Path("other.csv"), ReadAll(Path("reviews.csv")) + "it was fair,middling\n");
  ExpectError(go_on("other.csv", {"--quiet"}), 1, "labelled as one of the 2 classes learned");
  ExpectError(go_on("reviews.csv", {"--characters", "--quiet"}), 1, "of its unit, words");
  ExpectError(go_on("reviews.csv", {"--hidden", "12", "--quiet"}), 1, "of its sizes");
  ExpectError(go_on("reviews.csv", {"--vectors", "none.vec", "--quiet"}), 2, "--start");
  ASSERT_EQ(Run({"quantize", "m.eddy", "--to", "int8", "-o", "small.eddy"}).code, 0);
  ExpectError(go_on("reviews.csv", {"--start", "small.eddy", "--quiet"}), 1, "in float32, to start from");
}

TEST_F(ClassifyCommand, training_goes_on_with_a_finished_model_on_other_series) {
  const ProgramOutcome first = Run(TrainWalks("m.eddy", {"--json"}));
  ASSERT_EQ(first.code, 0) << first.err;
  const auto go_on = [&](const std::string& file, const std::vector<std::string>& more) {
    return Run(With(file,
                    {"--start", "m.eddy", "-o", "n.eddy", "--columns", "x,y", "--label", "way", "--batch", "8", "--steps",
                     "1", "--learning-rate", "1e-9"},
                    more));
  };
  const ProgramOutcome same = go_on("walks.jsonl", {"--json"});
  ASSERT_EQ(same.code, 0) << same.err;
  EXPECT_NEAR(Json::parse(same.out)["log_loss"].get<double>(), Json::parse(first.out)["log_loss"].get<double>(), 1e-3);
  ExpectError(go_on("walks.jsonl", {"--columns", "x", "--quiet"}), 1, "of its columns, x,y");
  ExpectError(go_on("walks.jsonl", {"--frame", "3", "--quiet"}), 1, "of its frame, 1");
  const std::vector<std::string> sentences = {"--start", "m.eddy", "-o", "n.eddy", "--text", "text", "--label", "stars"};
  ExpectError(Run(With("reviews.csv", sentences, {"--quiet"})), 1, "labelled as one of the 2 classes learned");
}

TEST_F(ClassifyCommand, it_learns_sentences_and_evaluates_them) {
  const ProgramOutcome trained = Run(Train("m.eddy", {"--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["task"], "classify");
  EXPECT_EQ(training["classes"], (std::vector<std::string>{"high", "low"}));
  EXPECT_EQ(training["examples"], 24);
  EXPECT_EQ(training["accuracy"], 1.0);
  EXPECT_EQ(training["floors"][0]["name"], "majority class");
  EXPECT_NEAR(training["floors"][0]["accuracy"].get<double>(), 2. / 3, 0.01);

  const ProgramOutcome evaluated = Run({"evaluate", "m.eddy", "reviews.csv", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  const Json scores = Json::parse(evaluated.out);
  EXPECT_EQ(scores["confusion"], training["confusion"]) << "the same examples are held out";
  EXPECT_NEAR(scores["log_loss"].get<double>(), training["log_loss"].get<double>(), 1e-9);
  EXPECT_NE(evaluated.err.find("measuring on the part it held out"), std::string::npos) << evaluated.err;
  EXPECT_EQ(scores["floors"], training["floors"]);
  EXPECT_EQ(scores["floors"][1]["name"], "logistic regression of word pairs");
  EXPECT_EQ(Json::parse(Run({"evaluate", "m.eddy", "reviews.csv", "--json", "--all"}).out)["examples"], 120);

  WriteAll(Path("test.csv"), "text,stars\nit was lovely,high\nthis was dull,low\n");
  EXPECT_EQ(Json::parse(Run({"evaluate", "m.eddy", "test.csv", "--json"}).out)["floors"][1]["accuracy"], 1.0);
  std::filesystem::rename(Path("reviews.csv"), Path("moved.csv"));
  const ProgramOutcome alone = Run({"evaluate", "m.eddy", "test.csv", "--json"});
  EXPECT_EQ(Json::parse(alone.out)["floors"].size(), 1u);
  EXPECT_NE(alone.err.find("--train"), std::string::npos) << alone.err;
  EXPECT_EQ(Json::parse(Run({"evaluate", "m.eddy", "test.csv", "--json", "--train", "moved.csv"}).out)["floors"].size(), 2u);
  ExpectError(Run({"evaluate", "m.eddy", "test.csv", "--train", "test.csv"}), 1, "test.csv");
}

TEST_F(ClassifyCommand, vectors_of_words_tell_what_unseen_ones_mean) {
  WriteAll(Path("words.vec"),
           "the 0 0 1\nfilm 0 0.1 1\nbook 0.1 0 1\nwas 0 0.1 0.9\ndull -1 1 0\nDreary -1 0.9 0\nlovely 1 1 0\n"
           "delightful 1 0.9 0\n");
  const auto train = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train",   "classify", "reviews.csv",     "-o",      "m.eddy",   "--text",
                                          "text",    "--label",  "stars",           "--alone", "--hidden", "8",
                                          "--steps", "200",      "--learning-rate", "0.01"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  const ProgramOutcome trained = train({"--vectors", "words.vec", "--freeze-vectors"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.err.find("words start from words.vec, 3 numbers each, which stay"), std::string::npos) << trained.err;
  // They differ in nothing but words that training does not show.
  WriteAll(Path("new.csv"), "text\nthe film was dreary\nthe film was delightful\n");
  const std::string said = Run({"classify", "m.eddy", "new.csv"}).out;  // example, class, p(high), p(low)
  const auto high = [&](const std::string& example) {
    const size_t line = said.find("\n" + example + ",");
    return std::stod(said.substr(said.find(',', line + 3) + 1));
  };
  EXPECT_LT(high("1") + 0.2, high("2")) << said;
  ExpectError(train({"--vectors", "none.vec", "--quiet"}), 1, "none.vec");
  ExpectError(train({"--vectors", "words.vec", "--embedding", "8"}), 2, "--embedding");
  ExpectError(train({"--vectors", "words.vec", "--characters", "--quiet"}), 2, "--characters reads none");
  ExpectError(Run(TrainWalks("n.eddy", {"--vectors", "words.vec", "--quiet"})), 2, "--vectors is an option of sentences");
}

TEST_F(ClassifyCommand, it_learns_series_of_unequal_lengths) {
  const ProgramOutcome trained = Run(TrainWalks("m.eddy", {"--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_EQ(Json::parse(trained.out)["accuracy"], 1.0);
  const ProgramOutcome evaluated = Run({"evaluate", "m.eddy", "walks.jsonl"});
  EXPECT_EQ(evaluated.code, 0) << evaluated.err;
  for (const char* part : {"macro F1", "majority class", "1-nearest neighbour", "ridge regression of convolutions",
                           "right \\ said", "calibration"}) {
    EXPECT_NE(evaluated.out.find(part), std::string::npos) << evaluated.out;
  }
}

TEST_F(ClassifyCommand, series_read_in_frames_train_the_same_model_on_any_number_of_threads_and_explain_every_step) {
  const ProgramOutcome trained = Run(TrainWalks("one.eddy", {"--frame", "3", "--steps", "3", "--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["floors"][2]["name"], "ridge regression of convolutions");
  EXPECT_TRUE(training.contains("network_alone")) << "a network of three steps is helped by the regression";
  EXPECT_EQ(training["accuracy"], 1.0);
  ASSERT_EQ(Run(TrainWalks("two.eddy", {"--frame", "3", "--steps", "3", "--threads", "2"})).code, 0);
  EXPECT_EQ(ReadAll(Path("one.eddy")), ReadAll(Path("two.eddy")));
  const Json evaluated = Json::parse(Run({"evaluate", "one.eddy", "walks.jsonl", "--json"}).out);
  EXPECT_EQ(evaluated["confusion"], training["confusion"]);
  EXPECT_EQ(evaluated["floors"], training["floors"]);
  EXPECT_EQ(evaluated["network_alone"]["confusion"], training["network_alone"]["confusion"]);
  const Json explained = Json::parse(Run({"classify", "one.eddy", "walks.jsonl", "--explain", "1", "--json"}).out);
  EXPECT_EQ(explained["explanation"]["steps"].size(), 5u);
  EXPECT_NE(explained["explanation"]["convolutions"], 0);

  const ProgramOutcome alone = Run(TrainWalks("alone.eddy", {"--steps", "3", "--alone", "--json"}));
  ASSERT_EQ(alone.code, 0) << alone.err;
  EXPECT_FALSE(Json::parse(alone.out).contains("network_alone"));
  EXPECT_LT(std::filesystem::file_size(Path("alone.eddy")), std::filesystem::file_size(Path("one.eddy")));
  const ProgramOutcome of_sentences = Run(Train("m.eddy", {"--frame", "2"}));
  EXPECT_EQ(of_sentences.code, 2);
  EXPECT_NE(of_sentences.err.find("--frame is an option of series"), std::string::npos) << of_sentences.err;
  EXPECT_EQ(Run(TrainWalks("m.eddy", {"--frame", "0"})).code, 2);
  EXPECT_FALSE(std::filesystem::exists(Path("m.eddy")));
}

TEST_F(ClassifyCommand, any_number_of_threads_trains_the_same_model) {
  ASSERT_EQ(Run(Train("one.eddy")).code, 0);
  ASSERT_EQ(Run(Train("two.eddy", {"--threads", "2"})).code, 0);
  EXPECT_EQ(ReadAll(Path("one.eddy")), ReadAll(Path("two.eddy")));
}

TEST_F(ClassifyCommand, a_resumed_run_writes_the_model_of_one_never_stopped) {
  const auto train = [&](const std::string& model, bool resume) {
    std::vector<std::string> arguments =
        Train(model, {"--steps", "5000", "--patience", "0", "--checkpoint-seconds", "0", "--balance", "1"});
    if (resume) arguments.push_back("--resume");
    return arguments;
  };
  ExpectResumedAsNeverStopped(train);
}

TEST_F(ClassifyCommand, a_model_can_be_inspected_and_quantized) {
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  const ProgramOutcome inspected = Run({"inspect", "m.eddy"});
  EXPECT_EQ(inspected.code, 0) << inspected.err;
  EXPECT_NE(inspected.out.find("a classify model"), std::string::npos) << inspected.out;
  ExpectError(Run({"inspect", "m.eddy", "reviews.csv"}), 1, "eddy classify");
  const ProgramOutcome quantized = Run({"quantize", "m.eddy", "reviews.csv", "--to", "int8", "-o", "small.eddy"});
  EXPECT_EQ(quantized.code, 0) << quantized.err;
  EXPECT_NE(quantized.out.find("nats an example"), std::string::npos) << quantized.out;
  EXPECT_EQ(Run({"evaluate", "small.eddy", "reviews.csv"}).code, 0);
}

TEST_F(ClassifyCommand, it_says_which_class_new_examples_are_of) {
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  WriteAll(Path("new.csv"), "text,other\nit was lovely,1\nthe film was dull,2\n,3\n");
  const ProgramOutcome csv = Run({"classify", "m.eddy", "new.csv"});
  ASSERT_EQ(csv.code, 0) << csv.err;
  EXPECT_TRUE(csv.out.starts_with("example,class,p(high),p(low)\n1,high,0.9")) << csv.out;
  EXPECT_NE(csv.out.find("\n2,low,0.0"), std::string::npos) << csv.out;
  EXPECT_EQ(std::count(csv.out.begin(), csv.out.end(), '\n'), 4) << "an empty sentence has a class, too";
  ASSERT_EQ(Run({"classify", "m.eddy", "new.csv", "-o", "classes.csv"}).code, 0);
  EXPECT_EQ(ReadAll(Path("classes.csv")), csv.out);
  WriteAll(Path("new.txt"), "it was lovely\r\nthe film was dull\n\n");
  EXPECT_EQ(Run({"classify", "m.eddy", "new.txt"}).out, csv.out);
  const Json json = Json::parse(Run({"classify", "m.eddy", "new.txt", "--json"}).out);
  EXPECT_EQ(json["examples"][1]["class"], "low");
  EXPECT_GT(json["examples"][1]["probabilities"]["low"], 0.9);
}

TEST_F(ClassifyCommand, it_says_which_steps_moved_a_prediction) {
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  WriteAll(Path("new.txt"), "it was lovely\nthe film was dull\n");
  const ProgramOutcome told = Run({"classify", "m.eddy", "new.txt", "--explain", "2"});
  ASSERT_EQ(told.code, 0) << told.err;
  EXPECT_NE(told.out.find("\"the film was dull\": low with probability"), std::string::npos) << told.out;
  EXPECT_NE(told.out.find("++++++++++++++++++++++++\n+ speaks for low"), std::string::npos) << told.out;
  const Json json = Json::parse(Run({"classify", "m.eddy", "new.txt", "--explain", "2", "--json"}).out);
  const Json& steps = json["explanation"]["steps"];
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_EQ(steps[3]["step"], "dull");
  for (size_t i = 0; i < 3; ++i) EXPECT_LT(steps[i]["share"], steps[3]["share"]);
  ASSERT_EQ(Run(TrainWalks("w.eddy")).code, 0);
  const ProgramOutcome series = Run({"classify", "w.eddy", "walks.jsonl", "--explain", "1"});
  EXPECT_EQ(series.code, 0) << series.err;
  EXPECT_NE(series.out.find("walks.jsonl line 1: up with"), std::string::npos) << series.out;
}

TEST_F(ClassifyCommand, a_report_shows_the_confusion_and_what_moved_predictions) {
  const ProgramOutcome trained = Run(Train("m.eddy", {"--report", "m.html"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const std::string report = ReadAll(Path("m.html"));
  for (const char* part : {"logistic regression of word pairs", "taken for which", "surest and right", "towards low"}) {
    EXPECT_NE(report.find(part), std::string::npos) << part;
  }
}

TEST_F(ClassifyCommand, a_folder_a_class_and_a_ts_file_need_no_columns) {
  std::string archive = "@classLabel true a b\n@data\n";
  for (const char* name : {"pos", "neg"}) std::filesystem::create_directories(Path("texts/" + std::string(name)));
  for (int i = 0; i < 20; ++i) {
    WriteAll(Path("texts/pos/" + std::to_string(i)), "it was lovely\n");
    WriteAll(Path("texts/neg/" + std::to_string(i)), "it was\n\ndull\n");
    archive += i % 2 == 0 ? "1,2,3:0,0,0:a\n" : "3,2,1:0,0,0:b\n";
  }
  WriteAll(Path("walks.ts"), archive);
  const std::vector<std::string> quick = {"--hidden", "4", "--steps", "5", "-o", "m.eddy"};
  for (const auto& [file, first] : {std::pair("texts", "neg"), std::pair("walks.ts", "a")}) {
    const ProgramOutcome trained = Run(With(file, quick, {"--json"}));
    ASSERT_EQ(trained.code, 0) << trained.err;
    EXPECT_EQ(Json::parse(trained.out)["classes"][0], first);
    EXPECT_EQ(Run({"evaluate", "m.eddy", file}).code, 0);
    EXPECT_EQ(Run({"classify", "m.eddy", file == std::string("texts") ? "texts/pos" : file}).code, 0);
  }
  ExpectError(Run(With("walks.ts", quick, {"--columns", "x"})), 2, "--columns");
}

TEST_F(ClassifyCommand, what_cannot_be_classified_is_an_error) {
  ASSERT_EQ(Run(TrainWalks("m.eddy")).code, 0);
  ExpectError(Run({"classify", "none.eddy", "walks.jsonl"}), 1, "none.eddy");
  ExpectError(Run({"classify", "m.eddy"}), 1, "the file must be given");
  ExpectError(Run({"classify", "m.eddy", "reviews.csv"}), 1, "column \"x\"");
  ExpectError(Run({"classify", "m.eddy", "walks.jsonl", "--explain", "121"}), 1, "at most 120");
  ExpectError(Run({"classify", "m.eddy", "walks.jsonl", "--explain", "0"}), 2, "--explain");
  ExpectError(Run({"classify", "m.eddy", "walks.jsonl", "-o", "/nowhere/a.csv"}), 1, "/nowhere");
  ASSERT_EQ(Run(TrainWalks("z.eddy", {"--zoneout", "0.1"})).code, 0);
  ExpectError(Run({"classify", "z.eddy", "walks.jsonl", "--explain", "1"}), 1, "zoneout");
}

TEST_F(ClassifyCommand, bad_input_is_one_line_and_leaves_nothing_behind) {
  const auto train = [&](const std::string& file, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "classify", file, "-o", "bad.eddy", "--steps", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  const std::vector<std::string> sentences = {"--text", "text", "--label", "stars"};
  ExpectError(train("reviews.csv", {"--text", "text", "--label", "star"}), 1, "did you mean \"stars\"?");
  ExpectError(train("reviews.csv", {"--text", "txt", "--label", "stars"}), 1, "did you mean \"text\"?");
  ExpectError(train("reviews.csv", {"--text", "text"}), 2, "--label");
  ExpectError(train("reviews.csv", {"--label", "stars"}), 2, "--text or --columns");
  ExpectError(train("reviews.csv", {"--label", "stars", "--text", "text", "--columns", "a"}), 2, "--columns");
  ExpectError(train("reviews.csv", {"--columns", "text", "--label", "stars"}), 1, "finite number");
  ExpectError(train("reviews.csv", {"--text", "stars", "--label", "text", "--valid", "2"}), 2, "--valid");
  ExpectError(train("none.csv", sentences), 1, "none.csv");
  ExpectError(train("reviews.csv", {"--text", "text", "--label", "stars", "--valid", "none.csv"}), 1, "none.csv");
  WriteAll(Path("empty.csv"), "");
  ExpectError(train("empty.csv", sentences), 1, "empty.csv");
  WriteAll(Path("header.csv"), "text,stars\n");
  ExpectError(train("header.csv", sentences), 1, "header.csv");
  WriteAll(Path("one.csv"), "text,stars\na,x\nb,x\n");
  ExpectError(train("one.csv", sentences), 1, "two classes");
  WriteAll(Path("ids.csv"), "text,stars\na,1\nb,2\nc,3\nd,4\ne,5\n");
  ExpectError(train("ids.csv", sentences), 1, "column of the labels");
  WriteAll(Path("few.csv"), "text,stars\na,1\nb,2\nc,1\nd,2\n");
  ExpectError(train("few.csv", sentences), 1, "held-out share");
  WriteAll(Path("bytes.csv"), "text,stars\n\xFF\x81,1\n");
  ExpectError(train("bytes.csv", sentences), 1, "UTF-8");
  WriteAll(Path("cut.jsonl"), ReadAll(Path("walks.jsonl")).substr(0, 1000));
  ExpectError(train("cut.jsonl", {"--columns", "x,y", "--label", "way", "--strict"}), 1, "cut.jsonl line");
  WriteAll(Path("nan.jsonl"), "{\"x\":[NaN],\"y\":[1],\"way\":1}\n");
  ExpectError(train("nan.jsonl", {"--columns", "x,y", "--label", "way"}), 1, "a JSON object");
  WriteAll(Path("ragged.jsonl"), "{\"x\":[1,2],\"y\":[1],\"way\":1}\n");
  ExpectError(train("ragged.jsonl", {"--columns", "x,y", "--label", "way"}), 1, "ragged.jsonl line 1");
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy")));
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy.checkpoint")));
}

TEST_F(ClassifyCommand, a_label_never_learned_is_an_error) {
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  WriteAll(Path("other.csv"), "text,stars\nit was lovely,high\nit was so so,medium\n");
  ExpectError(Run({"evaluate", "m.eddy", "other.csv"}), 1, "other.csv line 3");
  ExpectError(Run(Train("n.eddy", {"--valid", "other.csv"})), 1, "\"medium\"");
  ExpectError(Run({"evaluate", "m.eddy", "walks.jsonl"}), 1, "\"text\"");
  const std::string model = ReadAll(Path("m.eddy"));
  WriteAll(Path("cut.eddy"), model.substr(0, model.size() / 2));
  ExpectError(Run({"evaluate", "cut.eddy", "reviews.csv"}), 1, "cut.eddy");
  ExpectError(Run({"generate", "m.eddy"}), 1, "m.eddy");
}

}  // namespace classify_command_test
}  // namespace eddy
