// What a training run tells whoever started it, and asks.
#pragma once

#include <cstdint>
#include <functional>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

struct Progress {
  int64_t step = 0;             // steps done
  int64_t total = 0;            // steps planned; with a limit in minutes an estimate
  double epoch = 0;             // epochs done
  double loss = 0;              // smoothed training loss (mean of about the last 50 steps); NaN before the first step
  double validation = 0;        // the last validation loss; NaN before the first
  bool validated = false;       // whether it is of this very step
  bool sampled = false;         // whether validation losses are of a sample of what is held out
  double best = 0;              // the best validation loss; NaN before the first
  double rate = 0;              // learning rate
  double units_per_second = 0;  // of this session
  double seconds = 0;           // since the beginning, earlier sessions included, pauses not
  // To the end of the steps planned, looks at what is held out included: an estimate; NaN before the first step of a
  // session.
  double seconds_left = 0;
  bool resumed = false;        // whether this run went on from a checkpoint
  bool may_end_early = false;  // whether it has a patience, which may end it before
};

struct TrainingHooks {
  std::function<bool()> stop;                     // asked before every step; true writes a checkpoint and returns
  std::function<void(const Progress&)> progress;  // once before the first step and after every step
  std::function<double()> clock;                  // seconds, never falling; the steady clock when empty
};

}  // namespace eddy
EDDY_API_END
