#include <gtest/gtest.h>

#include <cmath>

#include "data/read_file.h"
#include "eddy/error.h"
#include "eddy/loss.h"
#include "midi/event_tokens.h"
#include "tasks/compose/common_key.h"
#include "tasks/compose/composition.h"
#include "tasks/compose/copied.h"
#include "tasks/compose/floors.h"
#include "tasks/compose/harmony.h"
#include "tasks/compose/model.h"
#include "tasks/compose/rolls.h"
#include "tasks/compose/training.h"
#include "train/whole_step.h"

namespace eddy {
namespace composer_test {

// Broken chords whose bass walks; of different lengths.
MusicSet SomeMusic(bool events) {
  MusicSet set{"some", {}};
  for (size_t p = 0; p < 5; ++p) {
    MusicPiece piece{"piece " + std::to_string(p), {}, {}};
    for (size_t f = 0; f < 9 + 4 * p; ++f) {
      const auto bass = static_cast<uint8_t>(40 + (f / 3 + p) % 5);
      const auto top = static_cast<uint8_t>(60 + f % 3 * 4);
      piece.frames.push_back(f % 7 == 6 ? RollFrame{} : RollFrame{bass, static_cast<uint8_t>(bass + 7), top});
    }
    if (events) {
      const MidiFile file{1, 480, {MakeTrack(NotesOf(piece.frames, 120), "")}};
      piece = {piece.name, {}, EventsOf(file, piece.name)};
    }
    set.pieces.push_back(std::move(piece));
  }
  return set;
}

enum class Kind { kJoint, kIndependent, kHarmonise, kEvents };
const std::vector<Kind> kKinds = {Kind::kJoint, Kind::kIndependent, Kind::kHarmonise, Kind::kEvents};

ComposeDesign Design(Kind kind) {
  ComposeDesign design;
  design.grid = kind == Kind::kEvents ? MusicGrid::kEvents : MusicGrid::kSixteenth;
  design.joint = kind == Kind::kJoint || kind == Kind::kHarmonise;
  design.harmonise = kind == Kind::kHarmonise;
  design.key_units = design.joint ? 5 : 0;
  design.embedding = kind == Kind::kEvents ? 6 : 0;
  design.dropout = 0.2;
  design.melody.layer.hidden = 4;
  design.melody.bidirectional = true;
  StackOptions stack;
  stack.layer.hidden = 7;
  stack.layers = 2;
  design.encoder = {design.inputs(), {stack}};
  return design;
}

ComposeNetwork Disturbed(Kind kind) {
  ComposeNetwork network(Design(kind), 3);
  Random random(5);
  for (Parameter* parameter : network.parameters()) {
    for (Real& value : parameter->value.values()) value += static_cast<Real>(random.Normal() / 3);
  }
  return network;
}

// [T, outputs], of a piece alone.
Tensor OutputsOf(ComposeNetwork& network, const MusicPiece& piece, Threads& threads) {
  const MusicWindow window{&piece, 0, piece.steps(), 0};
  const MusicBatch batch = MakeMusicBatch(std::span(&window, 1), network.design(), true);
  Tape tape(threads, Tape::Mode::kInference);
  const Var y = network.encoder().Forward(tape, network.Inputs(tape, batch), batch.sequence);
  return tape.Value(network.Outputs(tape, y)).Clone();
}

TEST(composer, comes_back_from_its_model_with_the_same_figures_and_music) {
  for (const Kind kind : kKinds) {
    Threads threads;
    ComposeNetwork network = Disturbed(kind);
    const MusicSet music = SomeMusic(kind == Kind::kEvents);
    ComposeNetwork loaded =
        LoadComposer(ParseModel(SerializeModel(MakeComposerModel(network, Json::object(), threads))), threads);
    EXPECT_EQ(MeasureMusic(loaded, music, MusicParts::kNone, threads).nats,
              MeasureMusic(network, music, MusicParts::kNone, threads).nats);
    if (kind == Kind::kHarmonise) continue;
    CompositionOptions options;
    options.bars = 2;
    EXPECT_EQ(WriteMidi(ComposeMusic(loaded, options).midi), WriteMidi(ComposeMusic(network, options).midi));
  }
}

TEST(composer, a_stream_is_the_whole_piece_bit_for_bit) {
  for (const Kind kind : kKinds) {
    Threads threads;
    ComposeNetwork network = Disturbed(kind);
    const MusicPiece piece = SomeMusic(kind == Kind::kEvents).pieces.back();
    const Tensor whole = OutputsOf(network, piece, threads);
    Tensor melody;
    if (kind == Kind::kHarmonise) {
      const MusicWindow window{&piece, 0, piece.steps(), 0};
      const MusicBatch batch = MakeMusicBatch(std::span(&window, 1), network.design(), true);
      Tape tape(threads, Tape::Mode::kInference);
      melody = tape.Value(network.ReadMelody(tape, tape.Constant(batch.melody), batch.sequence)).Clone();
    }
    ComposeStream stream(network, melody);
    const size_t width = network.design().outputs();
    for (size_t t = 0; t < piece.steps(); ++t) {
      std::span<const Real> outputs;
      if (kind == Kind::kEvents) {
        outputs = stream.Read(t == 0 ? kStartToken : piece.events[t - 1]);
      } else {
        outputs = stream.Read(t == 0 ? nullptr : &piece.frames[t - 1]);
      }
      for (size_t i = 0; i < width; ++i) ASSERT_EQ(outputs[i], whole[t * width + i]);
    }
  }
}

TEST(composer, figures_depend_neither_on_threads_nor_on_the_other_pieces) {
  for (const Kind kind : kKinds) {
    Threads one, three(3, Threads::Share::kAlways);
    ComposeNetwork network = Disturbed(kind);
    const MusicSet music = SomeMusic(kind == Kind::kEvents);
    const MusicScore together = MeasureMusic(network, music, MusicParts::kNone, three);
    EXPECT_EQ(together.nats, MeasureMusic(network, music, MusicParts::kNone, one).nats);
    double sum = 0;
    size_t steps = 0;
    for (const MusicPiece& piece : music.pieces) {
      const MusicScore alone = MeasureMusic(network, {"alone", {piece}}, MusicParts::kNone, one);
      sum += alone.nats * static_cast<double>(alone.steps);
      steps += alone.steps;
    }
    EXPECT_EQ(steps, together.steps);
    EXPECT_NEAR(sum / static_cast<double>(steps), together.nats, 1e-5 * together.nats);
  }
}

TEST(composer, any_number_of_threads_learns_the_same) {
  for (const Kind kind : kKinds) {
    const MusicSet music = SomeMusic(kind == Kind::kEvents);
    std::vector<std::vector<Real>> gradients;
    for (const int count : {1, 3}) {
      Threads threads(count, Threads::Share::kAlways);
      ComposeNetwork network = Disturbed(kind);
      ComposeTraining training(network, music, music, {3, 10, 4}, 1, threads);
      for (Parameter* parameter : network.parameters()) parameter->grad.Fill(0);
      for (int64_t step = 0; step < 2 * training.steps_per_epoch(); ++step) WholeStep(training, step, threads);
      std::vector<Real>& all = gradients.emplace_back();
      for (Parameter* parameter : network.parameters()) {
        all.insert(all.end(), parameter->grad.values().begin(), parameter->grad.values().end());
      }
    }
    EXPECT_EQ(gradients[0], gradients[1]);
  }
}

TEST(composer, the_first_frame_is_learned_and_not_measured) {
  Threads threads;
  ComposeNetwork network = Disturbed(Kind::kJoint);
  const MusicSet music = SomeMusic(false);
  EXPECT_EQ(MeasureMusic(network, music, MusicParts::kNone, threads).steps, music.steps() - music.pieces.size());
  const MusicWindow window{&music.pieces[0], 0, 9, 0};
  EXPECT_EQ(MakeMusicBatch(std::span(&window, 1), network.design(), true).count, 9);
  EXPECT_EQ(MakeMusicBatch(std::span(&window, 1), network.design(), false).count, 8);
  const MusicWindow later{&music.pieces[0], 3, 6, 0};
  EXPECT_EQ(MakeMusicBatch(std::span(&later, 1), network.design(), false).count, 6);
}

TEST(composer, windows_are_whole_steps_of_their_pieces_and_transposition_moves_all_of_them) {
  const MusicSet music = SomeMusic(false);
  const ComposeDesign design = Design(Kind::kJoint);
  const MusicWindow plain{&music.pieces[2], 4, 5, 0}, moved{&music.pieces[2], 4, 5, 3};
  const MusicBatch a = MakeMusicBatch(std::span(&plain, 1), design, true),
                   b = MakeMusicBatch(std::span(&moved, 1), design, true);
  for (size_t t = 0; t < 5; ++t) {
    for (size_t k = 0; k + 3 < kPianoKeys; ++k) {
      EXPECT_EQ(a.targets[t * kPianoKeys + k], b.targets[t * kPianoKeys + k + 3]);
      EXPECT_EQ(a.before[t * (kPianoKeys + 1) + k], b.before[t * (kPianoKeys + 1) + k + 3]);
    }
    EXPECT_EQ(b.before[t * (kPianoKeys + 1) + kPianoKeys], 0);
  }
}

TEST(composer, goes_on_from_any_primer_and_keeps_its_first_note) {
  for (const Kind kind : {Kind::kJoint, Kind::kIndependent, Kind::kEvents}) {
    const ComposeNetwork network = Disturbed(kind);
    for (const size_t voices : {1, 2, 11}) {
      std::vector<MidiNote> notes;
      for (size_t v = 0; v < voices; ++v) notes.push_back({960, 240, static_cast<uint8_t>(50 + 3 * v), 64, 0, 0});
      const MidiFile primer{1, 480, {{MakeTempo({0, 300'000}), MakeMeter({0, 3, 4})}, MakeTrack(notes, "")}};
      CompositionOptions options;
      options.from = Data::Text(WriteMidi(primer), "primer.mid");
      options.bars = 1;
      const Composition with = ComposeMusic(network, options);
      EXPECT_EQ(TempiOf(with.midi), (std::vector<MidiTempo>{{0, 300'000}}));
      EXPECT_EQ(MetersOf(with.midi), (std::vector<MidiMeter>{{0, 3, 4}}));
      const std::vector<MidiNote> made = NotesOf(with.midi);
      ASSERT_GE(made.size(), voices);
      for (size_t v = 0; v < voices; ++v) {
        EXPECT_EQ(made[v].key, notes[v].key);
        EXPECT_EQ(made[v].begin, 0U);
      }
      options.without_primer = true;
      const Composition without = ComposeMusic(network, options);
      EXPECT_EQ(without.piece.frames, with.piece.frames);
      EXPECT_LE(NotesOf(without.midi).size(), made.size());
    }
  }
}

TEST(composer, needs_no_primer_and_the_same_seed_gives_the_same_bytes) {
  for (const Kind kind : {Kind::kJoint, Kind::kIndependent, Kind::kEvents}) {
    const ComposeNetwork network = Disturbed(kind);
    CompositionOptions options;
    options.bars = 3;
    const std::string first = WriteMidi(ComposeMusic(network, options).midi);
    EXPECT_FALSE(NotesOf(ParseMidi(first, "made")).empty());
    EXPECT_EQ(WriteMidi(ComposeMusic(network, options).midi), first);
    options.seed = 2;
    EXPECT_NE(WriteMidi(ComposeMusic(network, options).midi), first);
    options.temperature = 0;
    const std::string likeliest = WriteMidi(ComposeMusic(network, options).midi);
    options.seed = 3;
    EXPECT_EQ(WriteMidi(ComposeMusic(network, options).midi), likeliest);
  }
}

TEST(composer, harmonies_stand_below_a_melody_that_is_not_touched) {
  Threads threads;
  ComposeNetwork network = Disturbed(Kind::kHarmonise);
  const MidiFile melody{
      0, 96, {MakeTrack({{192, 96, 67, 99, 2, 0}, {288, 48, 64, 98, 2, 0}, {432, 96, 72, 97, 2, 0}}, "song")}};
  const Composition made = HarmoniseMelody(network, melody, "melody.mid", {}, threads);
  ASSERT_EQ(made.midi.tracks.size(), 2U);
  EXPECT_EQ(made.midi.tracks[0], melody.tracks[0]);
  const PianoRoll top = RollOf(melody, 4, "melody");
  ASSERT_EQ(made.piece.frames.size(), top.size());
  for (size_t f = 0; f < top.size(); ++f) {
    ASSERT_EQ(made.piece.frames[f].empty(), top[f].empty());
    if (!top[f].empty()) {
      EXPECT_EQ(made.piece.frames[f].back(), top[f].back());
    }
  }
  for (const MidiNote& note : NotesOf(made.midi)) EXPECT_GE(note.begin, 192U);
  EXPECT_EQ(WriteMidi(HarmoniseMelody(network, melody, "melody.mid", {}, threads).midi), WriteMidi(made.midi));
  EXPECT_THROW(ComposeMusic(network, {}), Error);
  ComposeNetwork other = Disturbed(Kind::kJoint);
  EXPECT_THROW(HarmoniseMelody(other, melody, "melody.mid", {}, threads), Error);
}

TEST(composer, voices_do_not_move_in_parallel_unless_they_are_free) {
  Threads threads;
  ComposeNetwork network = Disturbed(Kind::kHarmonise);
  for (size_t k = 0; k < kPianoKeys; ++k) network.head_bias()[k] -= 4;  // few keys at once
  MusicSet set{"melodies", {{"scale", {}, {}}}};
  for (uint8_t i = 0; i < 60; ++i) set.pieces[0].frames.push_back({static_cast<uint8_t>(72 + i % 12)});
  CompositionOptions options;
  const auto parallels = [&](bool free, size_t beam) {
    options.free_voices = free;
    options.beam = beam;
    const HarmonyScore score = MeasureHarmonies(network, set, options, threads);
    EXPECT_EQ(score.unchanged, score.pieces);
    return score.made.parallel_fifths + score.made.parallel_octaves;
  };
  for (const size_t beam : {1, 8}) EXPECT_LT(4 * parallels(false, beam), parallels(true, beam)) << beam;
  options = {.free_voices = true};
  EXPECT_THROW(ComposeMusic(Disturbed(Kind::kJoint), options), Error);
}

TEST(music, keeps_its_name_however_it_is_split) {
  for (const bool valid : {false, true}) {
    MusicReading reading;
    reading.train = SomeMusic(false);
    if (valid) reading.valid = SomeMusic(false);
    const MusicSplit split = SplitAgain({{}, "", "", 0.3}, reading);
    EXPECT_EQ(split.train.source, "some") << valid;
    EXPECT_EQ(split.held_out.source, "some") << valid;
  }
}

TEST(music, in_one_key_is_told_from_music_in_many) {
  const auto music = [](size_t pieces, int moved, bool events) {
    MusicSet set{"scales", {}};
    for (size_t p = 0; p < pieces; ++p) {
      MusicPiece piece{"piece", {}, {}};
      for (const uint8_t key : {60, 62, 64, 65, 67, 69, 71, 72, 67, 60}) piece.frames.push_back({key});
      for (RollFrame& frame : piece.frames) Transpose(frame, static_cast<int>(p) % 6 * moved);
      if (events) piece = {"piece", {}, EventsOf({1, 480, {MakeTrack(NotesOf(piece.frames, 120), "")}}, "piece")};
      set.pieces.push_back(std::move(piece));
    }
    return set;
  };
  for (const bool events : {false, true}) {
    EXPECT_TRUE(InOneKey(music(12, 0, events)));
    EXPECT_FALSE(InOneKey(music(12, 1, events)));
    EXPECT_FALSE(InOneKey(music(7, 0, events)));  // too few to say so
  }
  EXPECT_FALSE(InOneKey({}));
}

TEST(music_floors, are_what_counting_by_hand_gives) {
  const MusicSet train{"t", {{"a", {{60}, {60, 61}, {61}}, {}}}}, judged{"j", {{"b", {{60}, {60}}, {}}}};
  const std::vector<MusicFloor> floors = MusicFloors(train, judged, Design(Kind::kJoint));
  ASSERT_EQ(floors.size(), 3U);
  const double others = kPianoKeys - 2;
  const double silent = -others * std::log(1 - 1. / 5);
  EXPECT_NEAR(floors[0].nats(), silent - std::log(3. / 5) - std::log(1 - 3. / 5), 1e-12);
  // Silent keys stay so with 3 of 4; 60 stays with (1 + 1) of (2 + 2), 61 stays silent with 1 of (1 + 2).
  EXPECT_NEAR(floors[1].nats(), -others * std::log(3. / 4) - std::log(2. / 4) - std::log(1. / 3), 1e-12);
  const double same = 2 * kPianoKeys - 2 + 1;
  EXPECT_NEAR(floors[2].nats(), -static_cast<double>(kPianoKeys) * std::log(same / (same + 3)), 1e-12);
}

TEST(copied_runs, the_longest_is_found_in_any_key) {
  const MusicSet learned = SomeMusic(false);
  MusicPiece made{"made", {{30}, {31}}, {}};
  const PianoRoll& from = learned.pieces[3].frames;
  for (size_t f = 5; f < 16; ++f) {
    made.frames.push_back(from[f]);
    Transpose(made.frames.back(), 2);
  }
  made.frames.push_back({90});
  const CopiedRun run = LongestCopiedRun(made, 0, learned);
  EXPECT_EQ(run.steps, 11U);
  EXPECT_EQ(run.transpose, 2);
  EXPECT_EQ(LongestCopiedRun(made, 6, learned).steps, 7U);
  EXPECT_EQ(LongestCopiedRun({"new", {{21, 22, 23, 24}}, {}}, 0, learned).steps, 0U);
  EXPECT_EQ(LongestCopiedRun(learned.pieces[1], 0, learned).steps, learned.pieces[1].steps());
}

TEST(json_rolls, parts_silences_and_errors_are_read_as_they_stand) {
  const std::vector<RollPart> parts =
      ParseJsonRolls(R"({"train": [[[64, 60, -1], [null], [60, 60]]], "valid": [], "x": 1})", "r");
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].rolls, (std::vector<PianoRoll>{{{60, 64}, {}, {60}}}));
  EXPECT_EQ(ParseJsonRolls("[[[60],[61]]]", "r")[0].name, "");
  for (const char* wrong :
       {"{}", "7", "[7]", "[[7]]", "[[[\"a\"]]]", "[[[60.5]]]", "[[[128]]]", "[[[1e300]]]", "{\"test\": []}", "["}) {
    EXPECT_THROW(ParseJsonRolls(wrong, "r"), Error) << wrong;
  }
}

TEST(mat_rolls, plain_and_compressed_cells_are_read) {
  const std::string folder = EDDY_SOURCE_DIR "/tests/fuzz/corpus/rolls/";
  const std::string plain = ReadFile(folder + "plain.mat"), compressed = ReadFile(folder + "compressed.mat");
  ASSERT_TRUE(IsMatRolls(plain));
  const std::vector<RollPart> parts = ParseMatRolls(compressed, "r");
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[2].rolls, parts[0].rolls);
  EXPECT_EQ(ParseMatRolls(plain, "r")[0].rolls, parts[0].rolls);
  ASSERT_EQ(parts[0].rolls.size(), 2U);
  // Of the numbers i, columns one after another, those sound of which 7 i is a multiple of 13.
  EXPECT_EQ(parts[0].rolls[0].size(), 3U);
  EXPECT_EQ(parts[0].rolls[0][0].front(), kLowestKey);
  EXPECT_EQ(parts[0].rolls[0][1].front(), kLowestKey + 4);
  for (size_t cut = 0; cut < plain.size(); cut += 97) EXPECT_THROW(ParseMatRolls(plain.substr(0, cut), "r"), Error) << cut;
}

}  // namespace composer_test
}  // namespace eddy
