#include <cmath>

#include "cli/program.h"
#include "model/json.h"

namespace eddy {
namespace text_command_test {

std::string Verses(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += i % 3 == 0 ? "the cat sat on the mat\n" : "a dog ran to the log\n";
  return text;
}

class TextCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    WriteAll(Path("verses.txt"), Verses(200));
  }

  std::vector<std::string> Train(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"train",    "text",     "verses.txt", "-o",        "m.eddy",
                                          "--hidden", "24",       "--batch",    "8",         "--steps",
                                          "60",       "--unroll", "16",         "--threads", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
};

TEST_F(TextCommand, training_tells_the_figure_and_the_floor_and_writes_the_model_alone) {
  const ProgramOutcome outcome = Run(Train());
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("nats a character"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("n-gram"), std::string::npos) << outcome.out;
  EXPECT_TRUE(std::filesystem::exists(Path("m.eddy")));
  EXPECT_FALSE(std::filesystem::exists(Path("m.eddy.checkpoint")));
}

TEST_F(TextCommand, the_plan_says_why_threads_are_less_than_so_many_times_as_fast) {
  const std::string why = "2 threads share each operation, which costs time: a batch is 1 shard, and with --shards 2 each";
  EXPECT_NE(Run(Train()).err.find(why), std::string::npos);
  EXPECT_EQ(Run(Train({"--shards", "2"})).err.find("share each operation"), std::string::npos);
  EXPECT_EQ(Run(Train({"--threads", "1"})).err.find("share each operation"), std::string::npos);
}

TEST_F(TextCommand, json_of_training_and_evaluation_agree) {
  const ProgramOutcome trained = Run(Train({"--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const ProgramOutcome evaluated = Run({"evaluate", "m.eddy", "verses.txt", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  const Json train = ParseJson(trained.out, "train"), evaluate = ParseJson(evaluated.out, "evaluate");
  for (const char* key : {"tokens", "nats_per_token", "bits_per_byte", "perplexity", "floor_nats_per_token"}) {
    EXPECT_EQ(train.at(key), evaluate.at(key)) << key;
  }
  const double nats = evaluate["nats_per_token"];
  EXPECT_NEAR(evaluate["perplexity"].get<double>(), std::exp(nats), 1e-6);
  EXPECT_NEAR(evaluate["bits_per_byte"].get<double>(), nats / std::log(2.0), 1e-6);
}

TEST_F(TextCommand, the_unroll_suits_the_text_unless_it_is_told) {
  const std::vector<std::string> train = {"train", "text", "verses.txt", "-o", "m.eddy", "--hidden", "8", "--steps", "2"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = train;
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments).err;
  };
  EXPECT_NE(with({}).find("unroll 64"), std::string::npos);
  EXPECT_NE(with({"--lines"}).find("unroll 24"), std::string::npos) << with({"--lines"});
  EXPECT_NE(with({"--lines", "--unroll", "8,12"}).find("unroll 8"), std::string::npos);
}

TEST_F(TextCommand, a_finished_model_is_gone_on_with_and_its_vocabulary_grows) {
  const ProgramOutcome first = Run(Train({"--json"}));
  ASSERT_EQ(first.code, 0) << first.err;
  const auto go_on = [&](const std::string& text, const std::string& steps, const std::string& rate) {
    return Run(
        {"train", "text", text, "--start", "m.eddy", "-o", "n.eddy", "--steps", steps, "--learning-rate", rate, "--json"});
  };
  const ProgramOutcome same = go_on("verses.txt", "1", "1e-9");
  ASSERT_EQ(same.code, 0) << same.err;
  const double nats = ParseJson(first.out, "first")["nats_per_token"];
  EXPECT_NEAR(ParseJson(same.out, "same")["nats_per_token"].get<double>(), nats, 1e-4);

  WriteAll(Path("more.txt"), "zebras: " + Verses(100) + "zebras: " + Verses(100));
  const ProgramOutcome more = go_on("more.txt", "5", "0.001");
  ASSERT_EQ(more.code, 0) << more.err;
  EXPECT_NE(more.err.find("Starts from m.eddy, with 3 tokens more in its vocabulary"), std::string::npos) << more.err;
  const ProgramOutcome evaluated = Run({"evaluate", "n.eddy", "more.txt", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  for (const char* key : {"nats_per_token", "unknown_tokens", "floor_nats_per_token"}) {
    EXPECT_EQ(ParseJson(evaluated.out, "evaluate").at(key), ParseJson(more.out, "train").at(key)) << key;
  }
}

TEST_F(TextCommand, what_cannot_be_gone_on_with_is_one_line) {
  ASSERT_EQ(Run(Train()).code, 0);
  const auto go_on = [&](const std::string& output, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "text", "verses.txt", "--start", "m.eddy", "-o", output};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  ExpectError(go_on("n.eddy", {"--words"}), 1, "of the unit and lines asked for, to start from");
  ExpectError(go_on("n.eddy", {"--hidden", "12"}), 1, "of its sizes");
  ExpectError(Run({"train", "text", "verses.txt", "--start", "none.eddy", "-o", "n.eddy"}), 1, "none.eddy");
  ExpectError(go_on("m.eddy", {}), 2, "m.eddy");
  EXPECT_FALSE(std::filesystem::exists(Path("n.eddy")));
}

TEST_F(TextCommand, a_chain_of_layers_is_gone_on_with_as_it_is) {
  for (const char* cell : {"tcn", "gru+lstm"}) {
    ASSERT_EQ(Run({"train", "text", "verses.txt", "-o", "m.eddy", "--cell", cell, "--hidden", "4", "--steps", "2"}).code, 0);
    const auto go_on = [&](const std::vector<std::string>& more) {
      std::vector<std::string> arguments = {"train", "text",   "verses.txt", "--start", "m.eddy",
                                            "-o",    "n.eddy", "--steps",    "2"};
      arguments.insert(arguments.end(), more.begin(), more.end());
      return Run(arguments);
    };
    const std::vector<std::vector<std::string>> of_layers = {
        {"--cell", "lstm"}, {"--hidden", "4"}, {"--layers", "1"}, {"--zoneout", "0.1"}, {"--residual"}};
    for (const std::vector<std::string>& option : of_layers) {
      ExpectError(go_on(option), 2, option[0] + " cannot change the layers");
    }
    EXPECT_FALSE(std::filesystem::exists(Path("n.eddy")));
    EXPECT_EQ(go_on({"--dropout", "0.1"}).code, 0);
    std::filesystem::remove(Path("n.eddy"));
  }
}

TEST_F(TextCommand, options_that_change_nothing_are_refused) {
  const auto train = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"train", "text", "verses.txt", "-o", "n.eddy", "--steps", "2"});
    return Run(more);
  };
  ExpectError(train({"--exchange", "bf16"}), 2, "--exchange is of the gradients of several --shards");
  ExpectError(train({"--cell", "heads", "--layers", "2"}), 2, "--layers is not an option of conv and heads");
  ExpectError(train({"--cell", "conv+heads", "--layers", "2"}), 2, "--layers is not an option of conv and heads");
  ExpectError(train({"--bytes", "--vocabulary", "9"}), 2, "--vocabulary");
}

TEST_F(TextCommand, a_network_that_no_memory_holds_is_refused_before_its_weights_are_drawn) {
  for (const char* cell : {"lstm", "gru+lstm"}) {
    ExpectError(Run({"train", "text", "verses.txt", "-o", "n.eddy", "--cell", cell, "--hidden", "65536", "--layers", "9",
                     "--quiet"}),
                1, "a network of this --hidden, --layers and vocabulary must be within");
  }
}

TEST_F(TextCommand, a_few_steps_are_told_of_without_what_was_never_looked_at) {
  WriteAll(Path("tiny.txt"), "hello world\n");
  const ProgramOutcome trained = Run({"train", "text", "tiny.txt", "-o", "tiny.eddy", "--hidden", "8"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.err.find("Validation loss after"), std::string::npos) << trained.err;
  EXPECT_EQ(trained.err.find("nan"), std::string::npos) << trained.err;
}

TEST_F(TextCommand, quiet_says_nothing) {
  const ProgramOutcome outcome = Run(Train({"--quiet"}));
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out + outcome.err, "");
}

TEST_F(TextCommand, the_model_does_not_depend_on_the_number_of_threads) {
  ASSERT_EQ(Run(Train()).code, 0);
  const std::string two = ReadAll(Path("m.eddy"));
  ASSERT_EQ(Run(Train({"--threads", "1"})).code, 2);  // given twice
  std::vector<std::string> arguments = Train();
  arguments.back() = "1";
  ASSERT_EQ(Run(arguments).code, 0);
  EXPECT_EQ(ReadAll(Path("m.eddy")), two);
}

TEST_F(TextCommand, generation_is_repeatable_and_of_the_length_asked_for) {
  ASSERT_EQ(Run(Train()).code, 0);
  const std::vector<std::string> command = {"generate", "m.eddy", "--prompt", "the ", "--length", "50", "--seed", "3"};
  const ProgramOutcome first = Run(command), second = Run(command);
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.out, second.out);
  EXPECT_TRUE(first.out.starts_with("the "));
  EXPECT_GE(first.out.size(), 54u);
  EXPECT_LE(first.out.size(), 55u);  // a line end closes it
}

TEST_F(TextCommand, lines_begin_with_the_prompt_and_are_finished) {
  ASSERT_EQ(Run(Train({"--lines"})).code, 0);
  const ProgramOutcome outcome = Run({"generate", "m.eddy", "--prompt", "a ", "--length", "100"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  std::stringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) EXPECT_TRUE(line.starts_with("a ")) << line;
  EXPECT_TRUE(outcome.out.ends_with("\n"));
}

TEST_F(TextCommand, words_and_bytes_train_too) {
  for (const char* unit : {"--words", "--bytes"}) {
    const ProgramOutcome outcome = Run(Train({unit, "--tie", "--layers", "2", "--dropout", "0.1"}));
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(Run({"generate", "m.eddy", "--length", "20"}).code, 0);
    EXPECT_EQ(Run({"evaluate", "m.eddy", "verses.txt", "--quiet"}).code, 0);
  }
}

TEST_F(TextCommand, bad_training_text_is_one_line) {
  const auto train = [&](const std::string& file) {
    std::vector<std::string> arguments = Train();
    arguments[2] = file;
    return Run(arguments);
  };
  WriteAll(Path("empty.txt"), "");
  WriteAll(Path("one.txt"), "a");
  WriteAll(Path("koi8.txt"), "\xf0\xd2\xc9\xd7\xc5\xd4 \xcd\xc9\xd2");
  ExpectError(train("missing.txt"), 1, "missing.txt");
  ExpectError(train("empty.txt"), 1, "empty.txt");
  ExpectError(train("one.txt"), 1, "one.txt");
  ExpectError(train("koi8.txt"), 1, "UTF-8");
  std::filesystem::create_directory(Path("folder"));
  ExpectError(train("folder"), 1, "a directory");
  EXPECT_FALSE(std::filesystem::exists(Path("m.eddy")));
  EXPECT_FALSE(std::filesystem::exists(Path("m.eddy.checkpoint")));
}

TEST_F(TextCommand, a_model_that_cannot_be_written_is_known_before_training) {
  std::vector<std::string> arguments = Train();
  arguments[4] = "no/such/directory/m.eddy";
  ExpectError(Run(arguments), 1, "no/such/directory");
  arguments[4] = ".";
  ExpectError(Run(arguments), 1, ".");
}

TEST_F(TextCommand, wrong_values_that_only_the_text_knows_are_usage_errors) {
  ExpectError(Run(Train({"--valid", "1.5"})), 2, "--valid");
  ExpectError(Run(Train({"--clip", "hard"})), 2, "--clip");
  std::vector<std::string> arguments = Train();
  arguments[12] = "8,4";
  ExpectError(Run(arguments), 2, "--unroll");
}

TEST_F(TextCommand, a_file_that_is_no_model_is_one_line) {
  ExpectError(Run({"generate", "verses.txt"}), 1, "verses.txt");
  ExpectError(Run({"evaluate", "missing.eddy", "verses.txt"}), 1, "missing.eddy");
  ASSERT_EQ(Run(Train()).code, 0);
  const std::string model = ReadAll(Path("m.eddy"));
  for (size_t size : {size_t{0}, size_t{5}, size_t{100}, model.size() / 2, model.size() - 1}) {
    WriteAll(Path("cut.eddy"), model.substr(0, size));
    ExpectError(Run({"generate", "cut.eddy"}), 1, "cut.eddy");
  }
}

TEST_F(TextCommand, text_that_the_model_cannot_read_is_one_line) {
  ASSERT_EQ(Run(Train({"--quiet"})).code, 0);
  WriteAll(Path("one.txt"), "a");
  ExpectError(Run({"evaluate", "m.eddy", "one.txt"}), 1, "one.txt");
  ExpectError(Run({"evaluate", "m.eddy", "missing.txt"}), 1, "missing.txt");
  ExpectError(Run({"generate", "m.eddy", "--prompt", "\xff"}), 1, "prompt");
}

TEST_F(TextCommand, generation_onto_a_full_disk_is_an_error) {
  ASSERT_EQ(Run(Train()).code, 0);
  EXPECT_EQ(Run({"generate", "m.eddy", "--length", "20"}, "/dev/full").code, 1);
  EXPECT_EQ(Run({"evaluate", "m.eddy", "verses.txt"}, "/dev/full").code, 1);
}

}  // namespace text_command_test
}  // namespace eddy
