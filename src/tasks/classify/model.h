// Classifier: a trained network with what is around it: examples in, probabilities of classes out; to and from a model file.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/examples.h"
#include "eddy/process_group.h"
#include "model/model_file.h"
#include "tasks/classify/network.h"

namespace eddy {

inline constexpr const char* kClassifyTask = "classify";

enum class Voices { kAll, kNetwork };  // who is heard: the network with its regression, or the network alone

// The logits [N, C] of encoded examples, in their order. They are computed in batches of similar length, on which the result
// does not depend; of an example that is read in segments, the mean of theirs.
std::vector<double> ClassLogits(ClassifierNetwork& network, std::span<const EncodedExample> examples, Threads& threads,
                                Voices voices = Voices::kAll);
// The same by the processes of a group, each of which computes its share and gets all.
std::vector<double> ClassLogits(ClassifierNetwork& network, std::span<const EncodedExample> examples, Threads& threads,
                                ProcessGroup& group, Voices voices = Voices::kAll);

// [N, C]. Throws Error for a set that does not fit the design.
std::vector<double> ClassProbabilities(ClassifierNetwork& network, const ExampleSet& set, Threads& threads);

// `training` is provenance: for people, and for `evaluate` to know what it has seen.
Model MakeClassifierModel(ClassifierNetwork& network, const Json& training, Threads& threads);
// Throws Error for a model that is broken or of another task; runs the golden input.
ClassifierNetwork LoadClassifier(const Model& model, Threads& threads);

}  // namespace eddy
