// How a batch is cut into shards where nobody says how.
#include <gtest/gtest.h>

#include "tasks/train_options.h"

namespace eddy {
namespace shards_test {

TEST(Shards, are_four_of_a_large_batch_and_one_of_less_than_32_rows) {
  for (const size_t steps : {size_t{1}, size_t{64}, size_t{10'000}}) EXPECT_EQ(ShardsWithin(31, steps, {}), 1u);
  EXPECT_EQ(ShardsWithin(32, 64, {}), 2u);
  EXPECT_EQ(ShardsWithin(63, 64, {}), 2u);
  EXPECT_EQ(ShardsWithin(64, 64, {}), 4u);
  EXPECT_EQ(ShardsWithin(4096, 64, {}), 4u);
}

TEST(Shards, are_fewer_of_short_sequences) {
  EXPECT_EQ(ShardsWithin(64, 32, {}), 4u);
  EXPECT_EQ(ShardsWithin(64, 31, {}), 2u);
  EXPECT_EQ(ShardsWithin(64, 10, {}), 1u);
  EXPECT_EQ(ShardsWithin(64, 0, {}), 1u);
}

TEST(Shards, are_what_is_given_up_to_the_rows) {
  TrainOptions given;
  given.shards = 8;
  EXPECT_EQ(ShardsWithin(8, 1, given), 8u);
  EXPECT_THROW(ShardsWithin(7, 1, given), UsageError);
}

}  // namespace shards_test
}  // namespace eddy
