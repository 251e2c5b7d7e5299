// Transcriber: a trained network with what is around it: the logits of recordings, how probable it finds what is said, and
// how it gets to a model file and back.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "metrics/temperature.h"
#include "model/model_file.h"
#include "tasks/transcribe/network.h"
#include "train/process_exchange.h"

namespace eddy {

inline constexpr const char* kTranscribeTask = "transcribe";

// Calls visit(place, logits [T', V]) for every recording, in any order; `frames` are scaled. In batches of similar length;
// the result does not depend on them.
void ForLogits(const TranscriberNetwork& network, std::span<const std::span<const float>> frames, Threads& threads,
               const std::function<void(size_t place, const Tensor& logits)>& visit);

// -ln p of the labels, a character that they spell. NaN where there are none. Processes share out the utterances.
double MeasureTranscriber(const TranscriberNetwork& network, std::span<const EncodedUtterance> utterances, Threads& threads,
                          ProcessGroup& group = Alone());

// The same at the temperature of 1, 2^(1/4), 2^(1/2) ... 16 that fits best, which the finished network is given (Guo 2017).
Calibration CalibrateTranscriber(const TranscriberNetwork& network, std::span<const EncodedUtterance> utterances,
                                 Threads& threads, ProcessGroup& group = Alone());

// `training` is provenance: for people, and for `evaluate` to know what it has seen.
Model MakeTranscriberModel(TranscriberNetwork& network, const Json& training, Threads& threads);
// Throws Error for a model that is broken or of another task; runs the golden input.
TranscriberNetwork LoadTranscriber(const Model& model, Threads& threads);

FrontEnd FrontEndOf(const TranscriberDesign& design);  // without other speeds

}  // namespace eddy
