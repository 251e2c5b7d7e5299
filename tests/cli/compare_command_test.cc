#include <nlohmann/json.hpp>
#include <set>

#include "cli/program.h"

namespace eddy {
namespace compare_command_test {

using Json = nlohmann::json;

class CompareCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string text, walks = "x,way\n", series = "value\n";
    for (int i = 0; i < 400; ++i) text += "abcdefgh";
    for (int i = 0; i < 60; ++i) walks += i % 2 == 0 ? "1 2 3 4,up\n" : "4 3 2 1,down\n";
    for (int i = 0; i < 160; ++i) series += std::to_string(10 * (i % 6) + i * i * 31 % 97 % 5) + "\n";
    WriteAll(Path("text.txt"), text);
    WriteAll(Path("walks.csv"), walks);
    WriteAll(Path("series.csv"), series);
  }

  static std::vector<std::string> Compare(std::vector<std::string> task, const std::vector<std::string>& more) {
    task.insert(task.begin(), "compare");
    task.insert(task.end(), more.begin(), more.end());
    return task;
  }
  static std::vector<pid_t> ChildrenOf(pid_t parent) {
    const std::string id = std::to_string(parent);
    std::ifstream file("/proc/" + id + "/task/" + id + "/children");
    return {std::istream_iterator<pid_t>(file), {}};
  }
  static char StateOf(pid_t process) {
    const std::string stat = ReadAll("/proc/" + std::to_string(process) + "/stat");
    const size_t name_end = stat.rfind(')');
    return name_end == std::string::npos ? 'Z' : stat[name_end + 2];
  }
  // What holds for every task.
  void ExpectComparison(const std::vector<std::string>& task, const std::string& models, const std::string& measure,
                        int parameters = 6000) const {
    const ProgramOutcome outcome = Run(Compare(task, {"--models", models, "--minutes", "0.02", "--parameters",
                                                      std::to_string(parameters), "--json", "--report", "r.html"}));
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const Json result = Json::parse(outcome.out);
    EXPECT_EQ(result["verb"], "compare");
    EXPECT_EQ(result["task"], task[0]);
    EXPECT_EQ(result["measure"], measure);
    EXPECT_FALSE(result["floors"].empty());
    EXPECT_GT(result["advice"].get<std::string>().size(), 20u);
    int best = 0;
    std::string names;
    for (const Json& model : result["models"]) {
      names += (names.empty() ? "" : ",") + model["name"].get<std::string>();
      EXPECT_NEAR(model["parameters"].get<double>(), parameters, 0.1 * parameters) << model["name"];
      EXPECT_TRUE(model["quality"].is_number()) << model["name"];
      EXPECT_GT(model["steps"], 0);
      best += model["behind"] == 0.0;
      EXPECT_GE(model["behind"], 0.0);
    }
    EXPECT_EQ(names, models);
    EXPECT_GE(best, 1);
    const std::string report = ReadAll(Path("r.html"));
    EXPECT_NE(report.find("seconds of training"), std::string::npos);
  }
};

TEST_F(CompareCommand, it_compares_language_models) {
  ExpectComparison({"text", "text.txt"}, "lstm,tcn,attention,min_gru+tcn", "nats a character");
  ExpectComparison({"text", "text.txt", "--bytes"}, "gru", "nats a byte", 30000);
}

TEST_F(CompareCommand, it_compares_classifiers) {
  ExpectComparison({"classify", "walks.csv", "--columns", "x", "--label", "way"}, "lstm,tcn+gru,attention", "accuracy");
}

TEST_F(CompareCommand, it_compares_forecasters) {
  ExpectComparison({"forecast", "series.csv", "--target", "value", "--horizon", "6", "--holdout", "30"}, "gru,tcn,attention",
                   "MASE");
}

