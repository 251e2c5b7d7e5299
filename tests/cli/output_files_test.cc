// A verb that would write one file over another that it reads or writes refuses to.
#include "cli/program.h"

namespace eddy {
namespace {

class OutputFiles : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    WriteAll(Path("data"), kData);
    std::filesystem::create_symlink("data", Path("link"));
  }

  static constexpr const char* kData = "x\ty\n";
};

TEST_F(OutputFiles, what_is_read_is_not_written_over) {
  const std::vector<std::vector<std::string>> verbs = {
      {"train", "text", "data", "-o"},
      {"train", "text", "other", "--valid", "data", "-o"},
      {"train", "text", "data", "-o", "m", "--report"},
      {"train", "forecast", "data", "--target", "x", "--horizon", "2", "-o"},
      {"train", "classify", "data", "--text", "x", "--label", "y", "-o"},
      {"train", "classify", "other", "--valid", "data", "--text", "x", "--label", "y", "-o"},
      {"train", "tag", "data", "-o"},
      {"train", "translate", "data", "-o"},
      {"train", "translate", "--source", "other", "--target", "data", "-o"},
      {"classify", "data", "other", "-o"},
      {"classify", "other", "data", "-o"},
      {"tag", "data", "other", "-o"},
      {"translate", "other", "data", "-o"},
      {"translate", "other", "data", "--alignments"},
      {"forecast", "other", "data", "-o"},
      {"quantize", "data", "--to", "int8", "-o"},
  };
  for (std::vector<std::string> arguments : verbs) {
    for (const std::string& name : {std::string("data"), std::string("link"), Path("data")}) {
      arguments.push_back(name);
      ExpectError(Run(arguments), 2, "written over what is read");
      EXPECT_EQ(ReadAll(Path("data")), kData) << arguments[0] << " " << arguments[1];
      arguments.pop_back();
    }
  }
}

TEST_F(OutputFiles, two_outputs_are_two_files) {
  ExpectError(Run({"train", "tag", "data", "-o", "m", "--report", "./m"}), 2, "written twice");
  ExpectError(Run({"translate", "other", "data", "-o", "m", "--alignments", "m"}), 2, "written twice");
  EXPECT_FALSE(std::filesystem::exists(Path("m")));
}

}  // namespace
}  // namespace eddy
