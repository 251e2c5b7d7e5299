#include "kernels/cell_registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "eddy/error.h"
#include "eddy/recurrent.h"
#include "kernels/product.h"

namespace eddy {
namespace cell_registry_test {

// An lstm of another name.
CellType Named(std::string_view name) {
  CellType cell = FindCell("lstm");
  cell.name = name;
  return cell;
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const CellType* cell : Cells()) names.emplace_back(CellName(*cell));
  return names;
}

std::string MessageOf(std::string_view name) {
  try {
    FindCell(name);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(CellRegistry, a_registered_cell_is_in_the_table_in_its_alphabetical_place_while_its_registration_lives) {
  const std::vector<std::string> before = Names();
  {
    const CellType cell = Named("mine");
    const CellRegistration registration(cell);
    EXPECT_EQ(&FindCell("mine"), &cell);
    const std::vector<std::string> names = Names();
    EXPECT_EQ(names.size(), before.size() + 1);
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    EXPECT_NE(MessageOf("minne").find("nearest: mine"), std::string::npos);
  }
  EXPECT_EQ(Names(), before);
  EXPECT_THROW(FindCell("mine"), Error);
}

TEST(CellRegistry, a_layer_takes_the_name_of_a_registered_cell) {
  const CellType cell = Named("mine");
  const CellRegistration registration(cell);
  Random random(1);
  const Recurrent layer({.cell = "mine", .input = 2, .hidden = 3}, "layer", random);
  EXPECT_EQ(&layer.cell(), &cell);
}

TEST(CellRegistry, a_name_that_two_cells_have_is_an_error_of_whoever_asks_for_it) {
  const CellType mine = Named("mine"), also_mine = Named("mine"), lstm = Named("lstm");
  const CellRegistration first(mine);
  std::optional<CellRegistration> second(also_mine);
  EXPECT_NE(MessageOf("mine").find("several"), std::string::npos) << MessageOf("mine");
  EXPECT_EQ(MessageOf("gru"), "none");
  second.reset();
  EXPECT_EQ(&FindCell("mine"), &mine);
  const CellRegistration third(lstm);
  EXPECT_THROW(FindCell("lstm"), Error);
}

TEST(CellRegistry, a_cell_compiled_for_other_vectors_than_the_library_is_an_error) {
  EXPECT_EQ(FindCell("gru").lanes, VectorWidth());
  CellType cell = Named("mine");
  cell.lanes = 2 * VectorWidth();
  const CellRegistration registration(cell);
  EXPECT_NE(MessageOf("mine").find("compiled for vectors of"), std::string::npos) << MessageOf("mine");
}

TEST(CellRegistry, a_span_of_the_table_outlives_later_registrations) {
  const std::span<const CellType* const> before = Cells();
  const std::vector<const CellType*> copy(before.begin(), before.end());
  const CellType cell = Named("mine");
  for (int i = 0; i < 100; ++i) const CellRegistration registration(cell);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), copy.begin(), copy.end()));
}

TEST(CellRegistry, threads_may_register_and_find_cells_at_once) {
  std::vector<std::thread> threads;
  std::vector<int> found(4);
  for (size_t i = 0; i < found.size(); ++i) {
    threads.emplace_back([i, &found] {
      const std::string name = "mine_" + std::to_string(i);
      const CellType cell = Named(name);
      for (int round = 0; round < 50; ++round) {
        const CellRegistration registration(cell);
        found[i] += &FindCell(name) == &cell;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(found, std::vector<int>(found.size(), 50));
}

}  // namespace cell_registry_test
}  // namespace eddy
