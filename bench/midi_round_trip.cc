// midi_round_trip FILE OR FOLDER...: reads MIDI files, writes them again and reads what was written. Each file must come
// back with the same events; the notes that a track is made of, with the same onsets, lengths, keys, velocities and
// channels. Prints a line for each file that does not and for each that cannot be read, and a count; exits 1 where one
// differs.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "eddy/error.h"
#include "midi/notes.h"

namespace {

using namespace eddy;

bool IsMidi(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return ending == ".mid" || ending == ".midi" || ending == ".kar" || ending == ".rmi";
}

std::vector<std::string> FilesOf(int argc, char** argv) {
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      files.push_back(argv[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (entry.is_regular_file() && IsMidi(entry.path())) files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// A file of these notes, tempi and meters alone, made anew.
MidiFile Made(const MidiFile& file, const std::vector<MidiNote>& notes) {
  MidiFile made{1, file.division, {{}}};
  for (const MidiTempo& tempo : TempiOf(file)) made.tracks[0].push_back(MakeTempo(tempo));
  for (const MidiMeter& meter : MetersOf(file)) made.tracks[0].push_back(MakeMeter(meter));
  std::stable_sort(made.tracks[0].begin(), made.tracks[0].end(),
                   [](const MidiEvent& a, const MidiEvent& b) { return a.tick < b.tick; });
  std::map<size_t, std::vector<MidiNote>> by_track;
  for (const MidiNote& note : notes) by_track[note.track].push_back(note);
  for (size_t i = 1; i < file.tracks.size() + 1; ++i) made.tracks.push_back(MakeTrack(by_track[i - 1], ""));
  return made;
}

// In one order, whatever the order of equals was.
std::vector<MidiNote> Ordered(std::vector<MidiNote> notes, size_t tracks_less) {
  for (MidiNote& note : notes) note.track -= tracks_less;
  const auto all = [](const MidiNote& n) { return std::tie(n.track, n.begin, n.key, n.channel, n.length, n.velocity); };
  std::sort(notes.begin(), notes.end(), [&](const MidiNote& a, const MidiNote& b) { return all(a) < all(b); });
  return notes;
}

// What differs; empty for nothing.
std::string Differs(const std::string& path) {
  const MidiFile file = ReadMidi(Data::File(path));
  const MidiFile again = ParseMidi(WriteMidi(file), path);
  if (!(again == file)) return "events";
  const std::vector<MidiNote> notes = NotesOf(file);
  const MidiFile made = ParseMidi(WriteMidi(Made(file, notes)), path);
  if (Ordered(NotesOf(made), 1) != Ordered(notes, 0)) return "notes";
  if (TempiOf(made) != TempiOf(file)) return "tempi";
  return MetersOf(made) == MetersOf(file) ? "" : "meters";
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> files = FilesOf(argc, argv);
  size_t same = 0, different = 0, unread = 0;
  for (const std::string& path : files) {
    try {
      const std::string what = Differs(path);
      what.empty() ? ++same : ++different;
      if (!what.empty()) std::printf("%s: other %s\n", path.c_str(), what.c_str());
    } catch (const eddy::Error& error) {
      ++unread;
      std::printf("%s\n", error.what());
    }
  }
  std::printf("%zu files: %zu the same, %zu not, %zu cannot be read\n", files.size(), same, different, unread);
  return files.empty() || different > 0 ? 1 : 0;
}