TEST_F(CompareCommand, the_table_has_every_model_and_floor_and_ends_with_advice) {
  const ProgramOutcome outcome =
      Run(Compare({"classify", "walks.csv", "--columns", "x", "--label", "way"},
                  {"--models", "gru,tcn", "--minutes", "0.01", "--parameters", "5000", "--forward"}));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  for (const char* part :
       {"accuracy", "us a step", "\ngru ", "\ntcn ", "majority class", "does best on what was held out"}) {
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  }
}

TEST_F(CompareCommand, layers_that_read_both_ways_have_no_step) {
  const ProgramOutcome outcome =
      Run(Compare({"classify", "walks.csv", "--columns", "x", "--label", "way"},
                  {"--models", "gru,tcn", "--minutes", "0.01", "--parameters", "5000", "--json"}));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json models = Json::parse(outcome.out)["models"];
  EXPECT_TRUE(models[0]["step_microseconds"].is_null());
  EXPECT_GT(models[1]["step_microseconds"], 0.0);
}

TEST_F(CompareCommand, a_signal_leaves_what_was_trained_to_the_end) {
  const pid_t child =
      Start(Compare({"text", "text.txt"}, {"--models", "gru,lstm", "--minutes", "0.02", "--parameters", "5000"}));
  for (int i = 0; i < 3000 && ReadAll(Path("stderr")).find("lstm (2 of 2)") == std::string::npos; ++i) Sleep(0.01);
  Sleep(0.2);
  kill(child, SIGINT);
  const ProgramOutcome stopped = Wait(child);
  EXPECT_EQ(stopped.code, 128 + SIGINT) << stopped.err;
  EXPECT_NE(stopped.out.find("\ngru "), std::string::npos) << stopped.out;
  EXPECT_EQ(stopped.out.find("\nlstm "), std::string::npos) << stopped.out;
  EXPECT_NE(stopped.err.find("1 of 2 were trained to the end"), std::string::npos) << stopped.err;
}

// Of a result, without the figures that are measured: seconds, memory, steps of a stream, and the advice, which speaks of
// them.
Json Learned(const ProgramOutcome& outcome) {
  Json result = Json::parse(outcome.out);
  result.erase("advice");
  for (Json& model : result["models"]) {
    for (const char* measured : {"seconds", "memory_bytes", "step_microseconds"}) model.erase(measured);
  }
  return result;
}

TEST_F(CompareCommand, models_trained_at_once_are_those_trained_one_after_another) {
  const auto run = [&](const std::string& jobs) {
    return Run(Compare({"text", "text.txt"}, {"--models", "gru,lstm,min_gru", "--steps", "40", "--parameters", "5000",
                                              "--json", "--report", "r.html", "--jobs", jobs}));
  };
  const ProgramOutcome one = run("1");
  ASSERT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(Json::parse(one.out)["steps"], 40);
  for (const char* jobs : {"2", "3", "8"}) {
    std::filesystem::remove(Path("r.html"));
    const ProgramOutcome several = run(jobs);
    ASSERT_EQ(several.code, 0) << several.err;
    EXPECT_EQ(Learned(several), Learned(one)) << jobs;
    EXPECT_NE(ReadAll(Path("r.html")).find("40 steps each"), std::string::npos);
    EXPECT_NE(several.err.find("min_gru (3 of 3): "), std::string::npos) << several.err;
  }
}

TEST_F(CompareCommand, a_signal_ends_all_jobs_at_once) {
  const pid_t child = Start(
      Compare({"text", "text.txt"}, {"--models", "gru,lstm", "--minutes", "5", "--parameters", "5000", "--jobs", "2"}));
  const auto both = [&] {
    const std::string said = ReadAll(Path("stderr"));
    return said.find("gru (1 of 2)") != std::string::npos && said.find("lstm (2 of 2)") != std::string::npos;
  };
  for (int i = 0; i < 3000 && !both(); ++i) Sleep(0.01);
  Sleep(0.3);
  const std::vector<pid_t> workers = ChildrenOf(child);
  EXPECT_EQ(workers.size(), 2u);
  kill(child, SIGINT);
  const ProgramOutcome stopped = Wait(child);
  EXPECT_EQ(stopped.code, 128 + SIGINT) << stopped.err;
  EXPECT_NE(stopped.err.find("Stopped: 0 of 2 were trained to the end."), std::string::npos) << stopped.err;
  for (const pid_t worker : workers) EXPECT_NE(kill(worker, 0), 0) << "none is left";
}

