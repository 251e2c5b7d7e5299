#include <gtest/gtest.h>

#include <map>

#include "tasks/compose/defaults.h"

namespace eddy {
namespace transposed_music_test {

TEST(composer, a_share_of_what_is_learned_is_moved_and_the_rest_stays_as_it_is) {
  const Room room{.down = 4, .up = 20};
  MusicBatching batching;
  batching.transpose = 6;
  for (const double share : {0.0, 0.25, 0.5, 1.0}) {
    batching.transposed = share;
    Random random(3);
    constexpr int kDraws = 11'000;
    std::map<int, int> counts;
    for (int i = 0; i < kDraws; ++i) ++counts[DrawTranspose(room, batching, random)];
    EXPECT_EQ(counts.size(), share == 0 ? 1U : 11U) << share;  // -4 to 6
    for (const auto& [by, count] : counts) {
      EXPECT_TRUE(by >= -4 && by <= 6) << by;
      EXPECT_NEAR(count, kDraws * (share / 11 + (by == 0 ? 1 - share : 0)), 150) << share << " " << by;
    }
  }
}

TEST(composer, half_of_what_is_in_one_key_stays_there_where_keys_are_independent) {
  MusicSet scales{"scales", {}};
  for (int p = 0; p < 12; ++p) {
    MusicPiece piece{"piece", {}, {}};
    for (const uint8_t key : {60, 62, 64, 65, 67, 69, 71, 72, 67, 60}) piece.frames.push_back({key});
    scales.pieces.push_back(std::move(piece));
  }
  const auto transposed = [&](bool joint, bool harmonise) {
    const ComposeSetup setup = DefaultComposeSetup(scales, MusicGrid::kQuarter, {}, joint, harmonise);
    EXPECT_EQ(setup.batching.transpose, 6);
    return setup.batching.transposed;
  };
  EXPECT_EQ(transposed(false, false), 0.5);
  EXPECT_EQ(transposed(true, false), 1);
  EXPECT_EQ(transposed(true, true), 1);
  for (size_t p = 0; p < scales.pieces.size(); ++p) {
    for (RollFrame& frame : scales.pieces[p].frames) Transpose(frame, static_cast<int>(p) % 6);
  }
  EXPECT_EQ(transposed(false, false), 1);
}

}  // namespace transposed_music_test
}  // namespace eddy
