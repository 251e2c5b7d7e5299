#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "eddy/eddy.h"
#include "tasks/simulated_prices.h"

namespace eddy {
namespace risk_command_test {

using Json = nlohmann::json;

class RiskCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    WriteAll(Path("prices.csv"), PriceTable(simulated_.returns, {{"rv", simulated_.variances}}));
  }
  std::vector<std::string> Words(const std::string& model, const std::vector<std::string>& more = {},
                                 const std::string& file = "prices.csv") const {
    std::vector<std::string> words = {"train",   "risk", file,      "--price", "close",     "--time", "day", "--hidden", "4",
                                      "--batch", "4",    "--steps", "10",      "--members", "2",      "-o",  model};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  const SimulatedPrices simulated_ = SimulatePrices(700, 1);
};

TEST_F(RiskCommand, it_trains_evaluates_and_says_what_may_be_lost) {
  const ProgramOutcome trained = Run(Words("m.eddy", {"--json", "--realised", "rv", "--report", "m.html"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["forecasts"], 140);
  EXPECT_EQ(training["floors"].size(), 8U);
  EXPECT_EQ(training["realised"].size(), 3U);
  const std::string report = ReadAll(Path("m.html"));
  EXPECT_NE(report.find("breaches of 5%"), std::string::npos);
  EXPECT_NE(report.find("GJR-GARCH"), std::string::npos);

  const ProgramOutcome evaluated = Run({"evaluate", "m.eddy", "prices.csv", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_EQ(Json::parse(evaluated.out)["network"], training["network"]) << "the same days are held out";
  EXPECT_NE(Run({"evaluate", "m.eddy", "prices.csv", "--from", "300"}).err.find("flatter"), std::string::npos);

  const ProgramOutcome risk = Run({"risk", "m.eddy", "prices.csv", "--past", "past.csv"});
  ASSERT_EQ(risk.code, 0) << risk.err;
  EXPECT_TRUE(risk.out.starts_with("series,time,volatility,var0.01,es0.01,var0.025,es0.025,var0.05,es0.05,realised\n,701,"))
      << risk.out;
  EXPECT_NE(risk.err.find("Kupiec"), std::string::npos) << risk.err;
  const std::string past = ReadAll(Path("past.csv"));
  EXPECT_EQ(std::count(past.begin(), past.end(), '\n'), 1 + 140);
  ASSERT_EQ(Run({"risk", "m.eddy", "prices.csv", "-o", "next.csv", "--quiet"}).code, 0);
  EXPECT_EQ(ReadAll(Path("next.csv")), risk.out);
  const Json json = Json::parse(Run({"risk", "m.eddy", "prices.csv", "--json"}).out);
  EXPECT_GT(json["next"][0]["es0.01"], json["next"][0]["var0.01"]);
  EXPECT_EQ(json["past"]["network"], training["network"]);
  EXPECT_EQ(Run({"inspect", "m.eddy", "prices.csv"}).code, 0);
}

TEST_F(RiskCommand, shuffled_returns_end_with_the_sentence_that_it_is_no_better) {
  std::vector<double> shuffled = simulated_.returns;
  Random random(5);
  random.Shuffle(shuffled);
  WriteAll(Path("shuffled.csv"), PriceTable(shuffled));
  const ProgramOutcome trained = Run(Words("m.eddy", {"--density", "mixture"}, "shuffled.csv"));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.out.find("The network is no better than the best floor"), std::string::npos) << trained.out;
}

TEST_F(RiskCommand, the_model_depends_neither_on_threads_nor_on_the_order_of_rows) {
  ASSERT_EQ(Run(Words("one.eddy", {"--threads", "1", "--horizon", "5"})).code, 0);
  ASSERT_EQ(Run(Words("three.eddy", {"--threads", "3", "--horizon", "5"})).code, 0);
  EXPECT_EQ(ReadAll(Path("one.eddy")), ReadAll(Path("three.eddy")));
  const std::string text = ReadAll(Path("prices.csv"));
  const size_t first = text.find('\n') + 1, second = text.find('\n', first) + 1;
  WriteAll(Path("turned.csv"), text.substr(0, first) + text.substr(second) + text.substr(first, second - first));
  const Json one = Json::parse(Run(Words("a.eddy", {"--json"})).out);
  const Json other = Json::parse(Run(Words("b.eddy", {"--json"}, "turned.csv")).out);
  EXPECT_EQ(one["network"], other["network"]);
}

TEST_F(RiskCommand, a_resumed_run_writes_the_model_of_one_never_stopped) {
  const std::vector<std::string> more = {"--steps", "150", "--checkpoint-seconds", "0", "--validations", "2"};
  const auto words = [&](const std::string& model, bool resume) {
    std::vector<std::string> words = Words(model, more);
    const auto steps = std::find(words.begin(), words.end(), "--steps");
    words.erase(steps, steps + 2);
    if (resume) words.push_back("--resume");
    return words;
  };
  ExpectResumedAsNeverStopped(words);
}

TEST_F(RiskCommand, a_model_from_memory_is_the_programs_and_knows_new_series) {
  ASSERT_EQ(Run(Words("m.eddy", {"--quiet"})).code, 0);
  RiskOptions options;
  options.price = "close";
  options.time = "day";
  options.members = 2;
  options.train.hidden = 4;
  options.train.batch = 4;
  options.train.steps = 10;
  const Data table = Data::Text(ReadAll(Path("prices.csv")), "prices.csv");
  const auto trained = Train(options, table);
  EXPECT_EQ(trained.model.Serialize(), ReadAll(Path("m.eddy")));
  const std::vector<RiskForecast> next = RiskModel::Load(Path("m.eddy")).Predict(table);
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].time, "701");
  for (size_t q = 0; q < 3; ++q) EXPECT_GE(next[0].expected_shortfall[q], next[0].value_at_risk[q]);
  EXPECT_GE(next[0].value_at_risk[0], next[0].value_at_risk[2]);
  EXPECT_TRUE(std::isnan(next[0].realised_variance));
}

TEST_F(RiskCommand, a_column_that_knows_the_future_is_refused_by_name) {
  std::vector<double> early = simulated_.returns;
  std::rotate(early.begin(), early.begin() + 1, early.end());
  WriteAll(Path("leak.csv"), PriceTable(simulated_.returns, {{"tip", early}, {"rv", simulated_.variances}}));
  ExpectError(Run(Words("m.eddy", {"--quiet", "--covariates", "tip"}, "leak.csv")), 1, "\"tip\"");
  EXPECT_FALSE(std::filesystem::exists(Path("m.eddy")));
}

TEST_F(RiskCommand, bad_input_is_one_line_and_leaves_nothing_behind) {
  const std::string good = ReadAll(Path("prices.csv"));
  const auto train = [&](const std::string& text, const std::vector<std::string>& more = {}) {
    WriteAll(Path("bad.csv"), text);
    std::vector<std::string> words = Words("bad.eddy", more, "bad.csv");
    words.push_back("--quiet");
    return Run(words);
  };
  const auto with = [&](const std::string& row) { return good + row + "\n"; };
  ExpectError(train(with("701,0,1")), 1, "above 0");
  ExpectError(train(with("701,-3,1")), 1, "701");
  ExpectError(train(with("701,abc,1")), 1, "number");
  ExpectError(train(with("5,100,1")), 1, "occurs once");
  ExpectError(train("day,close\n1,100\n"), 1, "returns");
  std::string constant = "day,close\n";
  for (int i = 0; i < 400; ++i) constant += std::to_string(i) + ",100\n";
  ExpectError(train(constant), 1, "constant");
  ExpectError(train(good, {"--realised", "none"}), 1, "none");
  ExpectError(train(good, {"--levels", "0.6"}), 2, "--levels");
  ExpectError(train(good, {"--levels", "0.05,0.01"}), 2, "--levels");
  ExpectError(train(good, {"--levels", "0"}), 2, "--levels");
  ExpectError(train(good, {"--high", "close"}), 2, "--low");
  ExpectError(train(good, {"--horizon", "0"}), 2, "--horizon");
  ExpectError(train(good, {"--from", "soon"}), 1, "--from");
  ExpectError(train(good, {"--holdout", "650"}), 1, "returns");
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy")));
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy.checkpoint")));
  // A price that is missing is a day without a trade.
  EXPECT_EQ(train(with("701,,1\n702,100,1")).code, 0);

  ExpectError(Run({"risk", "bad.eddy", "none.csv"}), 1, "none.csv");
  WriteAll(Path("short.csv"), "day,close\n1,100\n2,101\n");
  EXPECT_EQ(Run({"risk", "bad.eddy", "short.csv"}).code, 0) << "its floors are those of the series that it knows";
  WriteAll(Path("one.csv"), "day,close\n1,100\n");
  ExpectError(Run({"risk", "bad.eddy", "one.csv", "-o", "next.csv"}), 1, "prices");
  EXPECT_FALSE(std::filesystem::exists(Path("next.csv")));
}

}  // namespace risk_command_test
}  // namespace eddy
