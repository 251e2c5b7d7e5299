// VocoderJob: the second network of a voice's training, its neural vocoder.
#pragma once

#include <memory>

#include "eddy/tasks/speak.h"
#include "tasks/speak/defaults.h"
#include "tasks/speak/vocoder_training.h"
#include "tasks/task.h"

namespace eddy {

bool TrainsVocoder(const VoiceOptions& options);
double VocoderMinutes(const VoiceOptions& options);  // its share of --minutes, where these are given and its epochs are not

class VocoderJob {
 public:
  // Takes frames and samples out of data.train. `data` must outlive it.
  VocoderJob(const VoiceDesign& voice, VoiceData& data, const VoiceSetup& setup, const VoiceOptions& options,
             TaskContext& context);

  Trainable& trainable() { return training_; }
  const TrainingOptions& training() const { return options_; }
  std::unique_ptr<NeuralVocoder> Take() { return std::move(vocoder_); }  // after the run

 private:
  std::unique_ptr<NeuralVocoder> vocoder_;
  const std::vector<VocoderRecording> train_;
  const TrainingOptions options_;
  VocoderTraining training_;
};

}  // namespace eddy
