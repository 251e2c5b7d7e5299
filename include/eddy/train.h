// The training loop of every task, and of networks of one's own: optimizer, learning-rate schedule, clipping, weight
// averaging, validation, early stopping, checkpoints and exact resuming. It never prints.
//
//     class Mine : public eddy::Trainable { ... };                     // eddy/trainable.h: parameters, Step, Validate
//     Mine task(...);
//     eddy::TrainingOptions options;                                   // 10 epochs of adamw; the best weights are kept
//     options.checkpoint = eddy::CheckpointPath("mine.eddy");
//     options.resume = true;                                           // from there, if there is one
//     eddy::Threads threads(2);
//     eddy::TrainingResult run = eddy::Train(task, options, threads);
//
// The state on disk is 3 to 5 times the parameters (weights, optimizer slots, average, best so far); in memory as well.
//
// A run is stopped by its hook before a step, or in the middle of one, or of a validation, where the team of threads is
// asked to stop (eddy/stop.h); what was begun is done anew when the run is resumed.
//
// Laws: a run is a pure function of the task, the options and the seed inside the task; stopped or killed at any point and
// resumed, it ends with the same bits, by one process or by several (eddy/process_group.h), which share the shards of every
// batch. A limit in minutes is turned into steps by measuring; each measurement is stored in
// the checkpoint, and between measurements the same holds.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "eddy/export.h"
#include "eddy/optim.h"
#include "eddy/precision.h"
#include "eddy/process_group.h"
#include "eddy/threads.h"
#include "eddy/train_hooks.h"
#include "eddy/trainable.h"

EDDY_API_BEGIN
namespace eddy {

struct TrainingOptions {
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  std::string limit = "epochs";  // epochs, steps, minutes: what `amount` counts
  double amount = 10;            // above 0; epochs and minutes may be fractions
  std::string clip = "norm";     // none, norm, value, adaptive
  double clip_limit = 1;         // above 0
  // Of the gradient where a step has several shards: kFloat32, or kBfloat16, where each shard's and each sum of these is
  // rounded to bfloat16, on any number of processes, which then send half the bytes. One shard's gradient stays as it is.
  Precision exchange = Precision::kFloat32;
  double average_decay = 0;  // in [0, 1): weights are averaged with this decay, for validation and the model; 0 for not
  int validations = 20;      // evenly over the run, the last at its end; others that the training since the one before
                             // does not pay for are left out, so that they take about a tenth of the time
  // Looks before these come as often: at the untrained weights, and after 8, 12, 18 ... steps, each half as many later. For
  // what little training improves and more of it spoils. Of a limit in minutes not before it is measured.
  bool look_early = false;
  int patience = 0;  // ends the run after this many validations in a row without improvement; 0 for never
  int points = 400;  // of the history's training curve, evenly over the run

  std::string checkpoint;  // where; empty for none. CheckpointPath(model)
  // From the checkpoint if there is one, else from the beginning. `amount` may be larger than it was: from there on, the
  // learning rate and the validations are those of a run of the new length.
  bool resume = false;
  double checkpoint_seconds = 5;  // at least this long between two, and long enough that they cost 2% of the time at most
  // What else must be the same to resume, by names that a user would recognise, such as the seed, the size of the network
  // and a hash of the data. The options above are added by the loop.
  std::map<std::string, std::string> fingerprint;
};

// What a run looked like. It holds no clock times, so that it is part of the law of exact resuming.
struct TrainingPoint {
  int64_t step = 0;                 // steps done
  double loss = 0;                  // mean over the steps since the point before
  double rate = 0;                  // learning rate of the last step
  double gradient_norm = 0;         // of the last step, before clipping
  std::vector<double> group_norms;  // the same by layer, in the order of History::groups
};

struct ValidationPoint {
  int64_t step = 0;
  double loss = 0;  // NaN when it was not finite
};

struct History {
  std::vector<std::string> groups;      // layers, in the order of their parameters
  std::vector<TrainingPoint> training;  // about TrainingOptions::points of them
  std::vector<ValidationPoint> validation;
  int64_t skipped = 0;  // steps skipped because the loss or gradient was not finite
};

struct TrainingResult {
  bool stopped = false;  // by hooks.stop, or by the team's StopRequest. If not, the parameters are the best ones seen by
                         // validation (averaged if asked for); with nothing held out, the last ones
  bool resumed = false;
  bool early = false;  // whether patience ended the run
  int64_t steps = 0;
  double seconds = 0;          // as Progress::seconds
  double waited = 0;           // of this session's, for gradients of other processes when the own were computed
  double best_validation = 0;  // NaN without validation
  int64_t best_step = 0;       // steps done when it was reached
  History history;
};

// Throws Error for options out of range, a checkpoint that is broken or of another run, a disk that fills, and when a run
// diverges: the loss or gradient is not finite 20 steps in a row, or the loss on what is held out whenever it is looked at.
// A finished run leaves its checkpoint: resumed, it ends at once with the same result. The caller removes it when the model
// is saved (RemoveCheckpoint).
TrainingResult Train(Trainable& task, const TrainingOptions& options, Threads& threads, const TrainingHooks& hooks = {});

// The same by the processes of a group, each of which calls it with the same task, options and data; they end with the same
// parameters. The first writes the checkpoint, which all must be able to read; its clock counts. Any hook stops all before
// a step; a team's StopRequest must not be used, since it would stop one in the middle of a step. Throws Error where there
// are more processes than shards.
TrainingResult Train(Trainable& task, const TrainingOptions& options, Threads& threads, ProcessGroup& group,
                     const TrainingHooks& hooks = {});

// book.eddy -> book.eddy.checkpoint
std::string CheckpointPath(const std::string& model);
bool HasCheckpoint(const std::string& path);
void RemoveCheckpoint(const std::string& path);  // no error when there is none; throws Error when it cannot be removed

}  // namespace eddy
EDDY_API_END
