// What the program gives the actions of a task: its console, its standard output, its signals.
#pragma once

#include <string>

#include "console.h"
#include "tasks/task.h"

namespace eddy {

TaskContext ContextOf(Console& console, Threads& threads, ProcessGroup& group = Alone());

// `verb`, `task` and `model` are what each JSON object begins with.
UseContext UseContextOf(Console& console, Threads& threads, const std::string& verb, const std::string& task,
                        const std::string& model);

}  // namespace eddy
