// TranscriberDesign: what a transcriber is apart from its weights. It is stored in the model and read back from it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "audio/features.h"
#include "eddy/conv1d.h"
#include "eddy/encoder.h"
#include "tasks/transcribe/spelling.h"

namespace eddy {

inline constexpr size_t kMostReduction = 4;

struct TranscriberDesign {
  std::optional<FeatureOptions> sound;  // what is made of sound; none for features from files
  size_t width = 0;                     // D: numbers a frame before deltas
  size_t deltas = 0;                    // times that slopes are added
  double frame_ms = 10;                 // from one frame to the next
  std::vector<double> mean, deviation;  // [D (1 + deltas)], of the training part; deviations above 0
  // Whether the speaker's or the recording's own mean is taken from it instead (tasks/transcribe/frame_mean.h), which a
  // stream cannot know; of so few frames that `prior_frames` count, partly.
  bool own_mean = true;
  double prior_frames = 0;
  Spelling spelling;  // V classes

  bool causal = false;
  size_t reduction = 2;  // frames that become one step
  size_t channels = 0;   // of the two convolutions in front
  double dropout = 0;    // of what enters and leaves the layers
  EncoderOptions encoder;

  size_t inputs() const { return width * (1 + deltas); }
  std::array<Conv1dOptions, 2> convolutions() const;
  size_t Steps(size_t frames) const;  // that so many frames become
  double step_seconds() const { return frame_ms * static_cast<double>(reduction) / 1000; }
};

// Throws Error for sizes out of range, and a causal design whose layers or features see later sound.
void RequireValid(const TranscriberDesign& design);

// In two parts, "transcribe" (what is read and written) and "network".
Json ToJson(const TranscriberDesign& design);
TranscriberDesign TranscriberDesignFromJson(const Json& description);  // throws Error

}  // namespace eddy
