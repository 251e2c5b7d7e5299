// Music on grids: piano rolls and events.
#include <gtest/gtest.h>

#include "eddy/error.h"
#include "midi/event_tokens.h"
#include "midi/piano_roll.h"

namespace eddy {
namespace grids_test {

MidiFile FileOf(const std::vector<MidiNote>& notes) { return {1, 480, {MakeTrack(notes, "")}}; }

TEST(piano_roll, a_note_sounds_in_its_frames_and_the_first_note_begins_the_piece) {
  const MidiFile file = FileOf({{960, 480, 60, 64, 0, 0}, {960, 130, 64, 64, 0, 0}, {1200, 1, 67, 64, 0, 0}});
  EXPECT_EQ(RollOf(file, 4, "a"), (PianoRoll{{60, 64}, {60}, {60, 67}, {60}}));
  EXPECT_EQ(RollOf(file, 1, "a"), (PianoRoll{{60, 64}, {67}}));
}

TEST(piano_roll, percussion_is_left_out_and_keys_beyond_the_piano_are_its_nearest) {
  EXPECT_EQ(RollOf(FileOf({{0, 480, 60, 64, kPercussionChannel, 0}}), 4, "a"), PianoRoll());
  EXPECT_EQ(RollOf(FileOf({{0, 480, 3, 64, 0, 0}, {0, 480, 127, 64, 0, 0}}), 1, "a"), (PianoRoll{{27, 103}}));
}

TEST(piano_roll, overlapping_notes_of_one_key_sound_once) {
  EXPECT_EQ(RollOf(FileOf({{0, 960, 60, 64, 0, 0}, {480, 960, 60, 64, 1, 0}, {0, 2400, 60, 64, 2, 0}}), 1, "a"),
            (PianoRoll{{60}, {60}, {60}, {60}, {60}}));
}

TEST(piano_roll, notes_and_frames_are_each_others) {
  const PianoRoll roll = {{60, 64}, {60}, {}, {60, 61}, {61}};
  const std::vector<MidiNote> notes = NotesOf(roll, 120);
  EXPECT_EQ(notes.size(), 4U);
  EXPECT_EQ(RollOf(FileOf(notes), 4, "a"), roll);
}

TEST(piano_roll, one_that_is_too_long_is_named) {
  const MidiFile file = FileOf({{0, 1, 60, 64, 0, 0}, {uint64_t{1} << 38, 1, 60, 64, 0, 0}});
  EXPECT_THROW(RollOf(file, 4, "a"), Error);
  EXPECT_THROW(EventsOf(file, "a"), Error);
}

TEST(piano_roll, room_to_transpose_ends_where_the_piano_does) {
  const Room room = RoomOf({{25, 60}, {}, {100}});
  EXPECT_EQ(room.down, 4);
  EXPECT_EQ(room.up, 8);
}

TEST(event_tokens, notes_come_back_from_their_events) {
  // Times on the grid of 20 ticks; chords, overlaps and long rests.
  const std::vector<MidiNote> notes = {{0, 480, 60, 80, 0, 0},   {0, 240, 64, 80, 0, 0},   {20, 20, 67, 80, 0, 0},
                                       {100, 960, 60, 80, 0, 0}, {9760, 20, 21, 80, 0, 0}, {9760, 40, 108, 80, 0, 0}};
  const std::vector<int32_t> events = EventsOf(FileOf(notes), "a");
  EXPECT_EQ(NotesOf(events, 20), notes);
  EXPECT_EQ(UnitsOf(events), 488U);
  for (const int32_t event : events) {
    EXPECT_GT(event, kStartToken);
    EXPECT_LT(static_cast<size_t>(event), EventTokens());
  }
}

TEST(event_tokens, the_first_note_is_the_first_event_wherever_it_stands) {
  const std::vector<int32_t> events = EventsOf(FileOf({{5000, 480, 60, 64, 0, 0}}), "a");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(KindOf(events[0]), EventKind::kKey);
  EXPECT_EQ(KindOf(events[1]), EventKind::kDuration);
}

TEST(event_tokens, events_without_a_meaning_are_passed_over) {
  const std::vector<int32_t> events = EventsOf(FileOf({{0, 480, 60, 64, 0, 0}}), "a");
  const int32_t key = events[0], duration = events[1];
  EXPECT_EQ(NotesOf({duration, key, key, duration, duration, key}, 1).size(), 1U);
}

TEST(event_tokens, transposed_keys_stay_on_the_piano) {
  const std::vector<int32_t> events = EventsOf(FileOf({{0, 480, 108, 64, 0, 0}}), "a");
  EXPECT_EQ(TransposeEvent(events[1], 5), events[1]);
  EXPECT_EQ(NotesOf({TransposeEvent(events[0], 1), events[1]}, 1)[0].key, 97);
}

}  // namespace grids_test
}  // namespace eddy
