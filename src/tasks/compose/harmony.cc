#include "tasks/compose/harmony.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "eddy/error.h"
#include "tasks/compose/stream.h"

namespace eddy {
namespace {

int HighestOf(const RollFrame& frame) { return frame.empty() ? 0 : frame.back(); }

// Voices so far, kept beside others.
struct Hypothesis {
  PianoRoll below;
  double log_probability = 0;
  ComposeStream::State state;  // that has read all frames but the last
};

struct Drawn {
  size_t parent = 0;  // the hypothesis that it goes on
  RollFrame frame;
  double log_probability = 0;  // with the parent's
};

// Each of `beam` hypotheses draws as many frames as there are, and the likeliest of all are kept. With a beam of 1 a frame
// is what is drawn.
PianoRoll BestVoices(ComposeStream& stream, const PianoRoll& melody, const CompositionOptions& options) {
  const DrawOptions draw{options.temperature, options.top_p};
  Random random(options.seed);
  std::vector<Hypothesis> kept;
  kept.push_back({{}, 0, stream.Save()});
  for (size_t f = 0; f < melody.size(); ++f) {
    std::vector<Drawn> drawn;
    for (size_t parent = 0; parent < kept.size(); ++parent) {
      Hypothesis& from = kept[parent];
      stream.Load(from.state);
      RollFrame before;
      if (f > 0) {
        before = from.below.back();
        if (const int key = HighestOf(melody[f - 1]); key > 0) before.push_back(static_cast<uint8_t>(key));
      }
      stream.Read(f == 0 ? nullptr : &before);
      from.state = stream.Save();
      std::set<RollFrame> different;
      for (size_t i = 0; i < options.beam; ++i) {
        double log_probability = from.log_probability;
        RollFrame frame = stream.Draw(draw, HighestOf(melody[f]), random, &log_probability);
        if (different.insert(frame).second) drawn.push_back({parent, std::move(frame), log_probability});
      }
    }
    std::stable_sort(drawn.begin(), drawn.end(),
                     [](const Drawn& a, const Drawn& b) { return a.log_probability > b.log_probability; });
    drawn.resize(std::min(options.beam, drawn.size()));
    std::vector<Hypothesis> next;
    for (Drawn& each : drawn) {
      const Hypothesis& parent = kept[each.parent];
      next.push_back({parent.below, each.log_probability, parent.state});
      next.back().below.push_back(std::move(each.frame));
    }
    kept = std::move(next);
  }
  return std::move(kept.front().below);
}

}  // namespace

PianoRoll VoicesBelow(ComposeNetwork& network, const MusicPiece& piece, const CompositionOptions& options,
                      Threads& threads) {
  const ComposeDesign& design = network.design();
  Require(design.harmonise, "harmonise", "the model", "trained with --harmonise", "one that goes on with music");
  const MusicWindow whole{&piece, 0, piece.frames.size(), 0};
  const MusicBatch batch = MakeMusicBatch(std::span(&whole, 1), design, /*first=*/true);
  Tape tape(threads, Tape::Mode::kInference, 0, design.encoder.precision);
  const Tensor read = tape.Value(network.ReadMelody(tape, tape.Constant(batch.melody), batch.sequence));

  ComposeStream stream(network, read);
  return BestVoices(stream, piece.frames, options);
}

PianoRoll Joined(PianoRoll below, const PianoRoll& melody) {
  for (size_t f = 0; f < melody.size(); ++f) {
    if (!melody[f].empty()) below[f].push_back(melody[f].back());
  }
  return below;
}

HarmonyScore MeasureHarmonies(ComposeNetwork& network, const MusicSet& set, const CompositionOptions& options,
                              Threads& threads) {
  HarmonyScore score;
  for (const MusicPiece& piece : set.pieces) {
    threads.ThrowIfStopped();
    const PianoRoll made = Joined(VoicesBelow(network, piece, options, threads), piece.frames);
    bool same = made.size() == piece.frames.size();
    for (size_t f = 0; same && f < made.size(); ++f) same = HighestOf(made[f]) == HighestOf(piece.frames[f]);
    ++score.pieces;
    score.unchanged += same;
    score.made += CountVoiceLeading(made);
    score.original += CountVoiceLeading(piece.frames);
  }
  return score;
}

}  // namespace eddy
