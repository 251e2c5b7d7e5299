#include "midi/midi_file.h"

#include <algorithm>

#include "data/read_file.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kHeaderBytes = 6;
constexpr uint32_t kMostDelta = 0x0FFFFFFF;  // of four bytes of seven bits

// How many data bytes follow the status of a channel's event.
size_t DataBytes(uint8_t status) { return (status & 0xE0) == 0xC0 ? 1 : 2; }

class Reader {
 public:
  Reader(std::string_view bytes, std::string_view source, size_t offset) : bytes_(bytes), source_(source), offset_(offset) {}

  bool done() const { return place_ == bytes_.size(); }
  size_t left() const { return bytes_.size() - place_; }
  uint8_t Peek() const {
    if (done()) Fail("another byte", "its end");
    return static_cast<uint8_t>(bytes_[place_]);
  }
  uint8_t Byte() {
    const uint8_t byte = Peek();
    ++place_;
    return byte;
  }
  uint8_t DataByte() {
    const uint8_t byte = Byte();
    if (byte >= 0x80) Fail("a data byte, below 128", std::to_string(byte));
    return byte;
  }
  uint32_t Number(size_t count) {
    uint32_t number = 0;
    for (size_t i = 0; i < count; ++i) number = number << 8 | Byte();
    return number;
  }
  uint32_t Variable() {
    uint32_t number = 0;
    for (int i = 0; i < 4; ++i) {
      const uint8_t byte = Byte();
      number = number << 7 | (byte & 0x7F);
      if (byte < 0x80) return number;
    }
    Fail("a length of at most four bytes", "a longer one");
  }
  std::string_view Take(size_t count) {
    if (count > left()) Fail(std::to_string(count) + " bytes more", std::to_string(left()));
    const std::string_view taken = bytes_.substr(place_, count);
    place_ += count;
    return taken;
  }
  size_t place() const { return offset_ + place_; }  // in the file

  [[noreturn]] void Fail(const std::string& expected, const std::string& given) const {
    eddy::Fail("read MIDI", std::string(source_) + " at byte " + std::to_string(place()), expected, given);
  }

 private:
  std::string_view bytes_, source_;
  size_t offset_, place_ = 0;
};

MidiTrack ParseTrack(Reader reader) {
  MidiTrack track;
  uint64_t tick = 0;
  uint8_t running = 0;  // the status of the channel's event before, which the next one may leave out
  while (!reader.done()) {
    tick += reader.Variable();
    if (tick > kMostMidiTick) reader.Fail("a track of at most " + std::to_string(kMostMidiTick) + " ticks", "a longer one");
    if (reader.done()) break;  // a time without an event, at the end
    const bool spelled = reader.Peek() >= 0x80;
    if (!spelled && running == 0) reader.Fail("an event's status", "a data byte");
    MidiEvent event{tick, spelled ? reader.Byte() : running};
    if (event.status < 0xF0) {
      running = event.status;
      for (size_t i = 0; i < DataBytes(event.status); ++i) event.data[i] = reader.DataByte();
    } else if (event.status == kMidiMeta) {
      event.data[0] = reader.DataByte();
      event.payload = reader.Take(reader.Variable());
      if (event.data[0] == kMetaEnd) break;
    } else if (event.status == 0xF0 || event.status == 0xF7) {
      running = 0;
      event.payload = reader.Take(reader.Variable());
    } else {
      reader.Fail("an event of a file", "the status " + std::to_string(event.status));
    }
    track.push_back(std::move(event));
  }
  return track;
}

void AppendNumber(std::string& bytes, uint32_t number, size_t count) {
  while (count-- > 0) bytes += static_cast<char>(number >> (8 * count) & 0xFF);
}

void AppendVariable(std::string& bytes, uint64_t number) {
  Require(number <= kMostDelta, "write MIDI", "a time or length", "below 2^28", std::to_string(number));
  for (int shift = 21; shift > 0; shift -= 7) {
    if (number >> shift) bytes += static_cast<char>(0x80 | (number >> shift & 0x7F));
  }
  bytes += static_cast<char>(number & 0x7F);
}

