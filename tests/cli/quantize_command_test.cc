#include <cmath>

#include "cli/program.h"
#include "model/json.h"

namespace eddy {
namespace quantize_command_test {

class QuantizeCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string text;
    for (int i = 0; i < 200; ++i) text += i % 3 == 0 ? "the cat sat on the mat\n" : "a dog ran to the log\n";
    WriteAll(Path("verses.txt"), text);
    const ProgramOutcome outcome = Run({"train", "text", "verses.txt", "-o", "m.eddy", "--hidden", "64", "--steps", "40",
                                        "--quiet", "--unroll", "16", "--precision", "bf16", "--threads", "2"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }
};

TEST_F(QuantizeCommand, makes_a_smaller_model_and_tells_the_change) {
  for (const std::string precision : {"int8", "bf16"}) {
    const ProgramOutcome outcome = Run({"quantize", "m.eddy", "verses.txt", "--to", precision, "-o", "q.eddy", "--json"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const Json json = ParseJson(outcome.out, "quantize");
    EXPECT_EQ(json.at("precision"), precision);
    EXPECT_LT(json.at("bytes_after").get<double>(), 0.6 * json.at("bytes_before").get<double>());
    EXPECT_NEAR(json.at("after").get<double>(), json.at("before").get<double>(), 0.02);
    const ProgramOutcome evaluated = Run({"evaluate", "q.eddy", "verses.txt", "--json"});
    ASSERT_EQ(evaluated.code, 0) << evaluated.err;
    EXPECT_EQ(ParseJson(evaluated.out, "evaluate").at("nats_per_token"), json.at("after"));
    EXPECT_EQ(Run({"generate", "q.eddy", "--length", "20"}).code, 0);
    const ProgramOutcome inspected = Run({"inspect", "q.eddy"});
    EXPECT_NE(inspected.out.find("in " + precision), std::string::npos) << inspected.out;
  }
}

TEST_F(QuantizeCommand, without_data_tells_the_change_on_the_sample_in_the_model) {
  const ProgramOutcome outcome = Run({"quantize", "m.eddy", "--to", "int8", "-o", "q.eddy"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("of the largest"), std::string::npos) << outcome.out;
}

TEST_F(QuantizeCommand, refuses_what_it_cannot_use_and_writes_nothing) {
  EXPECT_EQ(Run({"quantize", "m.eddy", "--to", "int4", "-o", "q.eddy"}).code, 2);
  EXPECT_EQ(Run({"quantize", "m.eddy", "-o", "q.eddy"}).code, 2);
  EXPECT_EQ(Run({"quantize", "verses.txt", "--to", "int8", "-o", "q.eddy"}).code, 1);
  EXPECT_EQ(Run({"quantize", "nothing.eddy", "--to", "int8", "-o", "q.eddy"}).code, 1);
  EXPECT_EQ(Run({"quantize", "m.eddy", "nothing.txt", "--to", "int8", "-o", "q.eddy"}).code, 1);
  EXPECT_EQ(Run({"quantize", "m.eddy", "--to", "int8", "-o", "no-folder/q.eddy"}).code, 1);
  EXPECT_FALSE(std::filesystem::exists(Path("q.eddy")));
  ASSERT_EQ(Run({"quantize", "m.eddy", "--to", "int8", "-o", "q.eddy"}).code, 0);
  const ProgramOutcome twice = Run({"quantize", "q.eddy", "--to", "bf16", "-o", "r.eddy"});
  EXPECT_EQ(twice.code, 1);
  EXPECT_NE(twice.err.find("in int8 already"), std::string::npos) << twice.err;
}

}  // namespace quantize_command_test
}  // namespace eddy
