#include "tasks/speak/voice_sound.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

constexpr size_t kPieceMs = 100;
constexpr float kUnbent = 0.9F, kLoudest = 0.99F;  // of full scale

void Append(std::vector<float>& to, const std::vector<float>& more) { to.insert(to.end(), more.begin(), more.end()); }

void DropFront(std::vector<float>& from, size_t count) {
  from.erase(from.begin(), from.begin() + static_cast<ptrdiff_t>(count));
}

void Limit(std::vector<float>& samples) {
  constexpr float kRoom = kLoudest - kUnbent;
  for (float& sample : samples) {
    const float over = std::abs(sample) - kUnbent;
    if (over > 0) sample = std::copysign(kUnbent + kRoom * std::tanh(over / kRoom), sample);
  }
}

}  // namespace

// What passes the filters of a neural vocoder.
class VoiceSound::Filtered {
 public:
  Filtered(std::span<const float> frames, const NeuralVocoder& neural, Threads& threads)
      : frames_(frames), neural_(neural), threads_(threads) {}

  std::vector<float> Next(VoiceSynthesiser& synthesiser, size_t piece) {
    const size_t S = neural_.design().step, K = neural_.design().taps;
    const size_t left = synthesiser.samples() - std::min(step_ * S, synthesiser.samples());
    const size_t T = std::min((piece + S - 1) / S, (left + S - 1) / S);
    if (T == 0) return {};
    MakeSource(synthesiser, (step_ + T) * S + K);
    VocoderBatch batch(neural_.design(), T, 1);
    batch.Fill(0, neural_.design(), {frames_, parts_, begin_}, step_);
    Tape tape(threads_, Tape::Mode::kInference, 0, neural_.design().layers.precision);
    const Tensor sound = tape.Value(neural_.Forward(tape, batch, &state_));
    step_ += T;
    return {sound.values().begin(), sound.values().begin() + static_cast<ptrdiff_t>(std::min(left, T * S))};
  }

 private:
  // Up to sample `end`, and without what filters will not see any more.
  void MakeSource(VoiceSynthesiser& synthesiser, size_t end) {
    const VoiceParts parts = synthesiser.Next(end - (begin_ + parts_.pulses.size()));
    Append(parts_.pulses, parts.pulses);
    Append(parts_.noise, parts.noise);
    Append(parts_.phase, parts.phase);
    const size_t needed = step_ * neural_.design().step, reach = neural_.design().taps;
    if (needed < begin_ + reach) return;
    const size_t over = needed - reach - begin_;
    for (std::vector<float>* each : {&parts_.pulses, &parts_.noise, &parts_.phase}) {
      DropFront(*each, over);
    }
    begin_ += over;
  }

  const std::span<const float> frames_;
  const NeuralVocoder& neural_;
  Threads& threads_;
  VoiceParts parts_;  // from sample begin_ on
  size_t begin_ = 0;
  NeuralVocoder::State state_;
  size_t step_ = 0;
};

VoiceSound::VoiceSound(std::span<const float> frames, const VocoderOptions& vocoder, const NeuralVocoder* neural,
                       Threads& threads)
    : source_(frames, vocoder), piece_(static_cast<size_t>(vocoder.rate) * kPieceMs / 1000) {
  if (neural) filtered_ = std::make_unique<Filtered>(frames, *neural, threads);
}

VoiceSound::~VoiceSound() = default;

std::vector<float> VoiceSound::Next() {
  std::vector<float> samples = filtered_ ? filtered_->Next(source_, piece_) : SumOf(source_.Next(piece_));
  Limit(samples);
  return samples;
}

std::vector<float> VoiceSound::Rest() {
  std::vector<float> samples;
  for (std::vector<float> piece = Next(); !piece.empty(); piece = Next()) Append(samples, piece);
  return samples;
}

}  // namespace eddy
