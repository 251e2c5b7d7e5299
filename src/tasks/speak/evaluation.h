// A voice beside its floor.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "metrics/bootstrap.h"
#include "metrics/voice_distance.h"
#include "report/verdict.h"
#include "tasks/speak/data.h"
#include "tasks/speak/model.h"
#include "train/process_exchange.h"

namespace eddy {

inline constexpr const char* kVoiceFloor = "the mean of each symbol";

struct VoiceScores {
  VoiceDistance sum;
  PartSums parts{2};  // of each recording: decibels, and pairs of frames
  void Add(const VoiceDistance& distance);
};

// How far what vocoders make of the frames of recordings is from these (SpectralLoss); NaN for one that there is not.
struct VocoderDistances {
  double source_filter = std::numeric_limits<double>::quiet_NaN();
  double neural = std::numeric_limits<double>::quiet_NaN();
  bool neural_is_better() const { return neural < source_filter; }
};

struct VoiceResult {
  size_t recordings = 0;     // that are judged
  size_t left_out = 0;       // for a symbol that the voice does not know
  double seconds = 0;        // of recorded sound
  double loss = 0;           // as in training; NaN where nothing is judged
  double duration_rmse = 0;  // frames, of a symbol; NaN where nothing is judged
  double step_ms = 0;
  VoiceScores network, floor;
  VocoderDistances vocoders;
};

// What the voice says of the texts, with its own durations, against the recordings; the floor says each symbol's mean frame
// for as long as it lasts on average. Sentences have durations where `loss` is wanted of them.
// The processes of a group share the sentences out, and each gets the same result.
VoiceResult EvaluateVoice(const VoiceNetwork& network, const std::vector<SpokenSentence>& sentences, Threads& threads,
                          ProcessGroup& group = Alone());

VoiceFrameLayout LayoutOf(const VocoderOptions& vocoder);
// The floor's frames.
std::vector<float> MeanFrames(const std::vector<int32_t>& symbols, const VoiceDesign& design);

// By the mel-cepstral distortion.
Verdict JudgeVoice(const VoiceResult& result);

}  // namespace eddy
