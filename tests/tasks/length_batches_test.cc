#include "data/length_batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace eddy {
namespace length_batches_test {

size_t LengthOfPlace(size_t i) { return 1 + i * 7 % 13; }

TEST(length_batches, have_every_sequence_once_and_keep_to_their_limits) {
  size_t seen = 0, longest_before = 0;
  for (const std::vector<size_t>& batch : BatchesByLength(100, LengthOfPlace, 6, 40)) {
    size_t longest = 0;
    for (const size_t i : batch) longest = std::max(longest, LengthOfPlace(i));
    EXPECT_LE(batch.size(), 6u);
    EXPECT_LE(batch.size() * longest, 40u);
    EXPECT_GE(LengthOfPlace(batch[0]), longest_before);
    longest_before = longest;
    seen += batch.size();
  }
  EXPECT_EQ(seen, 100u);
  EXPECT_EQ(BatchesByLength(3, LengthOfPlace, 6, 1).size(), 3u) << "what is too long alone is a batch alone";
  EXPECT_TRUE(BatchesByLength(0, LengthOfPlace, 6, 40).empty());
}

TEST(length_batches, of_an_epoch_hold_similar_lengths_and_every_sequence_once) {
  std::vector<size_t> order(203), shuffled;
  std::iota(order.begin(), order.end(), size_t{0});
  Random random(3);
  random.Shuffle(order);
  shuffled = order;
  GroupByLength(shuffled, LengthOfPlace, 10, random);
  size_t spread = 0;
  for (size_t begin = 0; begin + 10 <= shuffled.size(); begin += 10) {
    const auto [least, most] = std::minmax_element(shuffled.begin() + static_cast<ptrdiff_t>(begin),
                                                   shuffled.begin() + static_cast<ptrdiff_t>(begin + 10),
                                                   [](size_t a, size_t b) { return LengthOfPlace(a) < LengthOfPlace(b); });
    spread += LengthOfPlace(*most) - LengthOfPlace(*least);
  }
  EXPECT_LT(spread, 60u) << "at random it is about 200";
  std::sort(shuffled.begin(), shuffled.end());
  std::sort(order.begin(), order.end());
  EXPECT_EQ(shuffled, order);
}

}  // namespace length_batches_test
}  // namespace eddy
