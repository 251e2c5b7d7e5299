// What a teacher of harmony marks, on chords written by hand.
#include "midi/voice_leading.h"

#include <gtest/gtest.h>

namespace eddy {
namespace voice_leading_test {

// Soprano, alto, tenor, bass.
using Frames = std::vector<VoicedChord>;

TEST(voice_leading, chords_in_which_nothing_is_wrong_are_only_counted) {
  // I, IV, V, I in C major.
  const Frames frames = {{72, 67, 64, 48}, {72, 69, 65, 53}, {71, 67, 62, 55}, {72, 67, 64, 48}};
  EXPECT_EQ(CountVoiceLeading(frames), (VoiceLeading{.chords = 4}));
}

TEST(voice_leading, a_chord_that_is_held_or_struck_again_counts_once) {
  const VoicedChord chord = {72, 67, 64, 48};
  EXPECT_EQ(CountVoiceLeading(Frames{chord, chord, {}, chord}), (VoiceLeading{.chords = 2}));
  EXPECT_EQ(CountVoiceLeading(Frames{}), VoiceLeading());
}

TEST(voice_leading, fifths_that_move_together_are_parallel) {
  // Tenor and bass from C-G to D-A; soprano and alto go the other way.
  EXPECT_EQ(CountVoiceLeading(Frames{{76, 72, 55, 48}, {74, 65, 57, 50}}),
            (VoiceLeading{.chords = 2, .parallel_fifths = 1}));
  // Of a twelfth, too.
  EXPECT_EQ(CountVoiceLeading(Frames{{67, 64, 60, 48}, {69, 62, 53, 50}}).parallel_fifths, 1U);
  // Not a fifth that stays, one that follows a sixth, a diminished one, or two in contrary motion.
  EXPECT_EQ(CountVoiceLeading(Frames{{76, 72, 55, 48}, {77, 69, 55, 48}}).parallel_fifths, 0U);
  EXPECT_EQ(CountVoiceLeading(Frames{{76, 72, 57, 48}, {77, 69, 59, 52}}).parallel_fifths, 0U);
  EXPECT_EQ(CountVoiceLeading(Frames{{76, 72, 55, 48}, {74, 67, 53, 47}}).parallel_fifths, 0U);
  EXPECT_EQ(CountVoiceLeading(Frames{{76, 72, 55, 48}, {77, 69, 60, 41}}).parallel_fifths, 0U);
}

TEST(voice_leading, octaves_and_unisons_that_move_together_are_parallel) {
  EXPECT_EQ(CountVoiceLeading(Frames{{72, 67, 64, 48}, {74, 65, 57, 50}}),
            (VoiceLeading{.chords = 2, .parallel_octaves = 1}));
  EXPECT_EQ(CountVoiceLeading(Frames{{72, 64, 64, 57}, {71, 62, 62, 55}}).parallel_octaves, 1U);
  EXPECT_EQ(CountVoiceLeading(Frames{{72, 67, 64, 48}, {72, 67, 64, 36}}).parallel_octaves, 0U);
}

TEST(voice_leading, silence_breaks_parallels) {
  EXPECT_EQ(CountVoiceLeading(Frames{{76, 72, 55, 48}, {}, {74, 65, 57, 50}}).parallel_fifths, 0U);
  EXPECT_EQ(CountVoiceLeading(Frames{{76, 72, 0, 48}, {74, 65, 57, 50}}).parallel_fifths, 0U);
}

TEST(voice_leading, voices_are_counted_that_leave_their_range) {
  EXPECT_EQ(CountVoiceLeading(Frames{{80, 75, 68, 61}}), (VoiceLeading{.chords = 1, .out_of_range = 4}));
  EXPECT_EQ(CountVoiceLeading(Frames{{79, 74, 67, 60}}).out_of_range, 0U);
  EXPECT_EQ(CountVoiceLeading(Frames{{60, 55, 48, 40}}).out_of_range, 0U);
  EXPECT_EQ(CountVoiceLeading(Frames{{60, 55, 48, 39}}).out_of_range, 1U);
  EXPECT_EQ(CountVoiceLeading(Frames{{0, 55, 48, 40}}).out_of_range, 0U);
}

TEST(voice_leading, voices_cross_within_a_chord_and_overlap_between_two) {
  EXPECT_EQ(CountVoiceLeading(Frames{{67, 72, 64, 48}}), (VoiceLeading{.chords = 1, .crossings = 1}));
  // The bass goes above where the tenor was; then the tenor below where the bass was.
  EXPECT_EQ(CountVoiceLeading(Frames{{72, 67, 50, 48}, {72, 67, 60, 52}}).overlaps, 1U);
  EXPECT_EQ(CountVoiceLeading(Frames{{72, 67, 60, 55}, {72, 67, 52, 48}}).overlaps, 1U);
  EXPECT_EQ(CountVoiceLeading(Frames{{72, 67, 60, 55}, {72, 67, 55, 48}}).overlaps, 0U);
}

TEST(voice_leading, four_keys_are_four_voices_by_height) {
  EXPECT_EQ(VoicesOf({{48, 64, 67, 72}, {}}), (Frames{{72, 67, 64, 48}, {}}));
}

TEST(voice_leading, of_three_keys_the_one_is_shared_that_moves_voices_least) {
  EXPECT_EQ(VoicesOf({{48, 64, 67, 72}, {48, 65, 72}}), (Frames{{72, 67, 64, 48}, {72, 65, 65, 48}}));
  EXPECT_EQ(VoicesOf({{48, 60, 71, 72}, {48, 62, 72}}), (Frames{{72, 71, 60, 48}, {72, 72, 62, 48}}));
  EXPECT_EQ(VoicesOf({{72}}), (Frames{{72, 72, 72, 72}}));
}

TEST(voice_leading, a_shared_key_is_the_one_that_suits_all_that_follows) {
  // Alone, the second chord would be as near to the first with the tenor on C. But then it would have far to go.
  EXPECT_EQ(VoicesOf({{48, 55, 64, 76}, {48, 65, 72}, {47, 65, 67, 74}}),
            (Frames{{76, 64, 55, 48}, {72, 65, 65, 48}, {74, 67, 65, 47}}));
  // Silence ends that, and what is behind it begins for itself.
  EXPECT_EQ(VoicesOf({{48, 55, 64, 76}, {48, 65, 72}, {}, {47, 65, 67, 74}})[1], (VoicedChord{72, 65, 48, 48}));
}

TEST(voice_leading, music_has_the_benefit_of_the_doubt) {
  // The alto would have less far to go to A, but would be in fifths with the tenor.
  const PianoRoll roll = {{50, 59, 66, 74}, {54, 62, 69}};
  EXPECT_EQ(VoicesOf(roll), (Frames{{74, 66, 59, 50}, {69, 62, 62, 54}}));
  EXPECT_EQ(CountVoiceLeading(roll), (VoiceLeading{.chords = 2}));
}

TEST(voice_leading, one_frame_behind_a_chord_is_given_to_the_nearest_voices) {
  EXPECT_EQ(VoicesBehind({72, 67, 64, 48}, {48, 65, 72}), (VoicedChord{72, 65, 65, 48}));
  EXPECT_EQ(VoicesBehind({72, 67, 64, 48}, {}), VoicedChord());
  EXPECT_EQ(VoicesBehind({}, {48, 64, 67, 72}), (VoicedChord{72, 67, 64, 48}));
  EXPECT_EQ(CountParallels({76, 72, 55, 48}, {74, 65, 57, 50}), 1U);
  EXPECT_EQ(CountParallels({}, {74, 65, 57, 50}), 0U);
}

TEST(voice_leading, chords_of_all_keys_take_a_moment_only) {
  RollFrame all;
  for (int key = kLowestKey; key <= kHighestKey; ++key) all.push_back(static_cast<uint8_t>(key));
  EXPECT_EQ(VoicesOf({all, all}).back().front(), kHighestKey);
}

TEST(voice_leading, ranges_are_those_of_the_key_in_which_music_is_sung) {
  const PianoRoll sung = {{48, 55, 64, 72}, {41, 55, 60, 65}, {43, 59, 62, 74}};
  EXPECT_EQ(TransposeToSung(sung), 0);
  PianoRoll moved = sung;
  for (RollFrame& frame : moved) Transpose(frame, 19);
  EXPECT_EQ(TransposeToSung(moved), -19);  // 84 to 93 lie around 88.5, the soprano's range around 69.5
  EXPECT_GT(CountVoiceLeading(moved).out_of_range, 0U);
  EXPECT_EQ(CountVoiceLeading(moved, -19), CountVoiceLeading(sung));
  EXPECT_EQ(TransposeToSung({{}, {}}), 0);
}

TEST(voice_leading, of_five_keys_an_inner_one_is_left_out) {
  EXPECT_EQ(VoicesOf({{48, 64, 67, 72}, {48, 55, 65, 67, 72}}), (Frames{{72, 67, 64, 48}, {72, 67, 65, 48}}));
}

TEST(voice_leading, chords_of_other_than_four_voices_are_counted_by_their_keys) {
  const PianoRoll roll = {{48, 64, 72}, {60, 72}, {60, 72}, {}, {48, 55, 64, 67, 72}};
  EXPECT_EQ(CountVoiceLeading(roll).other_chords, 2U);
  EXPECT_EQ(CountVoiceLeading(roll).chords, 3U);
}

}  // namespace voice_leading_test
}  // namespace eddy
