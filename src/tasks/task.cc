#include "tasks/task.h"

#include "base/nearest.h"
#include "eddy/error.h"

namespace eddy {

TaskContext QuietContext(Threads& threads, ProcessGroup& group) {
  return {threads, [](std::string_view) {}, [](std::string_view) {}, [] { return false; }, group};
}

const Task& FindTask(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Task* task : Tasks()) {
    if (task->info().name == name) return *task;
    names.push_back(task->info().name);
  }
  const std::string nearest = Nearest(name, names);
  Fail("task", Quoted(name), "one that this version knows" + (nearest.empty() ? "" : ", such as " + nearest), "not");
}

}  // namespace eddy