TEST_F(CompareCommand, a_job_that_dies_is_named_and_ends_the_others) {
  for (const bool parent : {false, true}) {
    std::filesystem::remove(Path("stderr"));
    const pid_t child = Start(
        Compare({"text", "text.txt"}, {"--models", "gru,lstm", "--minutes", "5", "--parameters", "5000", "--jobs", "2"}));
    for (int i = 0; i < 3000 && ChildrenOf(child).size() < 2; ++i) Sleep(0.01);
    Sleep(0.3);
    const std::vector<pid_t> workers = ChildrenOf(child);
    ASSERT_EQ(workers.size(), 2u);
    kill(parent ? child : workers[1], SIGKILL);
    const ProgramOutcome ended = Wait(child);
    EXPECT_EQ(ended.code, parent ? 128 + SIGKILL : 1) << ended.err;
    if (!parent) {
      EXPECT_NE(ended.err.find("eddy: signal 9 ended the process of lstm\n"), std::string::npos) << ended.err;
    }
    for (int i = 0; i < 500 && (kill(workers[0], 0) == 0 && StateOf(workers[0]) != 'Z'); ++i) Sleep(0.01);
    EXPECT_TRUE(kill(workers[0], 0) != 0 || StateOf(workers[0]) == 'Z') << "an orphan";
  }
}

TEST_F(CompareCommand, what_is_wrong_for_all_jobs_is_said_once) {
  const std::vector<std::string> jobs = {"--models", "gru,lstm", "--jobs", "2", "--quiet"};
  ExpectError(Run(Compare({"text", "missing.txt"}, jobs)), 1, "missing.txt");
  ExpectError(Run(Compare({"text", "text.txt", "--parameters", "50"}, jobs)), 1, "parameters");
  ExpectError(Run(Compare({"text", "text.txt"}, {"--jobs", "0"})), 2, "--jobs");
  ExpectError(Run(Compare({"text", "text.txt"}, {"--steps", "3", "--minutes", "3"})), 2, "--minutes");
}

TEST_F(CompareCommand, what_cannot_be_compared_is_refused) {
  const std::vector<std::string> text = {"text", "text.txt"};
  ExpectError(Run({"compare"}), 2, "compare");
  ExpectError(Run(Compare({"text"}, {})), 2, "FILE");
  ExpectError(Run(Compare(text, {"--models", "lstn"})), 2, "did you mean lstm?");
  ExpectError(Run(Compare(text, {"--models", "lstm,lstm"})), 2, "differ");
  ExpectError(Run(Compare(text, {"--models", ","})), 2, "--models");
  ExpectError(Run(Compare(text, {"--minutes", "0"})), 2, "--minutes");
  ExpectError(Run(Compare(text, {"--quiet", "--parameters", "50"})), 1, "parameters");
  ExpectError(Run(Compare(text, {"--models", "lstm,blocks:lstn"})), 2, "did you mean lstm?");
  ExpectError(Run(Compare(text, {"--quiet", "--report", "missing/r.html"})), 1, "missing/r.html");
  ExpectError(Run(Compare({"text", "missing.txt"}, {})), 1, "missing.txt");
  ExpectError(Run(Compare({"classify", "walks.csv", "--columns", "x"}, {})), 2, "--label");
  ExpectError(Run(Compare({"classify", "walks.csv", "--columns", "y", "--label", "way"}, {})), 1, "y");
  ExpectError(Run(Compare({"forecast", "series.csv", "--target", "value"}, {})), 2, "--horizon");
  ExpectError(Run(Compare({"forecast", "series.csv", "--target", "value", "--horizon", "6", "--holdout", "0"}, {"--quiet"})),
              1, "held out");
}

}  // namespace compare_command_test
}  // namespace eddy
