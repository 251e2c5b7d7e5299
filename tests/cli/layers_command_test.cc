// Networks of other layers than recurrent ones, and of several kinds, as the verbs train and run them.
#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace eddy {
namespace layers_command_test {

using Json = nlohmann::json;

class LayersCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string text, walks, series = "value\n";
    for (int i = 0; i < 150; ++i) text += "abcdefgh";
    for (int i = 0; i < 60; ++i) {
      const std::string way = i % 2 == 0 ? "1 2 3 4" : "4 3 2 1";
      walks += way + "," + (i % 2 == 0 ? "up" : "down") + "\n";
    }
    for (int i = 0; i < 120; ++i) series += std::to_string(i % 6) + "\n";
    WriteAll(Path("text.txt"), text);
    WriteAll(Path("walks.csv"), "x,way\n" + walks);
    WriteAll(Path("series.csv"), series);
  }

  Json Train(const std::vector<std::string>& task, const std::string& layers) const {
    std::vector<std::string> arguments = {"train"};
    arguments.insert(arguments.end(), task.begin(), task.end());
    for (const char* each : {"--hidden", "12", "--learning-rate", "0.01", "--json", "-o", "m.eddy", "--cell"}) {
      arguments.emplace_back(each);
    }
    arguments.push_back(layers);
    const ProgramOutcome trained = Run(arguments);
    EXPECT_EQ(trained.code, 0) << trained.err;
    return trained.code == 0 ? Json::parse(trained.out) : Json();
  }
  const std::vector<std::string> text = {"text", "text.txt", "--steps", "150", "--unroll", "16", "--embedding", "8"};
  const std::vector<std::string> classify = {"classify", "walks.csv", "--columns", "x", "--label", "way", "--steps", "60"};
  const std::vector<std::string> forecast = {"forecast",  "series.csv", "--target", "value",
                                             "--horizon", "6",          "--steps",  "60"};
};

TEST_F(LayersCommand, text_is_learned_and_gone_on_with) {
  for (const char* layers : {"tcn", "tcn+lstm", "attention", "griffin", "windowed:gru", "attentive:lstm", "blocks:gru"}) {
    EXPECT_LT(Train(text, layers)["nats_per_token"], 1.0) << layers;
    const ProgramOutcome made = Run({"generate", "m.eddy", "--prompt", "abcdefgh", "--length", "8", "--temperature", "0"});
    EXPECT_EQ(made.out.substr(0, 16), "abcdefghabcdefgh") << layers << made.err;
    EXPECT_EQ(Run({"inspect", "m.eddy"}).code, 0);
    ExpectError(Run({"inspect", "m.eddy", "text.txt"}), 1, "recurrent");
    EXPECT_EQ(Run({"quantize", "m.eddy", "text.txt", "--to", "int8", "-o", "small.eddy"}).code, 0);
    EXPECT_EQ(Run({"evaluate", "small.eddy", "text.txt"}).code, 0);
  }
}

TEST_F(LayersCommand, classes_are_told_apart_and_explained) {
  for (const char* layers : {"tcn", "conv+lstm", "attention", "griffin", "attentive:lstm", "lstm+heads"}) {
    EXPECT_EQ(Train(classify, layers)["accuracy"], 1.0) << layers;
    EXPECT_EQ(Run({"classify", "m.eddy", "walks.csv", "--explain", "1"}).code, 0);
  }
}

TEST_F(LayersCommand, series_are_forecast) {
  for (const char* layers : {"tcn", "tcn+gru", "attention", "blocks:gru", "windowed:qrnn"}) {
    EXPECT_LT(Train(forecast, layers)["mae"], 1.0) << layers;
    EXPECT_EQ(Run({"forecast", "m.eddy", "series.csv"}).code, 0);
    EXPECT_EQ(Run({"evaluate", "m.eddy", "series.csv"}).code, 0);
  }
}

TEST_F(LayersCommand, a_report_of_layers_without_a_state_has_what_they_have) {
  std::vector<std::string> arguments = {"train", "text", "text.txt", "--steps", "5", "--hidden", "8", "-o", "m.eddy"};
  for (const char* each : {"--cell", "tcn", "--report", "r.html"}) arguments.emplace_back(each);
  ASSERT_EQ(Run(arguments).code, 0);
  const std::string report = ReadAll(Path("r.html"));
  EXPECT_NE(report.find("tcn, 5 blocks of 8 channels and 3 taps"), std::string::npos);
  EXPECT_EQ(report.find("Gate saturation"), std::string::npos);
}

TEST_F(LayersCommand, what_cannot_be_meant_is_refused) {
  const auto with = [&](const std::string& layers, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"train", "text", "text.txt", "-o", "m.eddy", "--cell", layers};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  ExpectError(with("tcm"), 2, "did you mean tcn?");
  ExpectError(with("lstm+"), 2, "--cell");
  ExpectError(with("tcn", {"--zoneout", "0.1"}), 2, "--zoneout");
  ExpectError(with("tcn", {"--layers", "21"}), 1, "blocks");
  ExpectError(with("block:lstm"), 2, "did you mean blocks?");
  ExpectError(with("blocks:lstn"), 2, "did you mean lstm?");
  ExpectError(with("blocks:"), 2, "--cell");
  ExpectError(with("griffin", {"--zoneout", "0.1"}), 2, "--zoneout");
}

}  // namespace layers_command_test
}  // namespace eddy
