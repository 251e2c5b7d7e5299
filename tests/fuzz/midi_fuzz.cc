// Any bytes are a MIDI file, whose events come back from being written, and which frames and events are made of, or an
// Error.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "eddy/error.h"
#include "midi/event_tokens.h"
#include "midi/piano_roll.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  eddy::MidiFile file;
  try {
    file = eddy::ParseMidi(bytes, "fuzz");
    eddy::TempiOf(file);
    eddy::MetersOf(file);
    if (!(eddy::ParseMidi(eddy::WriteMidi(file), "again") == file)) std::abort();
  } catch (const eddy::Error&) {
  }
  try {
    eddy::NotesOf(eddy::RollOf(file, 4, "fuzz"), 120);
  } catch (const eddy::Error&) {
  }
  try {
    eddy::NotesOf(eddy::EventsOf(file, "fuzz"), 20);
  } catch (const eddy::Error&) {
  }
  return 0;
}
