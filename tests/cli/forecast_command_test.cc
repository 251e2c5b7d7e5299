#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.h"

namespace eddy {
namespace forecast_command_test {

using Json = nlohmann::json;

class ForecastCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string text = "day,shop,sold\n";
    for (int i = 0; i < 200; ++i) {
      const int month = i / 28 + 1, day = i % 28 + 1;
      char date[16];
      snprintf(date, sizeof(date), "2023-%02d-%02d", month, day);
      text += std::string(date) + ",\"a, b\"," + std::to_string(10 + i % 7 + i * 37 % 3) + "\n";
      if (i > 50) text += std::string(date) + ",c," + (i % 11 == 0 ? "" : std::to_string(1000 + 100 * (i % 7))) + "\n";
    }
    WriteAll(Path("sales.csv"), text);
  }

  std::vector<std::string> Train(const std::string& model, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"train",    "forecast",  "sales.csv", "--target", "sold",     "--time", "day",
                                          "--series", "shop",      "--horizon", "7",        "--hidden", "8",      "--batch",
                                          "4",        "--threads", "1",         "--steps",  "30",       "-o",     model};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
};

TEST_F(ForecastCommand, it_trains_evaluates_and_forecasts) {
  const ProgramOutcome trained = Run(Train("m.eddy", {"--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["verb"], "train");
  EXPECT_EQ(training["training"]["steps"], 30);

  const ProgramOutcome evaluated = Run({"evaluate", "m.eddy", "sales.csv", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  const Json scores = Json::parse(evaluated.out);
  for (const Json& each : {scores, scores["naive"], scores["seasonal_naive"]}) {
    for (const char* key : {"mse", "mae", "smape", "mase", "pinball"}) {
      EXPECT_TRUE(each[key].is_number()) << key << " in " << each;
    }
  }
  EXPECT_TRUE(scores["coverage"].is_number());
  EXPECT_TRUE(scores["naive"]["coverage"].is_null()) << "one value is no band";
  EXPECT_EQ(scores["mae"], training["mae"]) << "the same rows are held out";
  EXPECT_EQ(scores["season"], 7);

  const ProgramOutcome forecast = Run({"forecast", "m.eddy", "sales.csv"});
  ASSERT_EQ(forecast.code, 0) << forecast.err;
  EXPECT_TRUE(forecast.out.starts_with("series,step,time,q0.1,q0.5,q0.9\n\"a, b\",1,2023-0")) << forecast.out;
  EXPECT_EQ(std::count(forecast.out.begin(), forecast.out.end(), '\n'), 1 + 2 * 7);
  ASSERT_EQ(Run({"forecast", "m.eddy", "sales.csv", "-o", "next.csv"}).code, 0);
  EXPECT_EQ(ReadAll(Path("next.csv")), forecast.out);
  const ProgramOutcome median = Run({"forecast", "m.eddy", "sales.csv", "--quantiles", "0.5"});
  EXPECT_TRUE(median.out.starts_with("series,step,time,q0.5\n")) << median.out;
}

TEST_F(ForecastCommand, of_what_is_never_below_zero_no_forecast_is_and_a_floor_says_mostly_nothing) {
  std::string text = "sold\n";
  for (int i = 0; i < 150; ++i) text += i * i % 11 == 3 ? "2\n" : "0\n";
  WriteAll(Path("seldom.csv"), text);
  const ProgramOutcome trained = Run({"train", "forecast", "seldom.csv", "--target", "sold", "--horizon", "6", "--hidden",
                                      "4", "--steps", "5", "--season", "1", "-o", "m.eddy", "--json"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  for (const char* floor : {"past_median", "zeros", "croston"}) {
    EXPECT_TRUE(Json::parse(trained.out)[floor]["mae"].is_number()) << floor;
    EXPECT_TRUE(Json::parse(trained.out)[floor]["scaled_pinball"].is_number()) << floor;
  }
  EXPECT_EQ(Json::parse(trained.out)["mix"], Json::object()) << "most rows are 0: nothing is mixed";
  const ProgramOutcome forecast = Run({"forecast", "m.eddy", "seldom.csv"});
  ASSERT_EQ(forecast.code, 0) << forecast.err;
  EXPECT_EQ(forecast.out.find(",-"), std::string::npos) << forecast.out;
  std::stringstream lines(forecast.out.substr(forecast.out.find('\n') + 1));
  for (std::string line; std::getline(lines, line);) {
    std::stringstream cells(line);
    std::string cell;
    for (int column = 0; std::getline(cells, cell, ','); ++column) {
      EXPECT_TRUE(column < 2 || cell == "0" || std::stod(cell) >= 1) << line << ": 2 is the least that was ever sold";
    }
  }
}

TEST_F(ForecastCommand, a_floor_that_did_better_has_a_share_unless_that_is_refused) {
  std::string text = "level\n";
  uint32_t random = 1;
  double level = 100;
  for (int i = 0; i < 200; ++i) {  // a random walk, of which a network learns nothing in five steps
    random = random * 1664525 + 1013904223;
    text += std::to_string(level += (random >> 31) ? 1 : -1) + "\n";
  }
  WriteAll(Path("walk.csv"), text);
  const std::vector<std::string> train = {"train", "forecast", "walk.csv", "--target", "level", "--horizon",
                                          "6",     "--hidden", "4",        "--steps",  "5",     "--season",
                                          "1",     "-o",       "m.eddy",   "--json"};
  const ProgramOutcome mixed = Run(train);
  ASSERT_EQ(mixed.code, 0) << mixed.err;
  const Json mix = Json::parse(mixed.out)["mix"];
  EXPECT_GT(mix["naive"], 0) << mixed.out;
  EXPECT_EQ(Json::parse(Run({"evaluate", "m.eddy", "walk.csv", "--json"}).out)["mix"], mix) << "it is in the model";
  const ProgramOutcome told = Run({"evaluate", "m.eddy", "walk.csv"});
  EXPECT_NE(told.out.find("% persistence, "), std::string::npos) << told.out;

  std::vector<std::string> alone = train;
  alone.push_back("--alone");
  const ProgramOutcome network = Run(alone);
  ASSERT_EQ(network.code, 0) << network.err;
  EXPECT_EQ(Json::parse(network.out)["mix"], Json::object());
}

TEST_F(ForecastCommand, a_finished_model_is_gone_on_with_where_it_reads_the_same) {
  const ProgramOutcome first = Run(Train("m.eddy", {"--json"}));
  ASSERT_EQ(first.code, 0) << first.err;
  const ProgramOutcome same = Run(Train("n.eddy", {"--json", "--start", "m.eddy", "--learning-rate", "1e-9"}));
  ASSERT_EQ(same.code, 0) << same.err;
  EXPECT_NE(same.err.find("Starts from m.eddy"), std::string::npos) << same.err;
  const double mae = Json::parse(first.out)["mae"];
  EXPECT_NEAR(Json::parse(same.out)["mae"].get<double>(), mae, 1e-4 * mae);

  ExpectError(Run({"train", "forecast", "sales.csv", "--target", "sold", "--series", "shop", "--horizon", "7", "--start",
                   "m.eddy", "-o", "other.eddy"}),
              1, "of its columns");
  ExpectError(Run(Train("other.eddy", {"--start", "m.eddy", "--layers", "2"})), 1, "of other layers");
  ExpectError(
      Run({"train", "forecast", "sales.csv", "--target", "sold", "--horizon", "7", "--dates", "day-first", "-o", "n.eddy"}),
      2, "--dates");
  EXPECT_FALSE(std::filesystem::exists(Path("other.eddy")));
}

TEST_F(ForecastCommand, it_says_beside_which_floors_it_stands) {
  const ProgramOutcome trained = Run(Train("m.eddy"));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.out.find("persistence"), std::string::npos) << trained.out;
  EXPECT_NE(trained.out.find("seasonal naive"), std::string::npos) << trained.out;
  EXPECT_NE(trained.out.find("MASE"), std::string::npos) << trained.out;
}

TEST_F(ForecastCommand, evaluating_from_a_date_on_says_when_the_model_has_seen_it) {
  ASSERT_EQ(Run(Train("m.eddy", {"--from", "2023-07-01"})).code, 0);
  const ProgramOutcome unseen = Run({"evaluate", "m.eddy", "sales.csv", "--from", "2023-07-01"});
  EXPECT_EQ(unseen.code, 0) << unseen.err;
  EXPECT_EQ(unseen.err, "");
  const ProgramOutcome seen = Run({"evaluate", "m.eddy", "sales.csv", "--from", "2023-05-01"});
  EXPECT_EQ(seen.code, 0) << seen.err;
  EXPECT_NE(seen.err.find("flatter"), std::string::npos) << seen.err;
}

TEST_F(ForecastCommand, a_resumed_run_writes_the_model_of_one_never_stopped) {
  const std::vector<std::string> options = {"--steps", "400", "--checkpoint-seconds", "0", "--validations", "2"};
  auto train = [&](const std::string& model, bool resume) {
    std::vector<std::string> arguments = Train(model);
    arguments.erase(std::find(arguments.begin(), arguments.end(), "--steps"),
                    std::find(arguments.begin(), arguments.end(), "--steps") + 2);
    arguments.insert(arguments.end(), options.begin(), options.end());
    if (resume) arguments.push_back("--resume");
    return arguments;
  };
  ExpectResumedAsNeverStopped(train);
}

TEST_F(ForecastCommand, a_small_swing_at_a_high_level_is_written) {
  std::string rows = "day,sold\n";
  for (int i = 0; i < 100; ++i) rows += std::to_string(i) + "," + std::to_string(1000000000 + i % 7) + "." + "25\n";
  WriteAll(Path("high.csv"), rows);
  ASSERT_EQ(Run({"train", "forecast", "high.csv", "--target", "sold", "--time", "day", "--horizon", "2", "--hidden", "8",
                 "--steps", "10", "-o", "high.eddy", "--quiet"})
                .code,
            0);
  const ProgramOutcome forecast = Run({"forecast", "high.eddy", "high.csv"});
  ASSERT_EQ(forecast.code, 0) << forecast.err;
  EXPECT_EQ(forecast.out.find("e+09"), std::string::npos) << forecast.out;
  EXPECT_NE(forecast.out.find("100000000"), std::string::npos) << forecast.out;
  EXPECT_NE(forecast.out.find('.', forecast.out.find("100000000")), std::string::npos) << forecast.out;
}

TEST_F(ForecastCommand, a_report_is_written_beside_the_model) {
  const ProgramOutcome trained = Run(Train("m.eddy", {"--report", "m.html"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(ReadAll(Path("m.html")).find("seasonal naive"), std::string::npos);
}

TEST_F(ForecastCommand, bad_input_is_one_line_and_leaves_nothing_behind) {
  const auto train = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "forecast"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.insert(arguments.end(), {"-o", "bad.eddy", "--steps", "2"});
    return Run(arguments);
  };
  ExpectError(train({"sales.csv", "--target", "solt", "--horizon", "7"}), 1, "sold");
  ExpectError(train({"none.csv", "--target", "sold", "--horizon", "7"}), 1, "none.csv");
  ExpectError(train({"sales.csv", "--target", "sold"}), 2, "--horizon");
  ExpectError(train({"sales.csv", "--horizon", "7"}), 2, "--target");
  ExpectError(train({"sales.csv", "--target", "sold", "--horizon", "0"}), 2, "--horizon");
  ExpectError(train({"sales.csv", "--target", "day", "--horizon", "7"}), 1, "number");
  ExpectError(train({"sales.csv", "--target", "sold", "--horizon", "7", "--quantiles", "0.9,0.1"}), 2, "--quantiles");
  ExpectError(
      train({"sales.csv", "--target", "sold", "--horizon", "7", "--time", "day", "--series", "shop", "--from", "soon"}), 1,
      "--from");
  WriteAll(Path("short.csv"), "y\n1\n2\n");
  ExpectError(train({"short.csv", "--target", "y", "--horizon", "7"}), 1, "longer");
  WriteAll(Path("empty.csv"), "");
  ExpectError(train({"empty.csv", "--target", "y", "--horizon", "7"}), 1, "empty.csv");
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy")));
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy.checkpoint")));
}

TEST_F(ForecastCommand, a_forecast_that_cannot_be_made_writes_nothing) {
  ASSERT_EQ(Run(Train("m.eddy")).code, 0);
  const auto forecast = [&](const std::string& model, const std::string& file) {
    return Run({"forecast", model, file, "-o", "next.csv"});
  };
  ExpectError(forecast("none.eddy", "sales.csv"), 1, "none.eddy");
  ExpectError(forecast("sales.csv", "sales.csv"), 1, "sales.csv");
  WriteAll(Path("other.csv"), "day,shop\n2023-01-01,a\n");
  ExpectError(forecast("m.eddy", "other.csv"), 1, "sold");
  WriteAll(Path("yearly.csv"), "day,shop,sold\n2021-01-01,a,1\n2022-01-01,a,2\n2023-01-01,a,2\n");
  ExpectError(forecast("m.eddy", "yearly.csv"), 1, "year");
  const std::string model = ReadAll(Path("m.eddy"));
  WriteAll(Path("cut.eddy"), model.substr(0, model.size() / 2));
  ExpectError(forecast("cut.eddy", "sales.csv"), 1, "cut.eddy");
  EXPECT_FALSE(std::filesystem::exists(Path("next.csv")));
  ExpectError(Run({"forecast", "m.eddy", "sales.csv", "-o", "/nowhere/next.csv"}), 1, "/nowhere");
  ExpectError(Run({"forecast", "m.eddy", "sales.csv", "--quantiles", "0.7"}), 1, "0.1,0.5,0.9");
}

// k is known in the future, so it must be there.
TEST_F(ForecastCommand, covariates_known_in_the_future_must_cover_the_horizon) {
  std::string text = "y,k\n";
  for (int t = 0; t < 60; ++t) text += std::to_string(t % 5) + "," + std::to_string(t % 5) + "\n";
  WriteAll(Path("now.csv"), text);
  WriteAll(Path("future.csv"), text + ",0\n,1\n,2\n");
  const ProgramOutcome trained = Run({"train", "forecast", "now.csv", "--target", "y", "--known", "k", "--horizon", "3",
                                      "--hidden", "4", "--batch", "2", "--steps", "10", "-o", "m.eddy"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  ExpectError(Run({"forecast", "m.eddy", "now.csv"}), 1, "known in the future");
  const ProgramOutcome forecast = Run({"forecast", "m.eddy", "future.csv"});
  EXPECT_EQ(forecast.code, 0) << forecast.err;
  EXPECT_NE(forecast.out.find("\n,1,61,"), std::string::npos) << forecast.out;
}

}  // namespace forecast_command_test
}  // namespace eddy
