#include "tasks/compose/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "data/class_split.h"
#include "data/digest.h"
#include "data/read_file.h"
#include "eddy/error.h"
#include "midi/event_tokens.h"
#include "tasks/compose/rolls.h"

namespace eddy {
namespace {

bool HasEnding(const std::string& path, std::initializer_list<const char*> endings) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

// The files that are meant: those given, and of folders the MIDI files below them, by name.
std::vector<Data> FilesOf(std::span<const Data> data) {
  std::vector<Data> files;
  for (const Data& given : data) {
    std::error_code error;
    if (given.in_memory() || !std::filesystem::is_directory(given.name(), error)) {
      files.push_back(given);
      continue;
    }
    std::vector<std::string> found;
    for (auto entry = std::filesystem::recursive_directory_iterator(
             given.name(), std::filesystem::directory_options::skip_permission_denied, error);
         !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
      const bool midi = HasEnding(entry->path().string(), {".mid", ".midi", ".kar", ".rmi"});
      if (midi && entry->is_regular_file(error)) found.push_back(entry->path().string());
    }
    Require(!found.empty(), "read music", given.name(), "a folder with MIDI files", "one without");
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

bool IsMidi(std::string_view bytes) { return bytes.starts_with("MThd") || bytes.starts_with("RIFF"); }

// Whether a MIDI file is meant, by its beginning or its name.
bool IsMidi(std::string_view bytes, const std::string& name) {
  return IsMidi(bytes) || HasEnding(name, {".mid", ".midi", ".kar", ".rmi"});
}

// Where notes last over several frames these are sixteenths.
MusicGrid GridOf(const std::vector<RollPart>& parts) {
  size_t same = 0, all = 0;
  for (const RollPart& part : parts) {
    for (const PianoRoll& roll : part.rolls) {
      for (size_t f = 1; f < roll.size(); ++f) same += roll[f] == roll[f - 1];
      all += roll.empty() ? 0 : roll.size() - 1;
    }
  }
  return 2 * same > all ? MusicGrid::kSixteenth : MusicGrid::kQuarter;
}

// The most frequent, the first of those in order.
template <class Value>
std::optional<Value> MostOf(const std::map<Value, size_t>& counts) {
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == counts.end()) return std::nullopt;
  return most->first;
}

class MusicReader {
 public:
  MusicReader(std::optional<MusicGrid> grid, bool strict) : grid_(grid), strict_(strict) {}

  void Read(const Data& file) {
    ++reading_.files;
    try {
      const std::string bytes = ReadBytes(file);
      if (IsMidi(bytes, file.name())) {
        AddMidi(ParseMidi(bytes, file.name()), file.name());
      } else if (IsMatRolls(bytes)) {
        AddRolls(ParseMatRolls(bytes, file.name()), file.name());
      } else {
        AddRolls(ParseJsonRolls(bytes, file.name()), file.name());
      }
    } catch (const Error& error) {
      if (strict_ || file.in_memory()) throw;
      reading_.left_out.push_back(error.what());
    }
  }

  MusicReading Finish(std::string source) {
    reading_.grid = grid_.value_or(MusicGrid::kSixteenth);
    if (const auto tempo = MostOf(tempi_)) reading_.time.tempo = *tempo;
    if (const auto meter = MostOf(meters_)) {
      reading_.time.beats = meter->first;
      reading_.time.unit = meter->second;
    }
    reading_.train.source = reading_.valid.source = reading_.test.source = source;
    if (reading_.train.pieces.empty()) {
      Fail("read music", source, "some music of two steps at least",
           reading_.left_out.empty() ? "none" : "none; " + reading_.left_out.front());
    }
    return std::move(reading_);
  }

 private:
  void AddMidi(const MidiFile& file, const std::string& name) {
    if (!grid_) grid_ = MusicGrid::kSixteenth;
    MusicPiece piece{name, {}, {}};
    if (*grid_ == MusicGrid::kEvents) {
      piece.events = EventsOf(file, name);
    } else {
      piece.frames = RollOf(file, FramesPerQuarter(*grid_), name);
    }
    Require(piece.steps() >= 2, "read music", name, "of two steps at least", std::to_string(piece.steps()));
    if (const std::vector<MidiTempo> tempi = TempiOf(file); !tempi.empty()) ++tempi_[tempi.front().microseconds];
    if (const std::vector<MidiMeter> meters = MetersOf(file); !meters.empty()) {
      ++meters_[{meters.front().beats, meters.front().unit}];
    }
    reading_.train.pieces.push_back(std::move(piece));
  }

  void AddRolls(std::vector<RollPart> parts, const std::string& name) {
    if (!grid_) grid_ = GridOf(parts);
    if (*grid_ == MusicGrid::kEvents) {
      Fail("read music", name, "MIDI files, for --grid events", "piano rolls, which have frames");
    }
    for (RollPart& part : parts) {
      MusicSet& set = part.name == "valid" ? reading_.valid : part.name == "test" ? reading_.test : reading_.train;
      size_t number = 0;
      for (PianoRoll& roll : part.rolls) {
        ++number;
        if (roll.size() < 2) continue;
        set.pieces.push_back(
            {fmt::format("{} {} {}", name, part.name.empty() ? "piece" : part.name, number), std::move(roll), {}});
      }
    }
  }

  std::optional<MusicGrid> grid_;
  bool strict_;
  MusicReading reading_;
  std::map<uint32_t, size_t> tempi_;
  std::map<std::pair<uint32_t, uint32_t>, size_t> meters_;
};

std::string NameOf(std::span<const Data> data) {
  const std::string more = data.size() > 1 ? fmt::format(" and {} more", data.size() - 1) : "";
  return data.front().name() + more;
}

void AddTo(Digest& hash, const MusicSet& set) {
  for (const MusicPiece& piece : set.pieces) {
    for (const RollFrame& frame : piece.frames) {
      hash.Add({reinterpret_cast<const char*>(frame.data()), frame.size()});
      hash.Add("\n");
    }
    for (const int32_t event : piece.events) hash.Add(std::to_string(event) + " ");
    hash.Add("\n\n");
  }
  hash.Add("\n\n\n");
}

std::string HashOf(const MusicSet& set) {
  Digest hash;
  AddTo(hash, set);
  return hash.Digits();
}

// The end of a single piece is held out.
MusicSplit SplitPiece(const MusicPiece& piece, double share) {
  const size_t all = piece.steps();
  const auto wanted = static_cast<size_t>(std::lround(share * static_cast<double>(all)));
  Require(all >= 4, "compose", piece.name, "of four steps at least, to learn from some and judge by others",
          std::to_string(all));
  const auto cut = static_cast<ptrdiff_t>(all - std::clamp<size_t>(wanted, 2, all - 2));
  MusicSplit split;
  const auto part = [&](ptrdiff_t begin, ptrdiff_t end) {
    MusicPiece p{piece.name, {}, {}};
    if (piece.events.empty()) {
      p.frames.assign(piece.frames.begin() + begin, piece.frames.begin() + end);
    } else {
      p.events.assign(piece.events.begin() + begin, piece.events.begin() + end);
    }
    return p;
  };
  split.train.pieces.push_back(part(0, cut));
  split.held_out.pieces.push_back(part(cut, static_cast<ptrdiff_t>(all)));
  return split;
}

}  // namespace

size_t MusicSet::steps() const {
  size_t sum = 0;
  for (const MusicPiece& piece : pieces) sum += piece.steps();
  return sum;
}

MusicReading ReadMusic(std::span<const Data> data, std::optional<MusicGrid> grid, bool strict) {
  Require(!data.empty(), "read music", "the files", "at least one", "none");
  MusicReader reader(grid, strict);
  for (const Data& file : FilesOf(data)) reader.Read(file);
  return reader.Finish(NameOf(data));
}

Json ToJson(const MusicSource& source) {
  return {{"files", source.files}, {"hash", source.hash}, {"valid_file", source.valid_file}, {"share", source.share}};
}

MusicSource MusicSourceFromJson(const Json& json) {
  return {StringsField(json, "files"), StringField(json, "hash"), StringField(json, "valid_file"),
          NumberField(json, "share")};
}

std::string HashOf(const MusicReading& reading) {
  Digest hash;
  for (const MusicSet* set : {&reading.train, &reading.valid, &reading.test}) AddTo(hash, *set);
  return hash.Digits();
}

MusicSplit SplitAgain(const MusicSource& source, MusicReading reading) {
  const std::string name = reading.train.source;
  MusicSplit split;
  if (!source.valid_file.empty()) {
    split.train = std::move(reading.train);
  } else if (!reading.valid.pieces.empty()) {
    split = {std::move(reading.train), std::move(reading.valid)};
  } else if (reading.train.pieces.size() == 1) {
    split = SplitPiece(reading.train.pieces.front(), source.share);
  } else {
    std::vector<MusicPiece>& pieces = reading.train.pieces;
    const size_t n = pieces.size();
    const std::vector<uint8_t> out = DrawHeldOut(n, source.share);
    for (size_t i = 0; i < n; ++i) (out[i] ? split.held_out : split.train).pieces.push_back(std::move(pieces[i]));
  }
  split.train.source = split.held_out.source = name;
  return split;
}

MusicData LoadMusic(std::span<const Data> data, const ComposerOptions& options) {
  MusicReading reading = ReadMusic(data, options.grid, options.strict);
  MusicData loaded;
  loaded.grid = reading.grid;
  loaded.time = reading.time;
  loaded.files = reading.files;
  loaded.left_out = reading.left_out;
  for (const Data& file : data) loaded.source.files.push_back(file.name());
  loaded.source.hash = HashOf(reading);
  loaded.source.valid_file = options.held_out.file.name();
  loaded.source.share = options.held_out.share;
  MusicSplit split = SplitAgain(loaded.source, std::move(reading));
  if (!options.held_out.file.empty()) {
    MusicReading valid = ReadMusic(std::span(&options.held_out.file, 1), loaded.grid, options.strict);
    split.held_out = std::move(valid.train);
  }
  loaded.train = std::move(split.train);
  loaded.held_out = std::move(split.held_out);
  loaded.fingerprint = HashOf(loaded.train) + HashOf(loaded.held_out);
  return loaded;
}

std::optional<MusicSet> FindTrainingMusic(const MusicSource& source, MusicGrid grid, const std::vector<std::string>& files) {
  const bool told = !files.empty();
  const std::vector<std::string>& paths = told ? files : source.files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!told && !std::filesystem::exists(path, error)) return std::nullopt;
  }
  const std::vector<Data> data(paths.begin(), paths.end());
  std::optional<MusicReading> reading;
  try {
    reading = ReadMusic(data, grid, /*strict=*/false);
  } catch (const Error&) {
    if (told) throw;
    return std::nullopt;  // others are there by now
  }
  if (HashOf(*reading) != source.hash) {
    Require(!told, "compose", paths.front(), "the music that the model was trained on", "other music");
    return std::nullopt;
  }
  return SplitAgain(source, std::move(*reading)).train;
}

}  // namespace eddy
