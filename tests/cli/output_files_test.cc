// A verb that would write one file over another that it reads or writes refuses to.
#include "cli/program.h"

namespace eddy {
namespace output_files_test {

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
      {"transcribe", "other", "data", "-o"},
      {"train", "transcribe", "data", "-o"},
      {"train", "speak", "data", "-o"},
      {"speak", "data", "text", "-o"},
      {"speak", "other", "data", "-o"},
      {"speak", "other", "text", "--durations", "data", "-o"},
      {"speak", "other", "text", "--durations", "data", "--write-durations"},
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

TEST_F(OutputFiles, a_checkpoint_is_an_output) {
  const std::string text = "a text to learn from, which should be there afterwards\n";
  WriteAll(Path("z.eddy.checkpoint"), text);
  ExpectError(Run({"train", "text", "z.eddy.checkpoint", "-o", "z.eddy"}), 2, "written over what is read");
  ExpectError(Run({"train", "text", "other", "--valid", "./z.eddy.checkpoint", "-o", "z.eddy"}), 2, "over what is read");
  EXPECT_EQ(ReadAll(Path("z.eddy.checkpoint")), text);
  ExpectError(Run({"train", "text", "data", "-o", "m", "--report", "m.checkpoint"}), 2, "written twice");
}

TEST_F(OutputFiles, what_is_read_is_no_temporary_file_of_what_is_written) {
  for (const std::string name : {"m.part-0", "m.checkpoint.part-3", "m.html.part-1"}) {
    WriteAll(Path(name), kData);
    ExpectError(Run({"train", "tag", name, "-o", "m", "--report", "m.html"}), 2, "while");
    EXPECT_EQ(ReadAll(Path(name)), kData);
  }
}

TEST_F(OutputFiles, a_folder_that_is_read_is_left_as_it_is) {
  std::filesystem::create_directories(Path("folder/a"));
  WriteAll(Path("folder/a/1.txt"), kData);
  std::filesystem::create_symlink("folder/a", Path("elsewhere"));
  for (const std::string output : {"folder/a/1.txt", "folder/a/new.txt", "folder/new", "elsewhere/1.txt"}) {
    ExpectError(Run({"train", "classify", "folder", "-o", output}), 2, "which is read");
    ExpectError(Run({"train", "classify", "folder/", "-o", "m", "--report", output}), 2, "which is read");
    ExpectError(Run({"classify", "m", "folder", "-o", output}), 2, "which is read");
  }
  EXPECT_EQ(ReadAll(Path("folder/a/1.txt")), kData);
  ExpectError(Run({"train", "classify", "folder", "-o", "folder"}), 2, "written over what is read");
  ExpectError(Run({"train", "classify", "folder", "-o", "folder-2/m"}), 1, "folder-2/m");  // only its name begins alike
}

}  // namespace output_files_test
}  // namespace eddy
