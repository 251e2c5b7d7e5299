#include "audio/speech_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "base/ascii.h"
#include "data/base64.h"
#include "data/encoding.h"
#include "data/excerpt.h"
#include "data/sentence.h"
#include "data/text_lines.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kInline = "data:audio/wav;base64,";
constexpr size_t kMostTranscriptBytes = 1 << 16;
enum Column : size_t { kPath, kTranscript, kSpeaker, kBegin, kEnd, kColumns };
constexpr std::array<std::string_view, kColumns> kNames = {"path", "transcript", "speaker", "begin", "end"};
constexpr size_t kNone = static_cast<size_t>(-1);
using Layout = std::array<size_t, kColumns>;  // where each column stands; kNone where it does not

std::vector<std::string_view> Cells(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    cells.push_back(line.substr(0, line.find('\t')));
    if (cells.back().size() == line.size()) return cells;
    line.remove_prefix(cells.back().size() + 1);
  }
}

Layout LayoutOf(size_t columns, const std::string& place) {
  switch (columns) {
    case 2:
      return {0, 1, kNone, kNone, kNone};
    case 3:
      return {0, 1, 2, kNone, kNone};
    case 4:
      return {0, 3, kNone, 1, 2};
    case 5:
      return {0, 3, 4, 1, 2};
    default:
      Fail("read", place, "a path, a tab and a transcript (and a speaker; or a path, begin, end, transcript)",
           fmt::format("of {} columns", columns));
  }
}

// The layout that a first line names; one without a path and a transcript names none.
bool IsHeader(const std::vector<std::string_view>& cells, Layout& layout) {
  layout.fill(kNone);
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string name = Lower(cells[i]);
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) return false;
    layout[static_cast<size_t>(found - kNames.begin())] = i;
  }
  return layout[kPath] != kNone && layout[kTranscript] != kNone && (layout[kBegin] == kNone) == (layout[kEnd] == kNone);
}

double Seconds(std::string_view text, const std::string& place) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool read = error == std::errc() && end == text.data() + text.size();
  if (!read || !(seconds >= 0 && seconds <= kMostSoundSeconds)) {
    Fail("read", place, "with a beginning and an end in seconds", "with " + Excerpt(text));
  }
  return seconds;
}

std::string Transcript(std::string_view text, const std::string& place) {
  if (InvalidUtf8(text) < text.size()) Fail("read", place, "UTF-8 text", "something else");
  if (text.size() > kMostTranscriptBytes) Fail("read", place, "a transcript of at most 65536 bytes", "longer");
  return SqueezeSpaces(text);
}

SpeechEntry ReadEntry(const std::vector<std::string_view>& cells, const Layout& layout, const std::string& place,
                      const fs::path& folder) {
  SpeechEntry entry;
  entry.place = place;
  const std::string path(cells[layout[kPath]]);
  if (path.empty()) Fail("read", place, "with the path of a sound", "without");
  entry.path = path.starts_with(kInline) || folder.empty() ? path : (folder / path).string();
  entry.text = Transcript(cells[layout[kTranscript]], place);
  if (layout[kSpeaker] != kNone) entry.speaker = SqueezeSpaces(cells[layout[kSpeaker]]);
  if (layout[kBegin] != kNone) {
    entry.part = {Seconds(cells[layout[kBegin]], place), Seconds(cells[layout[kEnd]], place)};
    if (entry.part.begin >= entry.part.end) Fail("read", place, "a part that begins before it ends", "not");
  }
  return entry;
}

bool IsSoundOrFeatures(const fs::path& path) {
  constexpr std::array<std::string_view, 10> kEnds = {".wav", ".flac", ".ogg", ".oga", ".opus",
                                                      ".mp3", ".aiff", ".au",  ".npy", ".csv"};
  const std::string end = Lower(path.extension().string());
  return std::find(kEnds.begin(), kEnds.end(), end) != kEnds.end();
}

