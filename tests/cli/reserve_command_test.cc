#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "eddy/eddy.h"
#include "tasks/simulated_triangles.h"

namespace eddy {
namespace reserve_command_test {

using Json = nlohmann::json;

class ReserveCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    WriteAll(Path("full.csv"), TriangleTable(12, 8, 16));
    WriteAll(Path("known.csv"), TriangleTable(12, 8, 8));
  }
  std::vector<std::string> Words(const std::string& model, const std::vector<std::string>& more = {},
                                 const std::string& file = "full.csv") const {
    std::vector<std::string> words = {"train", "reserve",       file,   "--company", "company", "--origin",
                                      "year",  "--paid",        "paid", "--premium", "premium", "--line",
                                      "line",  "--development", "lag",  "--hidden",  "4",       "--batch",
                                      "8",     "--members",     "2",    "--steps",   "10",      "-o",
                                      model};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(ReserveCommand, it_trains_evaluates_and_says_what_is_still_to_be_paid) {
  const ProgramOutcome trained = Run(Words("m.eddy", {"--json", "--incurred", "incurred", "--report", "m.html"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json training = Json::parse(trained.out);
  EXPECT_EQ(training["judged_companies"], 24);
  EXPECT_EQ(training["floors"].size(), 2U);
  EXPECT_EQ(training["lines"].size(), 2U);
  EXPECT_EQ(training["covered"].size(), 3U);
  EXPECT_LT(training["network"]["mape"], 0.2);
  const std::string report = ReadAll(Path("m.html"));
  EXPECT_NE(report.find("chain ladder"), std::string::npos);
  EXPECT_NE(report.find("fan"), std::string::npos);

  const ProgramOutcome evaluated = Run({"evaluate", "m.eddy", "full.csv", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_EQ(Json::parse(evaluated.out)["network"], training["network"]);
  EXPECT_EQ(Run({"evaluate", "m.eddy", "full.csv", "--valuation", "2004"}).code, 0);
  ExpectError(Run({"evaluate", "m.eddy", "known.csv"}), 1, "last development");

  const ProgramOutcome reserve = Run({"reserve", "m.eddy", "known.csv", "--origins", "origins.csv"});
  ASSERT_EQ(reserve.code, 0) << reserve.err;
  EXPECT_TRUE(reserve.out.starts_with("line,company,paid,ultimate,reserve,deviation,reserve0.75,reserve0.95,reserve0.995,"))
      << reserve.out;
  EXPECT_EQ(std::count(reserve.out.begin(), reserve.out.end(), '\n'), 1 + 24 + 2);
  const std::string origins = ReadAll(Path("origins.csv"));
  EXPECT_EQ(std::count(origins.begin(), origins.end(), '\n'), 1 + 24 * 7);
  ASSERT_EQ(Run({"reserve", "m.eddy", "full.csv", "-o", "r.csv", "--quiet"}).code, 0);
  EXPECT_EQ(ReadAll(Path("r.csv")), reserve.out) << "what is later changes nothing";
  const Json json = Json::parse(Run({"reserve", "m.eddy", "known.csv", "--json"}).out);
  EXPECT_EQ(json["valuation"], 2007);
  EXPECT_GT(json["companies"][0]["reserve0.995"], json["companies"][0]["reserve0.95"]);
  EXPECT_EQ(json["lines"][0]["companies"], 12);
  EXPECT_EQ(Run({"inspect", "m.eddy", "known.csv"}).code, 0);
  EXPECT_EQ(Run({"quantize", "m.eddy", "full.csv", "--to", "int8", "-o", "q.eddy"}).code, 0);
  EXPECT_EQ(Run({"reserve", "q.eddy", "known.csv"}).code, 0);
}

TEST_F(ReserveCommand, what_is_known_only_after_the_valuation_changes_no_bit_of_the_model) {
  WriteAll(Path("other.csv"), TriangleTable(12, 8, 16, [](size_t calendar, double paid) {
             return calendar > 8 ? 1e6 + static_cast<double>(calendar) : paid;
           }));
  ASSERT_EQ(Run(Words("full.eddy", {"--incurred", "incurred"})).code, 0);
  ASSERT_EQ(Run(Words("other.eddy", {"--incurred", "incurred"}, "other.csv")).code, 0);
  ASSERT_EQ(Run(Words("known.eddy", {"--incurred", "incurred"}, "known.csv")).code, 0);
  EXPECT_EQ(ReadAll(Path("full.eddy")), ReadAll(Path("other.eddy")));
  EXPECT_EQ(ReadAll(Path("full.eddy")), ReadAll(Path("known.eddy")));
}

TEST_F(ReserveCommand, the_model_does_not_depend_on_threads) {
  ASSERT_EQ(Run(Words("one.eddy", {"--threads", "1"})).code, 0);
  ASSERT_EQ(Run(Words("three.eddy", {"--threads", "3"})).code, 0);
  EXPECT_EQ(ReadAll(Path("one.eddy")), ReadAll(Path("three.eddy")));
}

TEST_F(ReserveCommand, a_resumed_run_writes_the_model_of_one_never_stopped) {
  const auto words = [&](const std::string& model, bool resume) {
    std::vector<std::string> words = Words(model, {"--checkpoint-seconds", "0", "--validations", "2"});
    *(std::find(words.begin(), words.end(), "--steps") + 1) = "400";
    if (resume) words.push_back("--resume");
    return words;
  };
  ExpectResumedAsNeverStopped(words);
}

TEST_F(ReserveCommand, a_model_from_memory_is_the_programs_and_knows_new_companies) {
  ASSERT_EQ(Run(Words("m.eddy", {"--quiet", "--shards", "2"})).code, 0);
  ReserveOptions options{.company = "company", .origin = "year", .development = "lag", .paid = "paid", .premium = "premium"};
  options.line = "line";
  options.members = 2;
  options.train.hidden = 4;
  options.train.batch = 8;
  options.train.steps = 10;
  options.train.shards = 2;
  const auto trained = Train(options, Data::Text(ReadAll(Path("full.csv")), "full.csv"));
  EXPECT_EQ(trained.model.Serialize(), ReadAll(Path("m.eddy")));
  std::string text = ReadAll(Path("known.csv"));
  for (size_t at = 0; (at = text.find(",c3,", at)) != std::string::npos;) text.replace(at, 4, ",new,");
  for (size_t at = 0; (at = text.find("slow,", at)) != std::string::npos;) text.replace(at, 5, "other,");
  const std::vector<ReserveForecast> forecasts = ReserveModel::Load(Path("m.eddy")).Predict(Data::Text(text, "new.csv"));
  ASSERT_EQ(forecasts.size(), 24U);
  EXPECT_EQ(forecasts.back().line, "other");
  EXPECT_EQ(forecasts.back().company, "new");
  for (const ReserveForecast& each : forecasts) {
    EXPECT_NEAR(each.ultimate, each.paid + each.reserve, 1e-6 * each.ultimate);
    EXPECT_GT(each.quantiles[2], each.quantiles[0]);
    EXPECT_NEAR(each.ultimate / each.chain_ladder, 1, 0.3);
  }
}

TEST_F(ReserveCommand, bad_input_is_one_line_and_leaves_nothing_behind) {
  const std::string good = ReadAll(Path("known.csv"));
  const auto train = [&](const std::string& text, const std::vector<std::string>& more = {}) {
    WriteAll(Path("bad.csv"), text);
    std::vector<std::string> words = Words("bad.eddy", more, "bad.csv");
    words.push_back("--quiet");
    return Run(words);
  };
  const auto with = [&](const std::string& row) { return good + row + "\n"; };
  const std::string head = good.substr(0, good.find('\n') + 1);
  ExpectError(train(head), 1, "rows");
  ExpectError(train(with("slow,x,2000.5,1,1,1,1")), 1, "year");
  ExpectError(train(with("slow,x,2000,0,1,1,1")), 1, "at least 1");
  ExpectError(train(with("slow,x,2000,1,abc,1,1")), 1, "number");
  ExpectError(train(with("slow,x,2000,1,1,1,0")), 1, "above 0");
  ExpectError(train(with("slow,x,2000,1,1,,5"), {"--incurred", "incurred"}), 1, "incurred");
  ExpectError(train(with("slow,c1,2000,1,1,1,1")), 1, "another is in line");
  ExpectError(train(with("slow,x,2000,2,1,1,1")), 1, "1 next");
  ExpectError(train(with("slow,x,2000,1,1,1,5\nslow,x,2000,2,1,1,6")), 1, "premium");
  ExpectError(train(with("slow,x,1000,1,1,1,5")), 1, "periods");
  ExpectError(train(head + "a,b,2000,1,1,1,1\n"), 1, "at least 3");
  ExpectError(train(good, {"--valuation", "1999"}), 1, "1999");
  ExpectError(train(good, {"--valuation", "2001"}), 1, "at least 3");
  ExpectError(train(good, {"--incurred", "none"}), 1, "none");
  ExpectError(train(good, {"--members", "0"}), 2, "--members");
  std::vector<std::string> alone = Words("bad.eddy", {"--validations", "3"});
  *std::next(std::find(alone.begin(), alone.end(), "--members")) = "1";
  ExpectError(Run(alone), 2, "--members 1 leaves nothing out");
  ExpectError(train(good, {"--shards", "9"}), 2, "shards");
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy")));
  EXPECT_FALSE(std::filesystem::exists(Path("bad.eddy.checkpoint")));
  EXPECT_EQ(train(with("slow,x,2000,1,,1,5")).code, 0) << "a payment that is missing is not known";

  ExpectError(Run({"reserve", "bad.eddy", "none.csv"}), 1, "none.csv");
  WriteAll(Path("long.csv"), TriangleTable(2, 9, 9));
  ExpectError(Run({"reserve", "bad.eddy", "long.csv", "-o", "r.csv"}), 1, "8 developments");
  EXPECT_FALSE(std::filesystem::exists(Path("r.csv")));
  WriteAll(Path("one.csv"), head + "slow,c1,2000,1,30,30,100\n");
  EXPECT_EQ(Run({"reserve", "bad.eddy", "one.csv"}).code, 0) << "one payment is enough to go on from";
}

}  // namespace reserve_command_test
}  // namespace eddy
