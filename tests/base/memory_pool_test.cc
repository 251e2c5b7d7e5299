#include "base/memory_pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include "base/aligned.h"

namespace eddy {
namespace memory_pool_test {

constexpr size_t kLarge = size_t{1} << 20;

TEST(MemoryPool, what_was_given_back_is_handed_out_again) {
  MemoryPool pool;
  const void* first = pool.Take<float>(kLarge).get();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pool.Take<float>(kLarge).get(), first);
}

TEST(MemoryPool, what_is_in_use_is_not_handed_out) {
  MemoryPool pool;
  std::vector<std::shared_ptr<char[]>> taken;
  for (int i = 0; i < 50; ++i) {
    taken.push_back(pool.Take<char>(1000));
    std::memset(taken.back().get(), i, 1000);
  }
  for (int i = 0; i < 50; ++i) {
    for (size_t j = 0; j < 1000; ++j) ASSERT_EQ(taken[static_cast<size_t>(i)][j], i);
  }
}

// Each of ever larger sizes by itself: what was there before makes room. Neighbours in memory would not do for this.
TEST(MemoryPool, a_step_of_many_sizes_finds_all_of_them_again) {
  MemoryPool pool;
  const auto step = [&] {
    std::vector<const void*> places;
    const auto kept = pool.Take<char>(64 * kLarge);
    for (size_t size = kLarge / 8; size <= kLarge; size *= 2) places.push_back(pool.Take<char>(size).get());
    return places;
  };
  const auto first = step();
  EXPECT_EQ(step(), first);
}

TEST(MemoryPool, memory_is_aligned_and_outlives_the_pool) {
  std::shared_ptr<double[]> taken;
  {
    MemoryPool pool;
    for (size_t count : {0, 1, 63, 1000}) {
      taken = pool.Take<double>(count);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(taken.get()) % kAlignment, 0u);
    }
  }
  taken[999] = 1;
}

TEST(MemoryPool, sizes_that_nobody_has_are_refused_and_forgotten) {
  MemoryPool pool;
  EXPECT_THROW(pool.Take<double>(~size_t{0}), std::bad_alloc);
  EXPECT_NE(pool.Take<double>(10), nullptr);
}

}  // namespace memory_pool_test
}  // namespace eddy
