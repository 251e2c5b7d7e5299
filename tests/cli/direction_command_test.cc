#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "eddy/eddy.h"
#include "model/model_file.h"
#include "tasks/simulated_stocks.h"

namespace eddy {
namespace direction_command_test {

using Json = nlohmann::json;

class DirectionCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    WriteAll(Path("stocks.csv"), StockTable(8, 300, 0.4));
  }
  std::vector<std::string> Words(const std::string& model, const std::vector<std::string>& more = {},
                                 const std::string& file = "stocks.csv") const {
    std::vector<std::string> words = {"train",    "direction", file,       "--price", "close",   "--time", "day",
                                      "--series", "stock",     "--hidden", "4",       "--batch", "8",      "--members",
                                      "2",        "--steps",   "60",       "-o",      model};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(DirectionCommand, it_finds_momentum_evaluates_and_says_what_goes_up) {
  const ProgramOutcome trained = Run(Words("m.eddy", {"--json", "--refits", "2", "--report", "m.html", "--tried", "5"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["days"], 59);
  EXPECT_GT(training["network"]["mcc_low"], 0) << training["verdict"];
  EXPECT_LE(training["network"]["accuracy_low"], training["network"]["accuracy"]);
  EXPECT_EQ(training["floors"][0]["mcc"], 0) << "of one class";
  EXPECT_EQ(training["strategies"].size(), 3U);
  EXPECT_EQ(training["tried"], 2 + 2 + 5);
  EXPECT_NE(ReadAll(Path("m.html")).find("buy and hold"), std::string::npos);

  const ProgramOutcome evaluated = Run({"evaluate", "m.eddy", "stocks.csv", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_EQ(Json::parse(evaluated.out)["network"], training["network"]) << "each part by its own refit";
  EXPECT_NE(Run({"evaluate", "m.eddy", "stocks.csv", "--from", "100"}).err.find("flatter"), std::string::npos);

  const ProgramOutcome next = Run({"direction", "m.eddy", "stocks.csv"});
  ASSERT_EQ(next.code, 0) << next.err;
  EXPECT_TRUE(next.out.starts_with("series,time,up\ns0,300,0.")) << next.out;
  EXPECT_EQ(std::count(next.out.begin(), next.out.end(), '\n'), 1 + 8);
  EXPECT_NE(next.err.find("deflated"), std::string::npos) << next.err;
  const Json json = Json::parse(Run({"direction", "m.eddy", "stocks.csv", "--json"}).out);
  EXPECT_EQ(json["past"]["network"], training["network"]);
  EXPECT_EQ(json["next"].size(), 8U);
  EXPECT_EQ(Run({"inspect", "m.eddy", "stocks.csv"}).code, 0);
  EXPECT_EQ(Run({"quantize", "m.eddy", "stocks.csv", "--to", "int8", "-o", "q.eddy"}).code, 0);
}

TEST_F(DirectionCommand, what_cannot_be_forecast_ends_with_the_sentence_that_it_is_chance) {
  WriteAll(Path("random.csv"), StockTable(8, 300, 0));
  const ProgramOutcome trained = Run(Words("m.eddy", {}, "random.csv"));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.out.find("The network is no better than chance"), std::string::npos) << trained.out;
}

TEST_F(DirectionCommand, what_is_held_out_changes_no_weight) {
  WriteAll(Path("other.csv"), StockTable(8, 300, 0.4, [](size_t day, double price) {
             return day >= 250 ? 9.0 + static_cast<double>(day % 7) : price;
           }));
  ASSERT_EQ(Run(Words("one.eddy", {"--from", "250"})).code, 0);
  ASSERT_EQ(Run(Words("other.eddy", {"--from", "250"}, "other.csv")).code, 0);
  const Model one = LoadModel(Path("one.eddy")), other = LoadModel(Path("other.eddy"));
  ASSERT_EQ(one.tensors.size(), other.tensors.size());
  for (size_t i = 0; i < one.tensors.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(one.tensors[i].second.values(), other.tensors[i].second.values())) << i;
  }
  EXPECT_EQ(one.description["direction"], other.description["direction"]) << "nor a floor, nor a scaling";
}

TEST_F(DirectionCommand, the_model_does_not_depend_on_threads) {
  ASSERT_EQ(Run(Words("one.eddy", {"--threads", "1", "--horizon", "3"})).code, 0);
  ASSERT_EQ(Run(Words("three.eddy", {"--threads", "3", "--horizon", "3"})).code, 0);
  EXPECT_EQ(ReadAll(Path("one.eddy")), ReadAll(Path("three.eddy")));
}

TEST_F(DirectionCommand, a_resumed_run_writes_the_model_of_one_never_stopped) {
  const auto words = [&](const std::string& model, bool resume) {
    std::vector<std::string> words = Words(model, {"--checkpoint-seconds", "0"});
    *(std::find(words.begin(), words.end(), "--steps") + 1) = "300";
    if (resume) words.push_back("--resume");
    return words;
  };
  ExpectResumedAsNeverStopped(words);
}

TEST_F(DirectionCommand, a_model_from_memory_is_the_programs) {
  ASSERT_EQ(Run(Words("m.eddy", {"--quiet", "--shards", "2"})).code, 0);
  DirectionOptions options{.price = "close", .time = "day", .series = "stock"};
  options.members = 2;
  options.train.hidden = 4;
  options.train.batch = 8;
  options.train.steps = 60;
  options.train.shards = 2;
  const Data table = Data::Text(ReadAll(Path("stocks.csv")), "stocks.csv");
  const auto trained = Train(options, table);
  EXPECT_EQ(trained.model.Serialize(), ReadAll(Path("m.eddy")));
  const std::vector<DirectionForecast> next = DirectionModel::Load(Path("m.eddy")).Predict(table);
  ASSERT_EQ(next.size(), 8U);
  for (const DirectionForecast& each : next) {
    EXPECT_EQ(each.time, "300");
    EXPECT_GT(each.up, 0);
    EXPECT_LT(each.up, 1);
  }
}

TEST_F(DirectionCommand, a_column_that_knows_the_future_is_refused_by_name) {
  ExpectError(Run(Words("m.eddy", {"--quiet", "--covariates", "own,next"})), 1, "\"next\"");
  EXPECT_FALSE(std::filesystem::exists(Path("m.eddy")));
  EXPECT_EQ(Run(Words("m.eddy", {"--covariates", "own"})).code, 0);
}

TEST_F(DirectionCommand, bad_input_is_one_line_and_leaves_nothing_behind) {
  const std::string good = ReadAll(Path("stocks.csv"));
  const auto train = [&](const std::string& text, const std::vector<std::string>& more = {}) {
    WriteAll(Path("bad.csv"), text);
    std::vector<std::string> words = Words("bad.eddy", more, "bad.csv");
    words.push_back("--quiet");
    return Run(words);
  };
  ExpectError(train(good + "s0,300,0,1,1\n"), 1, "above 0");
  ExpectError(train(good + "s0,300,x,1,1\n"), 1, "number");
  ExpectError(train(StockTable(1, 50, 0)), 1, "returns of at least");
  std::string still = "stock,day,close\n";
  for (int day = 0; day < 300; ++day) still += "a," + std::to_string(day) + ",5\n";
  ExpectError(train(still), 1, "rose or fell");
  ExpectError(train(good, {"--from", "soon"}), 1, "--from");
  ExpectError(train(good, {"--from", "10"}), 1, "returns of at least");
  ExpectError(train(good, {"--holdout", "3", "--refits", "4"}), 1, "4 refits");
  ExpectError(train(good, {"--holdout", "0", "--refits", "4"}), 2, "--refits are parts of what is held out");
  ExpectError(train(good, {"--patience", "3"}), 2, "--patience is of losses on what is held out");
  ExpectError(train(good, {"--schedule", "plateau"}), 2, "--schedule plateau");
  ExpectError(train(good, {"--horizon", "0"}), 2, "--horizon");
  ExpectError(train(good, {"--costs", "-1"}), 2, "--costs");
  ExpectError(train(good, {"--rise", "x"}), 2, "--rise");
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy")));
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy.checkpoint")));
  EXPECT_EQ(train(good, {"--holdout", "0"}).code, 0);
  ExpectError(Run({"evaluate", "bad.eddy", "stocks.csv"}), 1, "--from");
  ExpectError(Run({"direction", "bad.eddy", "none.csv"}), 1, "none.csv");
}

}  // namespace direction_command_test
}  // namespace eddy
