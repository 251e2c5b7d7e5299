// The training loop of every task: optimizer, learning-rate schedule, clipping, weight averaging, validation, early
// stopping, checkpoints and exact resuming. It never prints. The state on disk is 3 to 5 times the parameters (weights,
// optimizer slots, average, best so far); in memory as well.
//
// A run is stopped by its hook before a step, or in the middle of one, or of a validation, where the team of threads is
// asked to stop (eddy/stop.h); what was begun is done anew when the run is resumed.
//
// Laws: a run is a pure function of the task, the options and the seed inside the task; stopped or killed at any point and
// resumed, it ends with the same bits. A limit in minutes is turned into steps by measuring (plan.h); each measurement is
// stored in the checkpoint, and between measurements the same holds.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "eddy/optim.h"
#include "eddy/threads.h"
#include "eddy/train_hooks.h"
#include "train/history.h"
#include "train/trainable.h"

namespace eddy {

struct TrainingOptions {
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  std::string limit = "epochs";  // epochs, steps, minutes: what `amount` counts
  double amount = 10;            // above 0; epochs and minutes may be fractions
  std::string clip = "norm";     // none, norm, value, adaptive
  double clip_limit = 1;         // above 0
  double average_decay = 0;      // in [0, 1): weights are averaged with this decay, for validation and the model; 0 for not
  int validations = 20;          // evenly over the run, the last at its end; others that the training since the one before
                                 // does not pay for (kMeasuredShare) are left out
  int patience = 0;              // ends the run after this many validations in a row without improvement; 0 for never
  int points = 400;              // of the history's training curve, evenly over the run

  std::string checkpoint;  // where; empty for none. CheckpointPath(model) in checkpoint.h
  // From the checkpoint if there is one, else from the beginning. `amount` may be larger than it was: from there on, the
  // learning rate and the validations are those of a run of the new length.
  bool resume = false;
  double checkpoint_seconds = 5;  // at least this long between two, and long enough that they cost 2% of the time at most
  // An object of what else must be the same to resume: the task, its options, and the data by HashBytes() and size. The
  // options above are added by the trainer. Keys are what a user would recognise: {"hidden": 512, "data": {...}}.
  Json fingerprint = Json::object();
};

struct TrainingResult {
  bool stopped = false;  // by hooks.stop, or by the team's StopRequest. If not, the parameters are the best ones seen by
                         // validation (averaged if asked for); with nothing held out, the last ones
  bool resumed = false;
  bool early = false;  // whether patience ended the run
  int64_t steps = 0;
  double seconds = 0;          // as Progress::seconds
  double best_validation = 0;  // NaN without validation
  int64_t best_step = 0;       // steps done when it was reached
  History history;
};

// Throws Error for options out of range, a checkpoint that is broken or of another run, a disk that fills, and when a run
// diverges: the loss or gradient is not finite 20 steps in a row, or the loss on what is held out whenever it is looked at.
// A finished run leaves its checkpoint: resumed, it ends at once with the same result. The caller removes it when the model
// is saved (RemoveCheckpoint).
TrainingResult Train(Trainable& task, const TrainingOptions& options, Threads& threads, const TrainingHooks& hooks = {});

// Units that are measured for each one trained: a forward pass costs about a third of a step, so that the looks of a run
// take about a tenth of its time, and what is measured at its end another tenth at most.
inline constexpr double kMeasuredShare = 0.3;

// How many units are to be measured after a run: as its length pays for, but `least`; all (infinity) where `exact`.
double UnitsToMeasure(const Trainable& task, const TrainingResult& run, double least, bool exact);

}  // namespace eddy
