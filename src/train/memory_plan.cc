#include "train/memory_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include "eddy/error.h"

namespace eddy {
namespace {

constexpr double kGibibyte = 1 << 30;

double Moments(const std::string& optimizer) {
  if (optimizer == "adam" || optimizer == "adamw") return 2;
  return optimizer == "sgd" ? 0 : 1;
}

// The less of `least` and the number in a file, behind `key` where that is not empty, in units of `unit`. A word in its
// place, as "max", is no limit.
double LeastOf(double least, const char* path, const std::string& key, double unit) {
  std::ifstream file(path);
  std::string word;
  while (!key.empty() && word != key && file >> word) continue;
  double value = 0;
  return file >> value && value > 0 ? std::min(least, value * unit) : least;
}

}  // namespace

MemoryPlan PlanMemory(Trainable& task, const TrainingOptions& options) {
  const double copies = 2 + Moments(options.optimizer.name) + (options.average_decay > 0) + (options.validations > 0);
  MemoryPlan plan;
  double rows = 0;
  for (const Parameter* parameter : task.parameters()) {
    plan.weights += copies * sizeof(Real) * static_cast<double>(parameter->value.size());
    // A table is looked up, and what a state is multiplied by adds to what the inputs were.
    const bool kept = !parameter->name.ends_with(".U") && parameter->name.find("embedding") == std::string::npos;
    if (parameter->value.rank() == 2 && kept) rows += static_cast<double>(parameter->value.shape()[0]);
  }
  plan.step = rows * sizeof(Real) * task.units_per_step();
  return plan;
}

double MachineMemory() {
  double least = std::numeric_limits<double>::infinity();
  least = LeastOf(least, "/proc/meminfo", "MemTotal:", 1024);
  least = LeastOf(least, "/sys/fs/cgroup/memory.max", "", 1);
  return LeastOf(least, "/sys/fs/cgroup/memory/memory.limit_in_bytes", "", 1);
}

void RequireMemory(const MemoryPlan& plan, double memory) {
  if (plan.total() <= memory) return;
  const bool weights = plan.weights > plan.step;
  Fail("train",
       weights ? "a network of this --hidden, --layers and vocabulary" : "a step of this --batch, --unroll and --hidden",
       fmt::format("within the {:.1f} GiB of memory that there are", memory / kGibibyte),
       fmt::format("of {:.1f} GiB at least", plan.total() / kGibibyte));
}

}  // namespace eddy
