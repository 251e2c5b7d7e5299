// Risk of default: classes of tables with a row a customer and a column a month.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "eddy/random.h"

namespace eddy {
namespace credit_command_test {

using Json = nlohmann::json;

class CreditCommand : public ProgramTest {};

// Six months of a customer, the newest first; who pays late more often of late defaults more often.
std::string Credit(size_t customers, uint64_t seed) {
  std::string text = "ID,LIMIT,PAY_0,PAY_2,PAY_3,PAY_4,PAY_5,PAY_6,BILL1,BILL2,BILL3,BILL4,BILL5,BILL6,default\n";
  Random random(seed);
  for (size_t i = 0; i < customers; ++i) {
    const double care = random.Normal(), limit = 1 + random.Uniform();
    std::string pay, bill;
    double late = 0;
    for (int month = 0; month < 6; ++month) {
      const int behind = std::max(0, static_cast<int>(std::lround(random.Normal() - care)));
      late += behind * std::exp(-0.5 * month);
      pay += "," + std::to_string(behind);
      bill += "," + std::to_string(limit * (0.3 + 0.1 * behind + 0.1 * random.Uniform()));
    }
    const double p = 1 / (1 + std::exp(2.8 - 0.9 * late));
    text += std::to_string(i) + "," + std::to_string(limit) + pay + bill + (random.Uniform() < p ? ",1\n" : ",0\n");
  }
  return text;
}

TEST_F(CreditCommand, months_in_columns_give_honest_probabilities_of_a_default_and_what_decisions_cost) {
  WriteAll(Path("credit.csv"), Credit(1500, 1));
  WriteAll(Path("new.csv"), Credit(1000, 2));
  const ProgramOutcome trained =
      Run({"train",        "classify", "credit.csv",     "-o",       "c.eddy",    "--columns", "PAY,BILL,LIMIT",
           "--label",      "default",  "--newest-first", "--hidden", "8",         "--steps",   "150",
           "--cost-ratio", "5",        "--report",       "c.html",   "--threads", "1"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.err.find("PAY is PAY_6 to PAY_0, BILL is BILL6 to BILL1; LIMIT is the same at every step"),
            std::string::npos)
      << trained.err;
  EXPECT_NE(ReadAll(Path("c.html")).find("What decisions cost"), std::string::npos);
  const ProgramOutcome judged = Run({"evaluate", "c.eddy", "new.csv", "--cost-ratio", "5", "--json", "--threads", "1"});
  ASSERT_EQ(judged.code, 0) << judged.err;
  const Json json = Json::parse(judged.out);
  EXPECT_GT(json["auc"], 0.7);
  EXPECT_LT(json["calibration_error"], 0.1);
  EXPECT_EQ(json["reliability"].size(), 10U);
  const Json& methods = json["costs"]["methods"];
  EXPECT_EQ(methods[0]["how"], "said");
  EXPECT_NEAR(methods[0]["threshold"], 1.0 / 6, 1e-12);
  EXPECT_EQ(methods[1]["how"], "in hindsight");
  EXPECT_GE(methods[0]["cost"], methods[1]["cost"]);
  for (const Json& method : methods) {
    EXPECT_TRUE(method["how"] != "always" || methods[0]["cost"] < method["cost"]) << method;
  }
  EXPECT_TRUE(!json.contains("network_alone") || json["network_alone"]["accuracy"] > 0.5) << "without what the mix adds";
  ASSERT_EQ(json["cost_curve"]["said"].size(), 101U);
  EXPECT_LT(json["cost_curve"]["area"], 0.22);
  ASSERT_EQ(Run({"classify", "c.eddy", "new.csv", "-o", "said.csv"}).code, 0);
}

}  // namespace credit_command_test
}  // namespace eddy
