#include "tasks/speak/vocoder_training.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/even_sample.h"
#include "eddy/error.h"
#include "eddy/ops.h"
#include "tasks/speak/voice_sound.h"

namespace eddy {
namespace {

constexpr double kSegmentSeconds = 0.5, kLeastLookSeconds = 60;  // seconds
constexpr double kWindowsMs[] = {16, 32, 64};

double SecondsOf(const SpokenSentence& recording, const VocoderOptions& vocoder) {
  return static_cast<double>(recording.samples.size()) / vocoder.rate;
}

// Samples [first S, (first + T) S) as row `row` of [T, B, S]; silence beyond their end.
void FillSamples(std::span<const float> samples, size_t first, size_t row, const Tensor& to) {
  const size_t T = to.dim(0), B = to.dim(1), S = to.dim(2);
  for (size_t i = 0; i < T * S; ++i) {
    const size_t n = first * S + i;
    to[(i / S * B + row) * S + i % S] = n < samples.size() ? Real{samples[n]} : 0;
  }
}

}  // namespace

std::vector<VocoderRecording> VocoderRecordings(std::vector<SpokenSentence>& sentences, const VocoderOptions& vocoder,
                                                Threads& threads) {
  std::vector<VocoderRecording> recordings(sentences.size());
  threads.For(sentences.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      VocoderRecording& each = recordings[i];
      each.frames = std::move(sentences[i].frames);
      each.samples = std::move(sentences[i].samples);
      VoiceSynthesiser synthesiser(each.frames, vocoder);
      each.parts = synthesiser.Next(synthesiser.samples());
    }
  });
  return recordings;
}

std::vector<SpectralWindow> VocoderWindows(int rate) {
  std::vector<SpectralWindow> windows;
  for (const double ms : kWindowsMs) {
    const size_t size = size_t{1} << std::lround(std::log2(rate * ms / 1000));
    windows.push_back({size, size / 4});
  }
  return windows;
}

double MeasureVocoder(const NeuralVocoder* neural, const VocoderOptions& vocoder,
                      std::span<const SpokenSentence* const> recordings, Threads& threads, ProcessGroup& group) {
  const std::vector<SpectralWindow> windows = VocoderWindows(vocoder.rate);
  std::vector<double> distances;  // each times its seconds
  for (const SpokenSentence* each : OwnShare(group).Of(recordings)) {
    VoiceSound sound(each->frames, vocoder, neural, threads);
    const std::vector<float> made = sound.Rest();
    const Tensor heard({std::max(made.size(), windows.back().size), 1, 1}), recorded(heard.shape());
    FillSamples(made, 0, 0, heard);
    FillSamples(each->samples, 0, 0, recorded);
    Tape tape(threads, Tape::Mode::kInference);
    const Var loss = SpectralLoss(tape, tape.Constant(heard), recorded, windows);
    distances.push_back(double{tape.Value(loss)[0]} * SecondsOf(*each, vocoder));
  }
  double seconds = 0;
  for (const SpokenSentence* each : recordings) seconds += SecondsOf(*each, vocoder);
  distances = Joined(group, std::move(distances));
  return std::accumulate(distances.begin(), distances.end(), 0.0) / seconds;
}

VocoderTraining::VocoderTraining(NeuralVocoder& vocoder, const std::vector<VocoderRecording>& train,
                                 const std::vector<SpokenSentence>& held_out, const VocoderBatching& batching, uint64_t seed,
                                 Threads& threads, Precision precision)
    : vocoder_(vocoder),
      train_(train),
      held_out_(held_out),
      batching_(batching),
      seed_(seed),
      threads_(threads),
      precision_(precision),
      segment_(static_cast<size_t>(kSegmentSeconds * vocoder.design().vocoder.rate) / vocoder.design().step),
      windows_(VocoderWindows(vocoder.design().vocoder.rate)) {
  Require(!train.empty(), "train speak", "the recordings", "at least one that the vocoder can learn", "none");
  for (const VocoderRecording& each : train) {
    const double steps = static_cast<double>(each.samples.size()) / static_cast<double>(vocoder.design().step);
    ends_.push_back((ends_.empty() ? 0 : ends_.back()) + steps);
  }
}

int64_t VocoderTraining::steps_per_epoch() const {
  return static_cast<int64_t>(std::ceil(ends_.back() / static_cast<double>(segment_ * batching_.rows)));
}

double VocoderTraining::units_per_step() const {
  const NeuralVocoderDesign& design = vocoder_.design();
  return static_cast<double>(segment_ * batching_.rows * design.step) / design.vocoder.rate;
}

// Anywhere in all that is recorded; of the recording where it begins.
std::vector<VocoderTraining::Segment> VocoderTraining::Draw(int64_t step) const {
  Random random(MixBits(~seed_ ^ MixBits(static_cast<uint64_t>(step))));
  std::vector<Segment> drawn;
  for (size_t row = 0; row < batching_.rows; ++row) {
    const double at = random.Uniform() * ends_.back();
    const auto i = static_cast<size_t>(std::upper_bound(ends_.begin(), ends_.end() - 1, at) - ends_.begin());
    const double begin = i == 0 ? 0 : ends_[i - 1], last = ends_[i] - begin - static_cast<double>(segment_);
    drawn.push_back({&train_[i], static_cast<size_t>(std::clamp(at - begin, 0.0, std::max(last, 0.0)))});
  }
  return drawn;
}

double VocoderTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const std::vector<Segment> all = Draw(step);
  const std::span<const Segment> rows = shard.Of(std::span<const Segment>(all));
  if (rows.empty()) return 0;
  const NeuralVocoderDesign& design = vocoder_.design();
  VocoderBatch batch(design, segment_, rows.size());
  const Tensor target({segment_, rows.size(), design.step});
  for (size_t row = 0; row < rows.size(); ++row) {
    const auto& [recording, first] = rows[row];
    batch.Fill(row, design, {recording->frames, recording->parts, 0}, first);
    FillSamples(recording->samples, first, row, target);
  }
  Tape tape = worker.MakeTape(shard.Key(MixBits(seed_ ^ static_cast<uint64_t>(step))), precision_);
  const double part = static_cast<double>(rows.size()) / static_cast<double>(all.size());
  const Var loss = Scale(tape, SpectralLoss(tape, vocoder_.Forward(tape, batch), target, windows_), static_cast<Real>(part));
  const double share = double{tape.Value(loss)[0]};
  tape.Backward(loss, worker.complete);
  return share;
}

HeldOutSize VocoderTraining::held_out_size() const {
  double seconds = 0;
  for (const SpokenSentence& each : held_out_) seconds += SecondsOf(each, vocoder_.design().vocoder);
  return {seconds, kLeastLookSeconds};
}

std::optional<double> VocoderTraining::ValidateTogether(ProcessGroup& group, double most_units) {
  if (held_out_.empty()) return std::nullopt;
  const double share = std::max(kLeastLookSeconds, most_units) / held_out_size().units;
  std::vector<const SpokenSentence*> sample;
  for (const size_t i : EvenSample(held_out_.size(), share * static_cast<double>(held_out_.size()))) {
    sample.push_back(&held_out_[i]);
  }
  return MeasureVocoder(&vocoder_, vocoder_.design().vocoder, sample, threads_, group);
}

}  // namespace eddy
