#include "tasks/compose/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "eddy/error.h"
#include "midi/event_tokens.h"
#include "model/architecture.h"
#include "tasks/compose/composition.h"
#include "tasks/compose/copied.h"

namespace eddy {
namespace {

constexpr size_t kShownBars = 8;
constexpr size_t kInsideSteps = 200;

// The first bars of a piece.
PianoRollChart RollChart(const MusicPiece& piece, const ComposeDesign& design) {
  PianoRollChart chart;
  const double frames = design.events() ? kEventUnits : static_cast<double>(FramesPerQuarter(design.grid));
  const double bars = std::max<double>(kShownBars, 4.0 * kShownBars / std::max(1.0, design.time.quarters()));
  chart.bar = design.time.quarters();
  chart.quarters = bars * design.time.quarters();
  chart.seconds = design.time.tempo * 1e-6;
  const std::vector<MidiNote> notes = design.events() ? NotesOf(piece.events, 1) : NotesOf(piece.frames, 1);
  for (const MidiNote& note : notes) {
    const double begin = static_cast<double>(note.begin) / frames;
    if (begin >= chart.quarters) continue;
    const double length = std::min(static_cast<double>(note.length) / frames, chart.quarters - begin);
    chart.notes.push_back({note.key, begin, length});
  }
  return chart;
}

Section Rolls(ComposeNetwork& network, const MusicSet& train, const MusicSet& held_out, Threads& threads) {
  const ComposeDesign& design = network.design();
  const MusicPiece& learned = train.pieces.front();
  Section section{
      .title = "What was learned, and what was made",
      .lesson =
          "Time runs to the right, a bar between two lines; higher notes stand higher. Press play to hear the notes, "
          "all by one plain tone.",
      .panels = {{"learned: " + learned.name, RollChart(learned, design)}}};
  if (design.harmonise) {
    const MusicPiece& judged = held_out.pieces.front();
    const MidiFile midi{1, 480, {MakeTrack(NotesOf(judged.frames, 480 / FramesPerQuarter(design.grid)), "")}};
    const Composition made = HarmoniseMelody(network, midi, judged.name, {}, threads);
    section.panels.push_back({"held out: " + judged.name, RollChart(judged, design)});
    section.panels.push_back({"made of its highest notes", RollChart(made.piece, design)});
    return section;
  }
  for (const uint64_t seed : {1, 2}) {
    CompositionOptions options;
    options.bars =
        static_cast<size_t>(std::max<double>(kShownBars, 4.0 * kShownBars / std::max(1.0, design.time.quarters())));
    options.seed = seed;
    const Composition made = ComposeMusic(network, options);
    section.panels.push_back({fmt::format("made out of nothing, seed {}", seed), RollChart(made.piece, design)});
    if (seed == 1) {
      section.lesson += " Of the first one made: " +
                        DescribeCopied(LongestCopiedRun(made.piece, 0, train), made.piece.steps(), design.events());
    }
  }
  return section;
}

std::vector<Fact> Facts(ComposeNetwork& network, const TrainingResult& training) {
  const ComposeDesign& design = network.design();
  return {{"Layers", Describe(design.encoder)},
          {"Weights", fmt::format("{}", CountWeights(network.parameters()))},
          {"A step", design.events() ? "an event" : fmt::format("a {} note", MusicGridName(design.grid))},
          {"Keys", design.events() ? "a softmax of events"
                   : design.joint  ? "jointly, each given those below it"
                                   : "each by itself"},
          {"Steps", fmt::format("{}", training.steps)},
          {"Time", fmt::format("{:.0f} s", training.seconds)}};
}

}  // namespace

Inside LookInsideMusic(ComposeNetwork& network, const MusicPiece& piece, Threads& threads) {
  const ComposeDesign& design = network.design();
  Require(!design.harmonise, "inspect", "the model", "one that goes on with music", "one that harmonises");
  RecurrentStack& stack = RequireStack(network.encoder());
  const MusicWindow window{&piece, 0, std::min(kInsideSteps, piece.steps()), 0};
  const MusicBatch batch = MakeMusicBatch(std::span(&window, 1), design, true);
  Tape tape(threads, Tape::Mode::kInference);
  const Tensor input = tape.Value(network.Inputs(tape, batch)).Clone();
  std::vector<std::string> steps;
  for (size_t t = 0; t < window.steps; ++t) {
    steps.push_back(design.events() ? fmt::format("{}", piece.events[t]) : fmt::format("{}", piece.frames[t].size()));
  }
  MusicBatch last = batch;
  if (design.events()) {
    std::fill(last.events.begin(), last.events.end() - 1, -1);
  } else {
    last.weights = Tensor(batch.weights.shape());
    last.weights[window.steps - 1] = 1;
  }
  return LookInside(
      stack, input, std::move(steps),
      [&](Tape& inner, Var output) { return network.Loss(inner, network.Outputs(inner, output), last); },
      network.parameters(), threads);
}

Report MakeComposeReport(ComposeNetwork& network, const MusicSet& train, const MusicSet& held_out,
                         const ComposerResult& result, const TrainingResult& training, std::string title, Threads& threads) {
  const Verdict verdict = JudgeComposer(result);
  Report report;
  report.title = std::move(title);
  report.verdict = verdict.sentence;
  report.lost = verdict.lost;
  report.figures.push_back({"network, " + MusicUnit(result.events), fmt::format("{:.3f}", result.network.nats)});
  std::vector<NamedFigure> floors;
  for (const MusicFloor& floor : result.floors) {
    report.figures.push_back({floor.name, fmt::format("{:.3f}", floor.nats())});
    floors.push_back({floor.name, floor.nats()});
  }
  report.facts = Facts(network, training);
  report.sections.push_back(Rolls(network, train, held_out, threads));
  report.sections.push_back(LossSection(training.history, floors, MusicUnit(result.events)));
  report.sections.push_back(GradientSection(training.history));
  if (!network.design().harmonise && network.encoder().stack() != nullptr) {
    for (Section& section : InsideSections(LookInsideMusic(network, held_out.pieces.front(), threads))) {
      report.sections.push_back(std::move(section));
    }
  }
  return report;
}

}  // namespace eddy
