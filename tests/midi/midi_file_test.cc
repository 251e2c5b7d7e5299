#include "midi/midi_file.h"

#include <gtest/gtest.h>

#include "eddy/error.h"
#include "midi/notes.h"

namespace eddy {
namespace midi_file_test {

std::string Bytes(std::initializer_list<int> numbers) {
  std::string bytes;
  for (const int number : numbers) bytes += static_cast<char>(number);
  return bytes;
}

std::string Number(size_t number, int count) {
  std::string bytes;
  while (count-- > 0) bytes += static_cast<char>(number >> (8 * count) & 0xFF);
  return bytes;
}

std::string Header(int format, size_t tracks, int division = 96) {
  return "MThd" + Number(6, 4) + Number(static_cast<size_t>(format), 2) + Number(tracks, 2) +
         Number(static_cast<size_t>(division), 2);
}

std::string Track(const std::string& events) { return "MTrk" + Number(events.size(), 4) + events; }

const std::string kEnd = Bytes({0, 0xFF, 0x2F, 0});

std::string ErrorOf(const std::string& bytes) {
  try {
    ParseMidi(bytes, "a.mid");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(midi_file, running_status_system_exclusive_and_meta_events_are_read) {
  const std::string events = Bytes({0, 0x93, 60, 100, 10, 62, 90, 0x81, 0x00, 60, 0, 0, 0xF0, 2, 1, 0xF7}) +
                             Bytes({5, 0xFF, 0x51, 3, 7, 0xA1, 0x20, 0, 0xB3, 64, 127, 0, 0xC3, 5, 0, 0xE3, 0, 64}) + kEnd;
  const MidiFile file = ParseMidi(Header(0, 1) + Track(events), "a.mid");
  ASSERT_EQ(file.tracks.size(), 1U);
  const MidiTrack& track = file.tracks[0];
  ASSERT_EQ(track.size(), 8U);
  EXPECT_EQ(track[0], (MidiEvent{0, 0x93, {60, 100}, {}}));
  EXPECT_EQ(track[1], (MidiEvent{10, 0x93, {62, 90}, {}}));
  EXPECT_EQ(track[2], (MidiEvent{138, 0x93, {60, 0}, {}}));
  EXPECT_EQ(track[3], (MidiEvent{138, 0xF0, {}, Bytes({1, 0xF7})}));
  EXPECT_EQ(track[4].tick, 143U);
  EXPECT_EQ(track[5], (MidiEvent{143, 0xB3, {64, 127}, {}}));
  EXPECT_EQ(track[6], (MidiEvent{143, 0xC3, {5, 0}, {}}));
  EXPECT_EQ(track[7], (MidiEvent{143, 0xE3, {0, 64}, {}}));
  EXPECT_EQ(TempiOf(file), (std::vector<MidiTempo>{{143, 500'000}}));
}

TEST(midi_file, what_is_read_is_written_again_with_the_same_events) {
  MidiFile file;
  file.division = 0xE728;  // 25 frames of 40 ticks
  file.tracks.push_back(
      {MakeTempo({0, 400'000}), MakeMeter({0, 6, 8}), MakeTempo({1000, 600'000}), MakeMeter({5000, 3, 4})});
  file.tracks.push_back(MakeTrack({{0, 100, 60, 90, 0, 1},  // two of one key that overlap
                                   {50, 100, 60, 80, 0, 1},
                                   {150, 0, 60, 70, 0, 1},  // one of no length
                                   {0, 200'000'000, 30, 1, 7, 1}},
                                  "hands"));
  file.tracks[1].push_back({200'000'000, 0xB0, {64, 127}, {}});  // the pedal
  file.tracks[1].push_back({200'000'300, 0xF7, {}, "any bytes"});
  const MidiFile again = ParseMidi(WriteMidi(file), "again.mid");
  EXPECT_EQ(again, file);
  EXPECT_EQ(NotesOf(again), NotesOf(file));
  EXPECT_EQ(MetersOf(again), (std::vector<MidiMeter>{{0, 6, 8}, {5000, 3, 4}}));
  EXPECT_EQ(TempiOf(again), (std::vector<MidiTempo>{{0, 400'000}, {1000, 600'000}}));
  EXPECT_DOUBLE_EQ(again.ticks_per_quarter(), 500);  // of half a second
}

TEST(midi_file, notes_of_one_key_end_in_the_order_in_which_they_began) {
  const MidiTrack track = {{0, 0x90, {60, 1}, {}},  {10, 0x90, {60, 2}, {}}, {15, 0x80, {60, 0}, {}},
                           {40, 0x90, {60, 0}, {}}, {50, 0x90, {61, 3}, {}}, {60, 0x91, {60, 4}, {}},
                           {60, 0x81, {60, 0}, {}}, {70, 0x80, {90, 0}, {}}};
  const std::vector<MidiNote> notes = NotesOf(MidiFile{0, 96, {track}});
  EXPECT_EQ(notes, (std::vector<MidiNote>{
                       {0, 15, 60, 1, 0, 0}, {10, 30, 60, 2, 0, 0}, {50, 20, 61, 3, 0, 0}, {60, 0, 60, 4, 1, 0}}));
}

TEST(midi_file, what_players_forgive_is_read) {
  const std::string note = Bytes({0, 0x90, 60, 100, 96, 60, 0});
  EXPECT_EQ(NotesOf(ParseMidi(Header(0, 1) + Track(note), "no end")).size(), 1U);
  EXPECT_EQ(NotesOf(ParseMidi(Header(1, 3) + Track(note + kEnd), "fewer tracks")).size(), 1U);
  EXPECT_EQ(ParseMidi(Header(0, 2) + Track(note + kEnd) + Track(note + kEnd), "two in format 0").format, 1);
  EXPECT_EQ(NotesOf(ParseMidi(Header(1, 2) + "XYZW" + Number(3, 4) + "abc" + Track(note + kEnd), "other")).size(), 1U);
  EXPECT_EQ(NotesOf(ParseMidi(Header(0, 1) + "MTrk" + Number(1000, 4) + note, "cut off")).size(), 1U);
  EXPECT_EQ(NotesOf(ParseMidi("RIFF" + Number(0, 4) + "RMIDdata" + Number(0, 4) + Header(0, 1) + Track(note), "rmi")).size(),
            1U);
}

TEST(midi_file, broken_files_are_named_with_the_byte) {
  EXPECT_NE(ErrorOf("not music at all").find("a.mid"), std::string::npos);
  EXPECT_NE(ErrorOf("").find("MThd"), std::string::npos);
  EXPECT_NE(ErrorOf(Header(2, 1) + Track(kEnd)).find("format 0 or 1"), std::string::npos);
  EXPECT_NE(ErrorOf(Header(1, 1, 0) + Track(kEnd)).find("ticks"), std::string::npos);
  EXPECT_NE(ErrorOf(Header(1, 1)).find("a track"), std::string::npos);
  EXPECT_NE(ErrorOf(Header(1, 1) + Track(Bytes({0, 60, 100}))).find("a.mid at byte 23"), std::string::npos);
  EXPECT_NE(ErrorOf(Header(1, 1) + Track(Bytes({0, 0x90, 60, 200}))).find("data byte"), std::string::npos);
  EXPECT_NE(ErrorOf(Header(1, 1) + Track(Bytes({0, 0x90, 60}))).find("its end"), std::string::npos);
  EXPECT_NE(ErrorOf(Header(1, 1) + Track(Bytes({0, 0xF4}))).find("244"), std::string::npos);
  EXPECT_NE(ErrorOf(Header(1, 1) + Track(Bytes({0, 0xFF, 3, 100, 65}))).find("100 bytes"), std::string::npos);
  EXPECT_NE(ErrorOf(Header(1, 1) + Track(Bytes({255, 255, 255, 255, 0}))).find("four bytes"), std::string::npos);
}

TEST(midi_file, what_no_file_can_hold_is_not_written) {
  EXPECT_THROW(WriteMidi(MidiFile{1, 96, {}}), Error);
  EXPECT_THROW(WriteMidi(MidiFile{1, 96, {{{5, 0x90, {60, 1}, {}}, {4, 0x80, {60, 1}, {}}}}}), Error);
  EXPECT_THROW(WriteMidi(MidiFile{1, 96, {{{uint64_t{1} << 30, 0x90, {60, 1}, {}}}}}), Error);
}

}  // namespace midi_file_test
}  // namespace eddy
