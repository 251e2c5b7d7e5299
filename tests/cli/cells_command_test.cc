#include <array>
#include <cstdio>
#include <sstream>

#include "cli/program.h"
#include "eddy/cell.h"

namespace eddy {
namespace cells_command_test {

class CellsCommandTest : public ProgramTest {};

std::string OutputOf(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer;
  for (size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), n);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return out;
}

TEST_F(CellsCommandTest, the_table_lists_every_cell) {
  const ProgramOutcome outcome = Run({"cells"});
  EXPECT_EQ(outcome.code, 0);
  for (const CellType* cell : Cells()) {
    EXPECT_NE(outcome.out.find("\n" + std::string(CellName(*cell)) + " "), std::string::npos) << CellName(*cell);
  }
}

TEST_F(CellsCommandTest, every_cell_has_its_equations_conventions_and_paper) {
  for (const CellType* cell : Cells()) {
    SCOPED_TRACE(CellName(*cell));
    const ProgramOutcome outcome = Run({"cells", std::string(CellName(*cell))});
    EXPECT_EQ(outcome.code, 0);
    const CellInfo& info = InfoOf(*cell);
    const std::string first_equation(info.equations.substr(0, info.equations.find('\n')));
    for (const std::string& part :
         {std::string(info.title), std::string(info.paper), first_equation, std::string(info.gates),
          std::string(info.elsewhere), std::string("biases"), std::string("products")}) {
      EXPECT_FALSE(part.empty());
      EXPECT_NE(outcome.out.find(part), std::string::npos) << part;
    }
  }
}

TEST_F(CellsCommandTest, a_wrong_name_suggests_the_nearest) { ExpectError(Run({"cells", "lsmt"}), 1, "lstm"); }

// What the page says, the program says. A cell that is not on it yet is no error: a cell is one header.
TEST_F(CellsCommandTest, the_page_of_the_cells_is_what_the_program_says) {
  const std::string page = ReadAll(EDDY_SOURCE_DIR "/docs/cells.md");
  ASSERT_FALSE(page.empty());
  std::istringstream said(OutputOf(EDDY_SOURCE_DIR "/scripts/make-cell-docs.sh " EDDY_BINARY_DIR "/eddy"));
  std::istringstream written(page);
  std::string line, expected;
  while (std::getline(written, expected)) {
    do {
      ASSERT_TRUE(std::getline(said, line))
          << "the program does not say: " << expected << "\nscripts/make-cell-docs.sh renews docs/cells.md";
    } while (line != expected);
  }
}

}  // namespace cells_command_test
}  // namespace eddy
