// Recordings as a transcriber reads them, and batches of them. Shapes: T frames, B rows, D numbers a frame.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "eddy/sequence.h"
#include "eddy/tensor.h"
#include "tasks/transcribe/data.h"
#include "tasks/transcribe/design.h"

namespace eddy {

struct EncodedUtterance {
  std::vector<std::vector<float>> frames;  // [T, D], scaled: as it is, then at each speed that leaves room for its labels
  std::vector<std::vector<float>> to_own;  // of each of `frames`, what added [D] makes the recording's own mean 0
  std::vector<int32_t> labels;             // classes that spell its text, none of them the blank
  size_t characters = 0;                   // of the text
  std::string speaker = {};                // empty where it is not known

  size_t steps(size_t width) const { return frames.front().size() / width; }
};

// What is taken as the mean from an utterance's frames at one of its speeds [D]: the design's, or their own, or that of all
// frames of the speaker.
std::vector<double> MeanToTake(const Utterance& utterance, size_t speed, const TranscriberDesign& design);
// Takes a mean [D] from frames [T, D] and divides by the deviation.
void ScaleFrames(std::span<float> frames, std::span<const double> mean, const TranscriberDesign& design);

// Why an utterance cannot be learned or judged by its loss: too short for its labels, or of characters that are not
// known. Empty where it can.
std::string WhyLeftOut(const Utterance& utterance, const TranscriberDesign& design);
EncodedUtterance EncodeUtterance(const Utterance& utterance, const TranscriberDesign& design);  // of one that can

// Stretches and bands that are hidden from a network so that it does not rely on any of them (Park 2019): what is hidden is
// 0, the mean. `key` decides which.
struct Masks {
  size_t times = 0, bands = 0;
  uint64_t key = 0;
};

struct FrameBatch {
  Tensor frames;      // [T, B, D], zeros beyond a row's length
  Sequence sequence;  // with a length a row
};
FrameBatch MakeFrameBatch(std::span<const std::span<const float>> rows, size_t width, const Masks& masks = {});

}  // namespace eddy
