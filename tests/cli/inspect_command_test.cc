#include <cmath>

#include "cli/program.h"
#include "model/json.h"

namespace eddy {
namespace inspect_command_test {

// One small model of text and one of series, trained once.
class InspectCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string text, table = "day,sold\n";
    for (int i = 0; i < 300; ++i) text += i % 3 == 0 ? "the <b>cat</b> sat & \"purred\"\n" : "a dog ran\n";
    for (int i = 0; i < 200; ++i) table += std::to_string(i) + "," + std::to_string(10 + 5 * std::sin(i * 0.9)) + "\n";
    WriteAll(Path("verses.txt"), text);
    WriteAll(Path("sales.csv"), table);
  }

  void TrainText() const {
    const ProgramOutcome outcome = Run({"train", "text", "verses.txt", "-o", "m.eddy", "--hidden", "24", "--layers", "2",
                                        "--batch", "8", "--steps", "30", "--unroll", "16", "--quiet", "--report", "m.html"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }
  void TrainForecast() const {
    const ProgramOutcome outcome =
        Run({"train", "forecast", "sales.csv", "--target", "sold", "--time", "day", "--horizon", "7", "-o", "f.eddy",
             "--hidden", "16", "--steps", "30", "--quiet", "--report", "f.html"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }
  Json Inspected(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "inspect");
    arguments.push_back("--json");
    const ProgramOutcome outcome = Run(arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return ParseJson(outcome.out, "inspect");
  }
};

TEST_F(InspectCommand, a_model_of_text_tells_what_is_in_it) {
  TrainText();
  const Json json = Inspected({"m.eddy"});
  EXPECT_EQ(json.at("verb"), "inspect");
  EXPECT_EQ(json.at("task"), "text");
  EXPECT_EQ(json.at("golden"), "reproduced");
  size_t weights = 0;
  for (const Json& array : json.at("arrays")) {
    size_t size = 1;
    for (const Json& dim : array.at("shape")) size *= dim.get<size_t>();
    weights += size;
    EXPECT_GE(array.at("norm").get<double>(), array.at("largest").get<double>() * (1 - 1e-6));
  }
  EXPECT_EQ(json.at("weights"), weights);
  EXPECT_FALSE(json.contains("inside"));

  const ProgramOutcome outcome = Run({"inspect", "m.eddy"});
  EXPECT_EQ(outcome.code, 0);
  for (const char* part : {"layer.1.U", "\"lstm\"", "vocabulary", "verses.txt"}) {
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  }
}

TEST_F(InspectCommand, on_a_file_it_tells_what_happens_inside) {
  TrainText();
  TrainForecast();
  for (const auto& [model, file, layers] : {std::tuple("m.eddy", "verses.txt", 2u), std::tuple("f.eddy", "sales.csv", 1u)}) {
    SCOPED_TRACE(model);
    const Json json = Inspected({model, file});
    const Json& inside = json.at("inside");
    ASSERT_EQ(inside.at("layers").size(), layers);
    for (const Json& layer : inside.at("layers")) {
      EXPECT_EQ(layer.at("survival").size(), inside.at("steps").get<size_t>());
      EXPECT_EQ(layer.at("survival")[0], 1.0);
      EXPECT_GE(layer.at("activations").size(), 4u);
    }
    const ProgramOutcome outcome = Run({"inspect", model, file});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    for (const char* part : {"gradient left", "saturated", "sigmoid f"}) {
      EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
    }
  }
}

TEST_F(InspectCommand, reports_hold_their_charts_and_nothing_from_elsewhere) {
  TrainText();
  TrainForecast();
  for (const char* name : {"m.html", "f.html"}) {
    const std::string html = ReadAll(Path(name));
    for (const char* part : {"Loss over training", "How much gradient survives", "Gate saturation", "Hidden states",
                             "Gradient norm", "<svg", "</html>"}) {
      EXPECT_NE(html.find(part), std::string::npos) << name << ": " << part;
    }
    for (const char* part : {"http:", "https:", "src=", "<b>cat"})
      EXPECT_EQ(html.find(part), std::string::npos) << name << part;
  }
  EXPECT_NE(ReadAll(Path("m.html")).find("What it writes"), std::string::npos);
  EXPECT_NE(ReadAll(Path("f.html")).find("Forecasts against what happened"), std::string::npos);
}

TEST_F(InspectCommand, what_is_no_model_or_no_data_of_it_is_one_line) {
  ExpectError(Run({"inspect", "missing.eddy"}), 1, "missing.eddy");
  ExpectError(Run({"inspect", "verses.txt"}), 1, "verses.txt");
  ExpectError(Run({"inspect"}), 2, "MODEL");
  TrainText();
  ExpectError(Run({"inspect", "m.eddy", "missing.txt"}), 1, "missing.txt");
  WriteAll(Path("empty.txt"), "");
  ExpectError(Run({"inspect", "m.eddy", "empty.txt"}), 1, "empty.txt");
  WriteAll(Path("binary.txt"), "\xff\xfe\x00");
  ExpectError(Run({"inspect", "m.eddy", "binary.txt"}), 1, "binary.txt");
  const std::string whole = ReadAll(Path("m.eddy"));
  WriteAll(Path("cut.eddy"), whole.substr(0, whole.size() / 2));
  ExpectError(Run({"inspect", "cut.eddy"}), 1, "cut.eddy");
}

TEST_F(InspectCommand, a_model_that_has_changed_is_refused) {
  TrainText();
  std::string bytes = ReadAll(Path("m.eddy"));
  bytes[bytes.size() / 2] ^= 1;  // the last bit of a weight
  WriteAll(Path("changed.eddy"), bytes);
  ExpectError(Run({"inspect", "changed.eddy"}), 1, "damaged");
}

}  // namespace inspect_command_test
}  // namespace eddy
