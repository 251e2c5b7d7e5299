// A streaming step allocates nothing, counted over every cell and option.
#include "eddy/stream.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "../laws/cases.h"
#include "allocations.h"
#include "eddy/error.h"

namespace eddy {
namespace stream_test {

class StreamTest : public testing::TestWithParam<Case> {};

TEST_P(StreamTest, a_step_allocates_nothing) {
  if (GetParam().options.reverse) return;
  Random random(1);
  const RecurrentStack stack({GetParam().options, 2, false, 0, true}, "stack", random);
  RecurrentStream stream(stack);
  const Tensor x = RandomTensor({1, GetParam().options.input}, 2);
  stream.Step(x.data());
  const long before = allocations;
  for (int i = 0; i < 100; ++i) stream.Step(x.data());
  stream.Reset();
  EXPECT_EQ(allocations - before, 0);
  static_assert(noexcept(stream.Step(nullptr)));
}

TEST_P(StreamTest, any_number_of_threads_takes_the_same_steps) {
  if (GetParam().options.reverse) return;
  Random random(1);
  const RecurrentStack stack({GetParam().options, 2, false, 0, true}, "stack", random);
  constexpr size_t kSteps = 5, kRows = 2;
  const Tensor x = RandomTensor({kSteps, kRows, GetParam().options.input}, 2);
  RecurrentStream alone(stack, kRows);
  for (const int count : {2, 3}) {
    Threads threads(count, Threads::Share::kAlways);
    RecurrentStream shared(stack, kRows, &threads);
    alone.Reset();
    for (size_t t = 0; t < kSteps; ++t) {
      const auto expected = alone.Step(x.data() + t * x.size() / kSteps), y = shared.Step(x.data() + t * x.size() / kSteps);
      ASSERT_TRUE(std::equal(y.begin(), y.end(), expected.begin(), expected.end())) << count << " threads, step " << t;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, StreamTest, testing::ValuesIn(EveryCellAndOption(5, 70)), CaseName);

TEST(Stream, refuses_what_cannot_run_forward_in_time) {
  Random random(1);
  const RecurrentStack both({Plain("gru"), 1, true, 0, false}, "stack", random);
  EXPECT_THROW(RecurrentStream{both}, Error);
}

}  // namespace stream_test
}  // namespace eddy
