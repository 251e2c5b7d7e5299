// A neural vocoder as something the training loop can train: the spectral loss (eddy/loss.h) of what it makes of the frames
// of recordings.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "eddy/loss.h"
#include "tasks/speak/data.h"
#include "tasks/speak/neural_vocoder.h"
#include "train/process_exchange.h"
#include "train/shared_looks.h"

namespace eddy {

struct VocoderRecording {
  std::vector<float> frames, samples;
  VoiceParts parts;  // of the sound that the source-filter vocoder makes of the frames
};
// Of their frames and samples, which are moved out of the sentences.
std::vector<VocoderRecording> VocoderRecordings(std::vector<SpokenSentence>& sentences, const VocoderOptions& vocoder,
                                                Threads& threads);

struct VocoderBatching {
  size_t rows = 8;    // segments in a batch
  size_t shards = 1;  // of a step (eddy/trainable.h)
};

// Windows of 16, 32 and 64 ms, to the nearest power of two, each a quarter after the one before.
std::vector<SpectralWindow> VocoderWindows(int rate);

// How far a vocoder's sound of the frames of recordings is from these, by the spectral loss: a neural one's, or that of the
// source-filter vocoder where it is null. The mean over recordings by their lengths; NaN where there are none.
// The processes of a group share them out, and each gets the same.
double MeasureVocoder(const NeuralVocoder* neural, const VocoderOptions& vocoder,
                      std::span<const SpokenSentence* const> recordings, Threads& threads, ProcessGroup& group = Alone());

class VocoderTraining : public SharesLooks {
 public:
  // All references must outlive it. Throws Error where there is nothing to learn.
  VocoderTraining(NeuralVocoder& vocoder, const std::vector<VocoderRecording>& train,
                  const std::vector<SpokenSentence>& held_out, const VocoderBatching& batching, uint64_t seed,
                  Threads& threads, Precision precision = Precision::kFloat32);

  std::vector<Parameter*> parameters() override { return vocoder_.parameters(); }
  int64_t steps_per_epoch() const override;
  double units_per_step() const override;  // seconds of sound
  size_t shards() const override { return batching_.shards; }
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override;
  HeldOutSize held_out_size() const override;

 private:
  struct Segment {
    const VocoderRecording* recording;
    size_t first;  // step
  };
  std::vector<Segment> Draw(int64_t step) const;

  NeuralVocoder& vocoder_;
  const std::vector<VocoderRecording>& train_;
  const std::vector<SpokenSentence>& held_out_;
  const VocoderBatching batching_;
  const uint64_t seed_;
  Threads& threads_;
  const Precision precision_;
  const size_t segment_;  // steps
  const std::vector<SpectralWindow> windows_;
  std::vector<double> ends_;  // steps of the recordings up to each
};

}  // namespace eddy
