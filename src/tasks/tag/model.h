// Tagger: a trained network with what is around it: sequences in, tags out; to and from a model file.
#pragma once

#include <vector>

#include "metrics/temperature.h"
#include "model/model_file.h"
#include "tasks/tag/network.h"
#include "tasks/tag/scores.h"
#include "train/process_exchange.h"

namespace eddy {

inline constexpr const char* kTagTask = "tag";

// The likeliest tags of each sequence. In batches of similar length; the result does not depend on them.
// The processes of a group share them out, and each gets all.
TagIds SayTags(TaggerNetwork& network, const EncodedTokens& tokens, Threads& threads, ProcessGroup& group = Alone());

// TaggerNetwork::Loss over all sequences: nats a token. Shared out as well.
double MeasureTags(TaggerNetwork& network, const EncodedTokens& tokens, const TagIds& tags, Threads& threads,
                   ProcessGroup& group = Alone());

// The same at the temperature of 1, 2^(1/4), 2^(1/2) ... 16 that fits best, which the finished network is given (Guo 2017):
// growing certainty alone does not count against it. A network that is right is left as certain as it is. Shared out as
// well.
Calibration CalibrateTags(TaggerNetwork& network, const EncodedTokens& tokens, const TagIds& tags, Threads& threads,
                          ProcessGroup& group = Alone());

// `training` is provenance: for people, and for `evaluate` to know what it has seen.
Model MakeTaggerModel(TaggerNetwork& network, const Json& training, Threads& threads);
// Throws Error for a model that is broken or of another task; runs the golden input.
TaggerNetwork LoadTagger(const Model& model, Threads& threads);

}  // namespace eddy