SpeechSet ReadFolder(const std::string& path, const BadLines& bad) {
  std::error_code error;
  std::vector<fs::path> sounds;
  for (fs::recursive_directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    if (it->is_regular_file(error) && IsSoundOrFeatures(it->path())) sounds.push_back(it->path());
  }
  if (error) Fail("read", path, "a readable folder", "not (" + error.message() + ")");
  std::sort(sounds.begin(), sounds.end());
  LineSieve sieve(bad, path);
  SpeechSet set;
  for (const fs::path& sound : sounds) {
    sieve.Take([&] {
      fs::path beside = sound;
      beside.replace_extension(".txt");
      SpeechEntry entry;
      entry.place = entry.path = sound.string();
      std::error_code none;
      if (!fs::exists(beside, none))
        Fail("read", entry.place, "beside a transcript, " + beside.filename().string(), "alone");
      // A transcript of nothing is an empty file, which is no text.
      if (fs::file_size(beside, none) > 0) entry.text = Transcript(ReadDecoded(beside.string()).text, beside.string());
      const fs::path folder = sound.parent_path();
      if (folder != fs::path(path) && folder != fs::path(path).parent_path()) entry.speaker = folder.filename().string();
      set.entries.push_back(std::move(entry));
    });
  }
  set.reading.skipped = sieve.Finish();
  Require(!set.entries.empty(), "read", path, "a manifest, or a folder of sounds with a .txt beside each",
          "a folder without any");
  return set;
}

}  // namespace

std::string SqueezeSpaces(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  std::string squeezed;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
    if (text.empty()) return squeezed;
    const std::string_view word = text.substr(0, text.find_first_of(kBlank));
    text.remove_prefix(word.size());
    if (!squeezed.empty()) squeezed += ' ';
    squeezed += word;
  }
}

SpeechSet ParseManifest(std::string_view text, const std::string& name, const BadLines& bad) {
  RequireNoZero(text, name);
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const fs::path folder = fs::path(name).parent_path();
  LineSieve sieve(bad, name);
  SpeechSet set;
  Layout layout = {};
  size_t columns = 0;  // of the first line, and of all
  ForEachLine(text, [&](std::string_view row, size_t line) {
    if (row.find_first_not_of(" \t") == std::string_view::npos) return;
    const std::string place = fmt::format("{} line {}", name, line);
    const std::vector<std::string_view> cells = Cells(row);
    if (columns == 0) {
      columns = cells.size();
      if (IsHeader(cells, layout)) return;
      layout = LayoutOf(columns, place);
    }
    sieve.Take([&] {
      if (cells.size() != columns) {
        Fail("read", place, fmt::format("of {} columns, as the first line", columns), fmt::format("of {}", cells.size()));
      }
      set.entries.push_back(ReadEntry(cells, layout, place, folder));
    });
  });
  set.reading.skipped = sieve.Finish();
  Require(!set.entries.empty(), "read", name, "with recordings in it", "without any");
  return set;
}

SpeechSet ReadSpeech(const Data& data, const BadLines& bad) {
  std::error_code error;
  if (!data.in_memory() && fs::is_directory(data.name(), error)) return ReadFolder(data.name(), bad);
  const DecodedText decoded = ReadDecoded(data);
  SpeechSet set = ParseManifest(decoded.text, data.name(), bad);
  set.reading.encoding = decoded.encoding;
  return set;
}

bool HasFeatures(const SpeechEntry& entry) { return !entry.path.starts_with(kInline) && IsFeatureFile(entry.path); }

Sound LoadSound(const SpeechEntry& entry) {
  const std::string_view path = entry.path;
  if (!path.starts_with(kInline)) return ReadSound(entry.path, entry.part);
  return ParseSound(DecodeBase64(path.substr(kInline.size())), entry.place, entry.part);
}

FeatureFrames LoadFeatures(const SpeechEntry& entry) {
  if (entry.part.begin > 0 || std::isfinite(entry.part.end)) {
    Fail("read", entry.place, "a whole file of features", "a part of one (parts are of sounds)");
  }
  return ReadFeatures(entry.path);
}

std::string InlineSound(std::span<const float> samples, int rate) {
  return std::string(kInline) + EncodeBase64(WriteWav(samples, rate));
}

}  // namespace eddy
