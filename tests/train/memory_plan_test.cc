#include "train/memory_plan.h"

#include "model/temporary_directory.h"
#include "train/toy.h"

namespace eddy {
namespace memory_plan_test {

TEST(MemoryPlan, counts_weights_and_what_else_is_of_their_size) {
  Threads threads(1);
  Toy toy(threads);
  double weights = 0;
  for (const Parameter* parameter : toy.parameters()) weights += static_cast<double>(parameter->value.size());
  TrainingOptions options;
  options.optimizer.name = "adam";
  options.average_decay = 0.9;
  EXPECT_EQ(PlanMemory(toy, options).weights, 6 * sizeof(Real) * weights);  // and gradient, two moments, mean and best
  options.optimizer.name = "sgd";
  options.average_decay = 0;
  EXPECT_EQ(PlanMemory(toy, options).weights, 3 * sizeof(Real) * weights);
  EXPECT_EQ(PlanMemory(toy, options).step, sizeof(Real) * (5 + 1) * toy.units_per_step());
}

TEST(MemoryPlan, one_beyond_the_machine_is_an_error_that_names_the_options) {
  const double gibibyte = 1 << 30;
  EXPECT_NO_THROW(RequireMemory({gibibyte, gibibyte}, 2 * gibibyte));
  EXPECT_ERROR(
      RequireMemory({gibibyte, 2 * gibibyte}, 2 * gibibyte),
      "a step of this --batch, --unroll and --hidden must be within the 2.0 GiB of memory that there are, but is of 3.0");
  EXPECT_ERROR(RequireMemory({3 * gibibyte, gibibyte}, 2 * gibibyte), "a network of this --hidden");
}

TEST(MemoryPlan, a_machine_has_memory) { EXPECT_GT(MachineMemory(), 1 << 20); }

}  // namespace memory_plan_test
}  // namespace eddy
