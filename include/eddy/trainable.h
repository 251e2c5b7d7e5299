// What a task owes the training loop (eddy/train.h). The law that a run stopped and resumed is bit for bit the run never
// stopped rests on two promises: a step, BeginStep(i) and Step(i) of its shards, is a pure function of i, the seed the task
// was made with, the parameters, and what SaveState() puts out; and Validate() changes none of these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "eddy/export.h"
#include "eddy/parameter.h"
#include "eddy/process_group.h"
#include "eddy/random.h"
#include "eddy/tape.h"
#include "eddy/tensor.h"

EDDY_API_BEGIN
namespace eddy {

// What a task carries from step to step besides its parameters, such as the recurrent state of truncated BPTT.
struct TaskState {
  std::string text;                                     // UTF-8, of the task's own form
  std::vector<std::pair<std::string, Tensor>> tensors;  // names of the task's own choosing, none twice
};

// In the units of Trainable::units_per_step().
struct HeldOutSize {
  double units = 0;                                       // all that is held out
  double least = 0;                                       // a sample of fewer says too little about the rest
  double most = std::numeric_limits<double>::infinity();  // a sample is never of more
};

// A part of a step's batch, and how many parts there are. The first of one is the whole batch.
struct Shard {
  size_t index = 0;
  size_t count = 1;

  // The rows [begin, end) of a batch that are in it; none where the batch has fewer rows than shards.
  size_t begin(size_t rows) const { return rows * index / count; }
  size_t end(size_t rows) const { return rows * (index + 1) / count; }
  template <class Row>
  std::span<const Row> Of(std::span<const Row> batch) const {
    return batch.subspan(begin(batch.size()), end(batch.size()) - begin(batch.size()));
  }
  // What random numbers in it are drawn by: the batch's own key where it is the whole batch.
  uint64_t Key(uint64_t key) const { return count == 1 ? key : MixBits(key ^ MixBits(index + 1)); }
};

// Who computes a shard, and what it shares with others.
struct ShardWorker {
  Threads& threads;  // no other worker's
  StepShare share = {};
  // For Tape::Backward, in a Step() whose one tape makes all of its gradient: it is told when a parameter's is complete, so
  // that it travels to other processes while the rest is computed. A task that never calls it is right too: its gradients
  // travel after its step.
  GradientHook complete = {};

  // A tape for training; one at a time.
  Tape MakeTape(uint64_t seed = 0, Precision precision = Precision::kFloat32) const {
    return Tape(threads, Tape::Mode::kTraining, seed, precision, share);
  }
};

class Trainable {
 public:
  virtual ~Trainable() = default;

  // The same parameters in the same order at every call. Names are unique; the part before the last dot is the layer, by
  // which gradient norms are reported ("layer1.W" and "layer1.U" belong to "layer1"). All that Step() uses and that are not
  // fixed.
  virtual std::vector<Parameter*> parameters() = 0;

  virtual int64_t steps_per_epoch() const = 0;  // at least 1
  virtual double units_per_step() const = 0;    // tokens or series steps, on average: for units per second

  // How many shards a step's batch is cut into, each of which can be computed by another process: at least 1, the same over
  // the run.
  virtual size_t shards() const { return 1; }

  // Called before the shards of a step (0, 1, ... over the whole run; the epoch is step / steps_per_epoch()): makes what
  // they share, such as the order of an epoch or the text that is read next.
  virtual void BeginStep(int64_t step) { static_cast<void>(step); }

  // Adds the gradients of a shard to the worker's, which are zero at the call, and returns its loss. Both are shares: the
  // sum over all shards is the mean over the batch, of as many tokens or rows as it has. One that no row falls into adds
  // nothing and returns 0.
  //
  // A process calls it for its own shards, in any order, several at once on threads of their own: what it changes belongs to
  // the shard alone, it computes with the worker's team and no other, and what it makes depends on neither.
  // Where the worker's team is asked to stop, it may throw Stopped.
  virtual double Step(int64_t step, Shard shard, const ShardWorker& worker) = 0;

  // Called where a step was stopped: what SaveState() puts out is again as before BeginStep().
  virtual void TakeBackStep() {}

  // The loss on held-out data with the parameters as they are; none when nothing is held out. Where more than `most_units`
  // are held out, it is of a sample of about that many (but of held_out_size().least), spread evenly and the same at every
  // call with the same `most_units`. It may throw Stopped.
  virtual std::optional<double> Validate(double most_units) = 0;
  // The same by the processes of a group, each of which calls it: all get the bits that Validate(most_units) gives, whatever
  // their number. By default each computes all of it; a task may share out what it measures.
  virtual std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) {
    static_cast<void>(group);
    return Validate(most_units);
  }
  // By which the loop bounds the cost of looking, the same over the run; by default every look is taken, whatever it costs.
  virtual HeldOutSize held_out_size() const { return {}; }

  // Called when a step's loss or gradient was not finite and the step was skipped: drops carried state that may be spoilt.
  virtual void ForgetCarriedState() {}

  // What belongs to a shard is put out by the process that computes it, under a name that no other shard has; the loop
  // unites them, and every process loads all.
  virtual TaskState SaveState() const { return {}; }
  virtual void LoadState(const TaskState&) {}  // throws Error when it does not fit
};

}  // namespace eddy
EDDY_API_END
