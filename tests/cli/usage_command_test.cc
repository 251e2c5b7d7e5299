#include <cstdlib>
#include <sstream>

#include "cli/program.h"

namespace eddy {
namespace usage_command_test {

using Usage = ProgramTest;

TEST_F(Usage, help_names_every_verb_and_shows_examples) {
  const ProgramOutcome outcome = Run({"--help"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "");
  for (const char* word : {"train", "generate", "evaluate", "Examples:", "Usage: eddy VERB"}) {
    EXPECT_NE(outcome.out.find(word), std::string::npos) << word;
  }
}

TEST_F(Usage, help_of_a_verb_shows_its_options_with_their_defaults) {
  const ProgramOutcome outcome = Run({"train", "text", "--help"});
  EXPECT_EQ(outcome.code, 0);
  for (const char* word : {"Usage: eddy train text FILE... --output MODEL [options]", "--hidden N", "[lstm]", "Examples:"}) {
    EXPECT_NE(outcome.out.find(word), std::string::npos) << word << "\n" << outcome.out;
  }
}

TEST_F(Usage, the_version_is_one_line) {
  const ProgramOutcome outcome = Run({"--version"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_TRUE(outcome.out.starts_with("eddy 0"));
}

TEST_F(Usage, a_wrong_verb_suggests_the_nearest) {
  ExpectError(Run({"trian", "text"}), 2, "did you mean train?");
  ExpectError(Run({"train", "txet"}), 2, "did you mean text?");
  ExpectError(Run({"generat", "x.eddy"}), 2, "did you mean generate?");
}

TEST_F(Usage, a_wrong_option_suggests_the_nearest) {
  ExpectError(Run({"train", "text", "a.txt", "-o", "a.eddy", "--hiden", "4"}), 2, "did you mean --hidden?");
  ExpectError(Run({"generate", "a.eddy", "--temprature=1"}), 2, "did you mean --temperature?");
}

TEST_F(Usage, a_wrong_value_says_what_is_right) {
  const auto with = [&](const std::string& option, const std::string& value) {
    return Run({"train", "text", "a.txt", "-o", "a.eddy", option, value});
  };
  ExpectError(with("--cell", "lstn"), 2, "did you mean lstm?");
  ExpectError(with("--hidden", "0"), 2, "--hidden");
  ExpectError(with("--hidden", "many"), 2, "--hidden");
  ExpectError(with("--hidden", "-4"), 2, "--hidden");
  ExpectError(with("--hidden", "99999999999999999999"), 2, "--hidden");
  ExpectError(with("--dropout", "1"), 2, "--dropout");
  ExpectError(with("--dropout", "nan"), 2, "--dropout");
  ExpectError(with("--learning-rate", "0"), 2, "--learning-rate");
  ExpectError(with("--optimizer", "adamv"), 2, "did you mean");
  ExpectError(with("--steps", "1.5"), 2, "--steps");
  ExpectError(with("--threads", "0"), 2, "--threads");
}

TEST_F(Usage, what_is_missing_is_named) {
  ExpectError(Run({}), 2, "needs a verb");
  ExpectError(Run({"train"}), 2, "needs a verb");
  ExpectError(Run({"train", "text", "a.txt"}), 2, "--output");
  ExpectError(Run({"train", "text", "-o", "a.eddy"}), 2, "FILE");
  ExpectError(Run({"generate"}), 2, "MODEL");
  ExpectError(Run({"evaluate", "a.eddy"}), 2, "FILE");
}

TEST_F(Usage, options_that_exclude_each_other_are_refused) {
  ExpectError(Run({"train", "text", "a.txt", "-o", "a.eddy", "--steps", "3", "--minutes", "1"}), 2, "--minutes");
}

TEST_F(Usage, an_option_of_another_task_is_refused) {
  WriteAll(Path("a.txt"), "the cat sat on the mat and the dog on the log\n");
  ASSERT_EQ(Run({"train", "text", "a.txt", "-o", "a.eddy", "--steps", "2", "--hidden", "4", "--valid", "0.5"}).code, 0);
  ExpectError(Run({"evaluate", "a.eddy", "a.txt", "--from", "2024-01-01"}), 2,
              "--from is an option of models of direction, series, risk, but a.eddy is one of text");
  ExpectError(Run({"evaluate", "a.eddy", "a.txt", "--beam", "3"}), 2, "but a.eddy is one of text");
  EXPECT_EQ(Run({"evaluate", "a.eddy", "a.txt", "--all"}).code, 0);
}

TEST_F(Usage, a_seed_that_is_no_whole_number_of_64_bits_is_refused) {
  for (const char* seed : {"-1", "1e22", "10000000000000000000000", "", "1.5"}) {
    ExpectError(Run({"train", "text", "a.txt", "-o", "a.eddy", "--seed", seed}), 2, "seed");
  }
}

// The other way round a task may be new, and not on the page yet.
TEST_F(Usage, the_page_of_the_options_is_what_the_program_says) {
  const std::string command = EDDY_SOURCE_DIR "/scripts/make-option-docs.sh " EDDY_BINARY_DIR "/eddy >" + Path("options.md");
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::istringstream said(ReadAll(Path("options.md"))), page(ReadAll(EDDY_SOURCE_DIR "/docs/options.md"));
  std::string line, expected;
  while (std::getline(page, expected)) {
    do {
      ASSERT_TRUE(std::getline(said, line))
          << "the program does not say: " << expected << "\nscripts/make-option-docs.sh renews docs/options.md";
    } while (line != expected);
  }
}

TEST_F(Usage, a_full_disk_is_an_error) {
  const ProgramOutcome outcome = Run({"--help"}, "/dev/full");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("standard output"), std::string::npos) << outcome.err;
}

}  // namespace usage_command_test
}  // namespace eddy
