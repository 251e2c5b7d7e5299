// SIGKILL at random moments, most of them while a checkpoint is being written: a whole checkpoint always remains, and the
// run that is resumed from it again and again ends with the bits of a run that was never killed.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/temporary_directory.h"
#include "train/checkpoint.h"
#include "train/toy.h"

namespace eddy {
namespace kill_test {

constexpr int kKills = 50;

std::vector<Real> TrainToy(const TrainingOptions& options, const TrainingHooks& hooks) {
  Threads threads(1);  // starts no thread, so that the process may fork
  Toy toy(threads);
  Train(toy, options, threads, hooks);
  std::vector<Real> weights;
  for (const Parameter* parameter : toy.parameters()) {
    weights.insert(weights.end(), parameter->value.values().begin(), parameter->value.values().end());
  }
  return weights;
}

TEST(Kill, at_any_moment_leaves_a_whole_checkpoint_from_which_the_run_ends_the_same) {
  const TemporaryDirectory directory;
  TrainingOptions options;
  options.limit = "steps";
  options.amount = 3000;
  const std::vector<Real> never = TrainToy(options, {});

  options.checkpoint = directory / "run";
  options.checkpoint_seconds = 0;
  options.resume = true;
  TrainingHooks hooks;
  hooks.clock = [] { return 0.0; };  // checkpoints seem free: one after every step
  Random random(7);
  int whole = 0;
  for (int kill_number = 0; kill_number < kKills; ++kill_number) {
    const pid_t child = fork();
    if (child == 0) {
      TrainToy(options, hooks);
      _exit(0);
    }
    usleep(static_cast<useconds_t>(1000 + random.Below(40000)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    // Before the very first checkpoint there may be none, but never a broken one.
    if (!HasCheckpoint(options.checkpoint)) continue;
    EXPECT_EQ(ErrorOf([&] { LoadCheckpoint(options.checkpoint); }), "");
    ++whole;
  }
  EXPECT_GT(whole, kKills / 2);
  hooks.clock = {};
  EXPECT_EQ(TrainToy(options, hooks), never);
  EXPECT_EQ(directory.FileCount(), 1u) << "temporaries were left behind";
}

}  // namespace kill_test
}  // namespace eddy
