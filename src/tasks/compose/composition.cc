#include "tasks/compose/composition.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "eddy/error.h"
#include "midi/event_tokens.h"
#include "tasks/compose/harmony.h"

namespace eddy {
namespace {

constexpr uint16_t kTicksPerQuarter = 480;
constexpr size_t kMostBars = 10'000;
constexpr int kMostBeginnings = 1000;  // silent first frames that are drawn again

void RequireOptions(const CompositionOptions& o) {
  Require(o.bars >= 1 && o.bars <= kMostBars, "compose", "the bars", "1 to 10,000", std::to_string(o.bars));
  Require(o.temperature >= 0 && std::isfinite(o.temperature), "compose", "the temperature", "at least 0",
          std::to_string(o.temperature));
  Require(o.beam >= 1 && o.beam <= kMostHarmonyBeam, "compose", "the beam", "1 to 1,000", std::to_string(o.beam));
  Require(o.top_p > 0 && o.top_p <= 1, "compose", "top-p", "above 0 and at most 1", std::to_string(o.top_p));
}

void ComposeFrames(const ComposeNetwork& network, const CompositionOptions& options, size_t wanted, Composition& made,
                   const std::function<bool()>& stop) {
  PianoRoll& frames = made.piece.frames;
  const DrawOptions draw{options.temperature, options.top_p};
  Random random(options.seed);
  ComposeStream stream(network);
  stream.Read(nullptr);
  for (const RollFrame& frame : frames) stream.Read(&frame);
  for (size_t i = 0; i < wanted && !(stop && stop()); ++i) {
    RollFrame frame = stream.Draw(draw, 128, random);
    for (int tries = 0; frames.empty() && frame.empty() && tries < kMostBeginnings; ++tries) {
      frame = stream.Draw(draw, 128, random);
    }
    frames.push_back(std::move(frame));
    stream.Read(&frames.back());
  }
}

// Events in an order that has a meaning: behind a key how long it lasts, and no duration elsewhere.
void ComposeEvents(const ComposeNetwork& network, const CompositionOptions& options, uint64_t units, Composition& made,
                   const std::function<bool()>& stop) {
  std::vector<int32_t>& events = made.piece.events;
  Sampler sampler({.temperature = options.temperature, .top_k = 0, .top_p = options.top_p}, kStartToken, options.seed);
  ComposeStream stream(network);
  std::span<const Real> outputs = stream.Read(kStartToken);
  for (const int32_t event : events) outputs = stream.Read(event);
  std::vector<Real> logits(outputs.size());
  // Events since the last shift, of which there is one behind what is given.
  size_t at_once = events.empty() ? 0 : 2 * kPianoKeys;
  for (uint64_t made_units = 0; made_units < units && !(stop && stop());) {
    const bool after_key = !events.empty() && KindOf(events.back()) == EventKind::kKey;
    for (size_t i = 0; i < logits.size(); ++i) {
      const EventKind kind = KindOf(static_cast<int32_t>(i));
      const bool fits = after_key                   ? kind == EventKind::kDuration
                        : kind == EventKind::kShift ? !events.empty()
                                                    : kind == EventKind::kKey && at_once < 2 * kPianoKeys;
      logits[i] = fits ? outputs[i] : -std::numeric_limits<Real>::infinity();
    }
    const int32_t event = sampler.Draw(logits);
    if (KindOf(event) == EventKind::kShift) made_units += UnitsOf({event});
    at_once = KindOf(event) == EventKind::kShift ? 0 : at_once + 1;
    events.push_back(event);
    outputs = stream.Read(event);
  }
}

MusicTime TimeOf(const MidiFile& file, MusicTime time) {
  if (const std::vector<MidiTempo> tempi = TempiOf(file); !tempi.empty()) time.tempo = tempi.front().microseconds;
  if (const std::vector<MidiMeter> meters = MetersOf(file); !meters.empty()) {
    time.beats = meters.front().beats;
    time.unit = meters.front().unit;
  }
  return time;
}

MusicPiece StepsFrom(const MusicPiece& piece, size_t begin) {
  const auto from = static_cast<ptrdiff_t>(begin);
  MusicPiece rest{piece.name, {}, {}};
  if (piece.events.empty()) rest.frames.assign(piece.frames.begin() + from, piece.frames.end());
  if (!piece.events.empty()) rest.events.assign(piece.events.begin() + from, piece.events.end());
  return rest;
}

std::vector<MidiNote> NotesOfPiece(const MusicPiece& piece, MusicGrid grid, double ticks_per_quarter) {
  if (grid == MusicGrid::kEvents) {
    return NotesOf(piece.events, static_cast<uint64_t>(ticks_per_quarter / static_cast<double>(kEventUnits)));
  }
  return NotesOf(piece.frames, static_cast<uint64_t>(ticks_per_quarter / static_cast<double>(FramesPerQuarter(grid))));
}

MidiFile MakeMidi(const MusicPiece& piece, MusicGrid grid, const MusicTime& time) {
  MidiFile file;
  file.division = kTicksPerQuarter;
  file.tracks.push_back({MakeTempo({0, time.tempo}), MakeMeter({0, time.beats, time.unit})});
  file.tracks.push_back(MakeTrack(NotesOfPiece(piece, grid, kTicksPerQuarter), "eddy"));
  return file;
}

}  // namespace

Composition ComposeMusic(const ComposeNetwork& network, const CompositionOptions& options,
                         const std::function<bool()>& stop) {
  RequireOptions(options);
  Require(options.beam == CompositionOptions().beam && !options.free_voices, "compose", "the beam and free voices",
          "left to harmonies", "given");
  const ComposeDesign& design = network.design();
  Require(!design.harmonise, "compose", "the model", "trained without --harmonise, to go on with music",
          "one that writes voices below a melody (--harmonise MELODY)");
  Composition made;
  MusicTime time = design.time;
  if (!options.from.empty()) {
    const MidiFile primer = ReadMidi(options.from);
    time = TimeOf(primer, time);
    if (design.events()) {
      made.piece.events = EventsOf(primer, options.from.name());
    } else {
      made.piece.frames = RollOf(primer, FramesPerQuarter(design.grid), options.from.name());
    }
    Require(made.piece.steps() > 0, "compose", options.from.name(), "a file with notes to go on from", "one without");
  }
  made.given = made.piece.steps();
  const double quarters = time.quarters() * static_cast<double>(options.bars);
  if (design.events()) {
    ComposeEvents(network, options, static_cast<uint64_t>(std::ceil(quarters * kEventUnits)), made, stop);
  } else {
    const double frames = std::ceil(quarters * static_cast<double>(FramesPerQuarter(design.grid)));
    ComposeFrames(network, options, static_cast<size_t>(std::max(1.0, frames)), made, stop);
  }
  made.midi = MakeMidi(StepsFrom(made.piece, options.without_primer ? made.given : 0), design.grid, time);
  return made;
}

Composition HarmoniseMelody(ComposeNetwork& network, const MidiFile& melody, std::string_view name,
                            const CompositionOptions& options, Threads& threads) {
  RequireOptions(options);
  const CompositionOptions usual;
  Require(options.from.empty() && options.bars == usual.bars && !options.without_primer, "harmonise", "a beginning and bars",
          "left to the melody", "given");
  const ComposeDesign& design = network.design();
  const std::string source(name);
  const MusicPiece top{source, RollOf(melody, FramesPerQuarter(design.grid), source), {}};
  Require(!top.frames.empty(), "harmonise", source, "a file with notes", "one without");
  const PianoRoll below = VoicesBelow(network, top, options, threads);

  Composition made;
  made.piece.frames = Joined(below, top.frames);
  // The melody's own events stay as they are. Where its notes begin, the frames begin.
  made.midi = melody;
  made.midi.format = 1;
  const double ticks_per_frame = melody.ticks_per_quarter() / static_cast<double>(FramesPerQuarter(design.grid));
  const std::vector<MidiNote> notes = NotesOf(melody);
  const auto pitched =
      std::find_if(notes.begin(), notes.end(), [](const MidiNote& n) { return n.channel != kPercussionChannel; });
  const double first = std::floor(static_cast<double>(pitched->begin) / ticks_per_frame + 0.5);
  std::vector<MidiNote> voices = NotesOf(below, 1);  // in frames
  for (MidiNote& note : voices) {
    const auto tick = [&](uint64_t frame) {
      return static_cast<uint64_t>(std::llround((first + static_cast<double>(frame)) * ticks_per_frame));
    };
    const uint64_t end = tick(note.begin + note.length);
    note.begin = tick(note.begin);
    note.length = end - note.begin;
  }
  made.midi.tracks.push_back(MakeTrack(voices, "below the melody"));
  return made;
}

}  // namespace eddy
