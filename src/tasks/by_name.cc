#include "eddy/tasks/by_name.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "eddy/error.h"
#include "tasks/library.h"

namespace eddy {
namespace {

TaskOption Described(const Option& option) {
  return {option.name(),      option.kind(),     option.value(),
          option.group(),     option.help(),     fmt::format("{}", fmt::join(option.Texts(), ",")),
          option.usual(),     option.required(), option.many(),
          option.takes_data()};
}

// Sets what is given, and checks that it goes together as the command line does.
void Give(const std::vector<TaskSetting>& settings, OptionTable& table) {
  std::set<std::string> given;
  for (const TaskSetting& setting : settings) {
    const Option& option = table.Find(setting.option);
    const bool again = !given.insert(setting.option).second;
    if (again) throw UsageError(fmt::format("{} is given twice", setting.option));
    if (setting.data.empty()) {
      option.Set(setting.texts);
    } else {
      option.SetData(setting.data);
    }
  }
  for (const Option& option : table.options()) {
    if (!given.contains(option.name())) {
      if (option.required()) throw UsageError(fmt::format("{} is required", option.name()));
      continue;
    }
    for (const std::string& other : option.excluded()) {
      if (given.contains(other)) throw UsageError(fmt::format("{} excludes {}", option.name(), other));
    }
    for (const std::string& other : option.needed()) {
      if (!given.contains(other)) throw UsageError(fmt::format("{} needs {}", option.name(), other));
    }
  }
}

}  // namespace

std::vector<std::string> TaskNames() {
  std::vector<std::string> names;
  for (const Task* task : Tasks()) names.push_back(task->info().name);
  return names;
}

TaskDescription DescribeTask(const std::string& name) {
  const Task& task = FindTask(name);
  TaskDescription description{task.info().name, task.info().learns, {}};
  const std::unique_ptr<TrainAction> action = task.Train();
  OptionTable table;
  action->Declare(table);
  for (const Option& option : table.options()) description.options.push_back(Described(option));
  return description;
}

Trained<TrainedModel> Train(const std::string& task, const std::vector<TaskSetting>& settings, const TrainHooks& hooks,
                            const std::string& checkpoint) {
  const std::unique_ptr<TrainAction> action = FindTask(task).Train();
  OptionTable table;
  action->Declare(table);
  Give(settings, table);
  action->options().checkpoint = checkpoint;
  // What the job keeps of the action's are copies.
  FinishedJob finished = RunJob([&](TaskContext& context) { return action->Prepare(context); }, hooks);
  return {TrainedModel::Parse(SerializeModel(finished.packed)), std::move(finished.evaluation), std::move(finished.run),
          std::move(finished.write_report)};
}

}  // namespace eddy
