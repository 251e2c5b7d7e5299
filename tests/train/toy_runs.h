// Runs of the toy, stopped where a test wants it, and all that they leave behind.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "eddy/train.h"
#include "train/history.h"
#include "train/toy.h"

namespace eddy {

inline constexpr int64_t kSteps = 20;  // of most runs

inline TrainingOptions Options() {
  TrainingOptions options;
  options.limit = "steps";
  options.amount = kSteps;
  options.schedule.rate = 0.02;
  options.validations = 5;
  options.checkpoint_seconds = 0;
  options.fingerprint = {{"hidden", "5"}};
  return options;
}

// All that a run leaves behind, to be compared bit for bit.
struct ToyOutcome {
  std::vector<std::vector<Real>> weights;
  std::string history;
  double best = 0;
  int64_t best_step = 0;

  bool operator==(const ToyOutcome& other) const {
    return weights == other.weights && history == other.history && best_step == other.best_step &&
           std::memcmp(&best, &other.best, sizeof best) == 0;
  }
};

inline ToyOutcome OutcomeOf(Toy& toy, const TrainingResult& result) {
  ToyOutcome outcome{{}, DumpJson(ToJson(result.history), "history"), result.best_validation, result.best_step};
  for (const Parameter* parameter : toy.parameters()) {
    outcome.weights.emplace_back(parameter->value.values().begin(), parameter->value.values().end());
  }
  return outcome;
}

// Stops before the step that is `steps` after where it began; never for a negative number. The clock stands still, so that
// checkpoints seem free and are written after every step.
inline TrainingHooks StopAfter(int64_t steps) {
  TrainingHooks hooks;
  hooks.stop = [steps]() mutable { return steps-- == 0; };
  hooks.clock = [] { return 0.0; };
  return hooks;
}

struct TrainedToy {
  TrainingResult result;
  ToyOutcome outcome;
};

inline TrainedToy TrainToy(const TrainingOptions& options, const TrainingHooks& hooks = StopAfter(-1),
                           int thread_count = 1) {
  Threads threads(thread_count, Threads::Share::kAlways);
  Toy toy(threads);
  const TrainingResult result = Train(toy, options, threads, hooks);
  return {result, OutcomeOf(toy, result)};
}

inline TrainedToy ResumeToy(TrainingOptions options, const TrainingHooks& hooks = StopAfter(-1)) {
  options.resume = true;
  return TrainToy(options, hooks);
}

}  // namespace eddy
