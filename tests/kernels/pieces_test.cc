#include "kernels/pieces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "eddy/stop.h"

namespace eddy {
namespace pieces_test {

TEST(Pieces, cover_everything_once) {
  for (const size_t elements : {size_t{0}, size_t{1}, size_t{1000}, 2 * kLook}) {
    for (const int count : {1, 3}) {
      Threads threads(count, Threads::Share::kAlways);
      std::vector<int> seen(elements == 1 ? 3 * kLook + 1 : 5000);
      ForPieces(threads, seen.size(), elements, [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) ++seen[i];
      });
      EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<ptrdiff_t>(seen.size()));
    }
  }
}

TEST(Pieces, a_long_loop_stops_between_them_and_a_short_one_is_over_before_it_looks) {
  StopRequest stop;
  stop.Ask();
  for (const int count : {1, 2}) {
    Threads threads(count);
    threads.SetStop(&stop);
    EXPECT_THROW(ForPieces(threads, 4 * kLook, 1, [](size_t, size_t) {}), Stopped);
    EXPECT_THROW(ForPieces(threads, 8, kLook, [](size_t, size_t) {}), Stopped);
    size_t done = 0;
    ForPieces(threads, 100, 1, [&](size_t begin, size_t end) { done += end - begin; });
    EXPECT_EQ(done, 100u);
  }
}

}  // namespace pieces_test
}  // namespace eddy
