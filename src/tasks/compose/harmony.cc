#include "tasks/compose/harmony.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "eddy/error.h"
#include "tasks/compose/stream.h"

namespace eddy {
namespace {

constexpr size_t kMoreDraws = 100;  // of a frame, where the first all have parallels

int HighestOf(const RollFrame& frame) { return frame.empty() ? 0 : frame.back(); }

RollFrame WithMelody(RollFrame below, const RollFrame& melody) {
  if (!melody.empty()) below.push_back(melody.back());
  return below;
}

// Voices so far, kept beside others.
struct Hypothesis {
  PianoRoll below;
  VoicedChord voices = {};  // of the last frame, with the melody
  size_t parallels = 0;     // that the rule has against them
  double log_probability = 0;
  ComposeStream::State state;  // that has read all frames but the last
};

struct Drawn {
  size_t parent = 0;  // the hypothesis that it goes on
  RollFrame frame;
  VoicedChord voices = {};
  size_t parallels = 0;        // with the parent's
  double log_probability = 0;  // with the parent's
};

class VoiceSearch {
 public:
  VoiceSearch(ComposeStream& stream, const CompositionOptions& options)
      : stream_(stream), options_(options), random_(options.seed) {}

  // Each of `beam` hypotheses draws as many frames as there are, and the best of all are kept. With a beam of 1 a frame is
  // what is drawn.
  PianoRoll Best(const PianoRoll& melody) {
    std::vector<Hypothesis> kept(1);
    kept.front().state = stream_.Save();
    for (size_t f = 0; f < melody.size(); ++f) {
      std::vector<Drawn> drawn;
      for (size_t parent = 0; parent < kept.size(); ++parent) {
        Hypothesis& from = kept[parent];
        stream_.Load(from.state);
        const RollFrame before = f > 0 ? WithMelody(from.below.back(), melody[f - 1]) : RollFrame();
        stream_.Read(f == 0 ? nullptr : &before);
        from.state = stream_.Save();
        Draw(from, parent, melody[f], drawn);
      }
      std::stable_sort(drawn.begin(), drawn.end(), [](const Drawn& a, const Drawn& b) {
        return a.parallels != b.parallels ? a.parallels < b.parallels : a.log_probability > b.log_probability;
      });
      drawn.resize(std::min(options_.beam, drawn.size()));
      std::vector<Hypothesis> next;
      for (Drawn& each : drawn) {
        const Hypothesis& parent = kept[each.parent];
        next.push_back({parent.below, each.voices, each.parallels, each.log_probability, parent.state});
        next.back().below.push_back(std::move(each.frame));
      }
      kept = std::move(next);
    }
    return std::move(kept.front().below);
  }

 private:
  // The frames that a hypothesis may go on with: as many draws as there are hypotheses, and by the rule more while all of
  // them have parallels.
  void Draw(const Hypothesis& from, size_t parent, const RollFrame& melody, std::vector<Drawn>& drawn) {
    std::set<RollFrame> different;
    bool clean = options_.free_voices;
    const size_t most = options_.beam + kMoreDraws;
    for (size_t i = 0; i < options_.beam || (i < most && !clean); ++i) {
      Drawn next{parent, {}, {}, from.parallels, from.log_probability};
      next.frame = stream_.Draw({options_.temperature, options_.top_p}, HighestOf(melody), random_, &next.log_probability);
      if (!different.insert(next.frame).second) continue;
      if (!options_.free_voices) {
        next.voices = VoicesBehind(from.voices, WithMelody(next.frame, melody));
        const size_t parallels = CountParallels(from.voices, next.voices);
        next.parallels += parallels;
        clean = clean || parallels == 0;
      }
      drawn.push_back(std::move(next));
    }
  }

  ComposeStream& stream_;
  const CompositionOptions& options_;
  Random random_;
};

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
  return VoiceSearch(stream, options).Best(piece.frames);
}

PianoRoll Joined(PianoRoll below, const PianoRoll& melody) {
  for (size_t f = 0; f < melody.size(); ++f) below[f] = WithMelody(std::move(below[f]), melody[f]);
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
    const int transpose = TransposeToSung(piece.frames);
    score.made += CountVoiceLeading(made, transpose);
    score.original += CountVoiceLeading(piece.frames, transpose);
  }
  return score;
}

}  // namespace eddy