std::string WriteTrack(const MidiTrack& track) {
  std::string bytes;
  uint64_t tick = 0;
  for (const MidiEvent& event : track) {
    Require(event.tick >= tick, "write MIDI", "the ticks of a track", "in order", "not");
    AppendVariable(bytes, event.tick - tick);
    tick = event.tick;
    bytes += static_cast<char>(event.status);
    const size_t count = event.status == kMidiMeta ? 1 : event.status >= 0xF0 ? 0 : DataBytes(event.status);
    for (size_t i = 0; i < count; ++i) bytes += static_cast<char>(event.data[i] & 0x7F);
    if (event.status >= 0xF0) {
      AppendVariable(bytes, event.payload.size());
      bytes += event.payload;
    }
  }
  bytes += std::string("\0\xFF\x2F\0", 4);
  return bytes;
}

}  // namespace

double MidiFile::ticks_per_quarter() const {
  if (division < 0x8000) return std::max<double>(1, division);
  const int frames = 256 - (division >> 8);  // the upper byte is their number, negative
  return std::max(1.0, 0.5 * frames * (division & 0xFF));
}

MidiFile ParseMidi(std::string_view bytes, std::string_view source) {
  // In a RIFF wrapper the file follows its heading.
  const size_t begin = bytes.starts_with("RIFF") && bytes.substr(0, 20).find("RMID") == 8 ? 20 : 0;
  Reader reader(bytes.substr(std::min(begin, bytes.size())), source, begin);
  if (reader.left() < 8 || reader.Take(4) != "MThd") {
    Fail("read MIDI", std::string(source), "a MIDI file, which begins with MThd", "something else");
  }
  const uint32_t header = reader.Number(4);
  if (header < kHeaderBytes) reader.Fail("a header of at least 6 bytes", std::to_string(header));
  MidiFile file;
  file.format = static_cast<uint16_t>(reader.Number(2));
  const uint32_t tracks = reader.Number(2);
  file.division = static_cast<uint16_t>(reader.Number(2));
  reader.Take(header - kHeaderBytes);
  if (file.format > 1) reader.Fail("format 0 or 1", std::to_string(file.format));
  if (file.division == 0) reader.Fail("some ticks a quarter", "none");
  while (file.tracks.size() < tracks && reader.left() >= 8) {
    const std::string_view kind = reader.Take(4);
    // A last track that was cut off is read as far as it goes.
    const size_t size = reader.Number(4);
    const size_t place = reader.place();
    const std::string_view chunk = reader.Take(std::min(size, reader.left()));
    if (kind == "MTrk") file.tracks.push_back(ParseTrack(Reader(chunk, source, place)));
  }
  if (file.tracks.empty()) reader.Fail("a track", "none");
  if (file.format == 0 && file.tracks.size() > 1) file.format = 1;  // which it is, whatever it says
  return file;
}

MidiFile ReadMidi(const Data& data) { return ParseMidi(ReadBytes(data), data.name()); }

std::string WriteMidi(const MidiFile& file) {
  Require(!file.tracks.empty() && file.tracks.size() <= 0xFFFF, "write MIDI", "the tracks", "1 to 65,535",
          std::to_string(file.tracks.size()));
  std::string bytes = "MThd";
  AppendNumber(bytes, kHeaderBytes, 4);
  AppendNumber(bytes, file.format, 2);
  AppendNumber(bytes, static_cast<uint32_t>(file.tracks.size()), 2);
  AppendNumber(bytes, file.division, 2);
  for (const MidiTrack& track : file.tracks) {
    const std::string chunk = WriteTrack(track);
    bytes += "MTrk";
    AppendNumber(bytes, static_cast<uint32_t>(chunk.size()), 4);
    bytes += chunk;
  }
  return bytes;
}

}  // namespace eddy
