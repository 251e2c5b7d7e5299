#include "tasks/length_batches.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace eddy {
namespace {

std::vector<size_t> SomeLengths() {
  std::vector<size_t> lengths;
  for (size_t i = 0; i < 103; ++i) lengths.push_back(1 + i * 37 % 50);
  return lengths;
}

TEST(length_batches, a_shuffled_order_has_every_sequence_once_and_alike_ones_together) {
  const std::vector<size_t> lengths = SomeLengths();
  Random random(3);
  const std::vector<size_t> order = ShuffleByLength(lengths, 10, random), next = ShuffleByLength(lengths, 10, random);
  EXPECT_NE(order, next);
  std::vector<size_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < sorted.size(); ++i) EXPECT_EQ(sorted[i], i);
  for (size_t batch = 0; batch < 10; ++batch) {
    size_t least = 50, most = 0;
    for (size_t i = 10 * batch; i < 10 * batch + 10; ++i) {
      least = std::min(least, lengths[order[i]]);
      most = std::max(most, lengths[order[i]]);
    }
    EXPECT_LE(most - least, 6u) << "of lengths from 1 to 50";
  }
}

TEST(length_batches, a_batch_keeps_within_its_rows_and_steps) {
  const std::vector<size_t> lengths = SomeLengths();
  const LengthBatches batches = BatchByLength(lengths, 8, 200);
  ASSERT_EQ(batches.ends.back(), lengths.size());
  size_t begin = 0;
  for (const size_t end : batches.ends) {
    EXPECT_LE(end - begin, 8u);
    EXPECT_LE((end - begin) * lengths[batches.order[end - 1]], 200u);
    begin = end;
  }
  EXPECT_EQ(BatchByLength(std::vector<size_t>{7}, 8, 5).ends.size(), 1u) << "one sequence fits always";
  EXPECT_TRUE(BatchByLength({}, 8, 5).ends.empty());
}

}  // namespace
}  // namespace eddy
