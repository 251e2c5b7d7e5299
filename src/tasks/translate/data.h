// The pairs of a translator, read and split: what training needs, and what is kept in the model so that `evaluate` knows
// training data when it sees them and finds them again for the floors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/halves.h"
#include "data/pairs.h"
#include "model/json.h"
#include "tasks/train_options.h"

namespace eddy {

struct PairSource {
  PairFiles train;
  std::string hash;             // of the pairs in it
  PairFiles valid;              // empty where a share is held out
  double share = 0;             // which
  std::string valid_hash = {};  // of the pairs in `valid`
  // How it was split: 1, by pair, and all that is held out chooses and judges; 2, by source, so that none is on both sides,
  // and in halves (data/halves.h).
  int split = 2;
};

struct PairData {
  PairSource source;
  PairSet train, held_out;
  Halves halves;            // of the sources held out
  std::string fingerprint;  // of both
  Reading reading;          // of the training file
};

// Splits `pairs`, or takes `valid` for what is held out where there is one; fills in the hash of `source`. A share holds out
// at least one pair, and leaves one to learn. Throws Error.
PairData SplitPairData(PairSource source, PairSet pairs, std::optional<PairSet> valid);
// The same, of the files that it names; where it names none to judge by, of the share of `held_out`.
PairData LoadPairData(PairSource source, const HeldOut& held_out, const BadLines& bad = {});
// The split that training had, of its pairs read again.
PairData SplitAgain(PairSource source, PairSet pairs);

std::string HashOf(const PairSet& pairs);

// What was trained on, from `files`, or where that is empty from where it was; none where it is no longer there. Throws
// Error for files that have other pairs.
std::optional<PairSet> FindTrainingPairs(const PairSource& source, const PairFiles& files);

// The halves of the sources, in the order of their first pairs.
Halves HalvesOf(const PairSet& held_out);
// The pairs of the sources at these places.
PairSet PairsOf(const PairSet& pairs, const std::vector<size_t>& sources);

// How many of the sources of `judged` stand among those of `train`.
size_t CountSeen(const PairSet& train, const PairSet& judged);

Json ToJson(const PairSource& source);
PairSource PairSourceFromJson(const Json& json);  // throws Error

}  // namespace eddy
