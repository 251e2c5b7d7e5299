// Translator: a trained network with what is around it: how probable it finds pairs, what it attends to, and how it gets to
// a model file and back.
#pragma once

#include <span>
#include <vector>

#include "model/model_file.h"
#include "tasks/translate/network.h"
#include "train/process_exchange.h"

namespace eddy {

inline constexpr const char* kTranslateTask = "translate";

// -ln p(target | source) of each pair, its end token included. The result does not depend on batches and threads.
std::vector<double> PairNats(TranslatorNetwork& network, std::span<const EncodedPair> pairs, Threads& threads);

// -ln p a token of the targets, over all pairs, which the processes of a group share out.
double NatsPerToken(TranslatorNetwork& network, std::span<const EncodedPair> pairs, Threads& threads,
                    ProcessGroup& group = Alone());

// [T, S]: what share of its attention each token of the target gives to each of the source; rows sum to 1.
Tensor Align(TranslatorNetwork& network, EncodedPair pair, Threads& threads);

// `training` is provenance: for people, and for `evaluate` to know what it has seen.
Model MakeTranslatorModel(TranslatorNetwork& network, const Json& training, Threads& threads);
// Throws Error for a model that is broken or of another task; runs the golden input.
TranslatorNetwork LoadTranslator(const Model& model, Threads& threads);

}  // namespace eddy
