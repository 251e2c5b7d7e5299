// Tasks by their names, and what training can be told as texts: for programs that learn of a task and its options while
// they run, such as other languages' modules. Whoever knows the task when compiling has its own header.
//
//     for (const eddy::TaskOption& each : eddy::DescribeTask("classify").options) std::puts(each.name.c_str());
//     const auto trained = eddy::Train("classify", {{"FILE", {}, {reviews}}, {"text", {"review"}}, {"label", {"stars"}}});
//     trained.model.Save("reviews.eddy");     // the bytes that "eddy train classify" writes
#pragma once

#include <string>
#include <vector>

#include "eddy/data.h"
#include "eddy/tasks/train.h"

EDDY_API_BEGIN
namespace eddy {

enum class OptionKind { kFlag, kWholeNumber, kNumber, kText, kTexts, kNumbers, kFile };  // kTexts, kNumbers: lists "A,B"

// An option of "eddy train TASK", as docs/options.md has it.
struct TaskOption {
  std::string name;  // "learning-rate"; what has its place rather than a name is in capitals: "FILE"
  OptionKind kind;
  std::string value;  // how a value is called, "N"; empty for a flag
  std::string group, help;
  std::string initial;  // the value it has where it is not given, as text; empty for none
  std::string usual;    // the same for people: "chosen for the data"
  bool required = false;
  bool many = false;        // of kFile: several, one after another
  bool takes_data = false;  // whether it can be given data in memory
};

struct TaskDescription {
  std::string name;    // "classify"
  std::string learns;  // "Learn to tell classes of sentences or series apart"
  std::vector<TaskOption> options;
};

std::vector<std::string> TaskNames();
TaskDescription DescribeTask(const std::string& task);  // throws Error that names the nearest

// An option as it is given: texts, none of them for a flag, or data where it takes them.
struct TaskSetting {
  std::string option;
  std::vector<std::string> texts = {};
  std::vector<Data> data = {};
};

// Throws Error for what cannot be meant, naming the option, and for data that cannot be learned from; Stopped where `hooks`
// ended the run. `checkpoint` is a file from which a run can go on; empty for none.
Trained<TrainedModel> Train(const std::string& task, const std::vector<TaskSetting>& settings, const TrainHooks& hooks = {},
                            const std::string& checkpoint = "");

}  // namespace eddy
EDDY_API_END
