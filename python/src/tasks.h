// The bindings of tasks: their data, their training by name, and their models. A task's model is bound by a file of its own
// (models.h); the rest follows from the table of tasks.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <string>
#include <vector>

#include "eddy/tasks/by_name.h"

namespace eddy::python {

namespace nb = nanobind;

// An array that owns its numbers: [rows, values / rows].
nb::object ToMatrix(std::vector<double> values, size_t rows, size_t columns);

// Trains on a thread of its own, while the caller's looks for signals, which interrupt it, and calls `on_progress(Progress)`
// for every step, in order and perhaps a moment later. What Python raises ends the run and is raised: once the run has
// stopped, its checkpoint written; where it had not begun to learn, without waiting for it for long. `processes`, None or a
// Processes of _processes.py, train together: each calls it, and what ends one's run ends all before a step.
Trained<TrainedModel> TrainFromPython(const std::string& task, const std::vector<TaskSetting>& settings, int threads,
                                      const std::string& checkpoint, const nb::object& on_progress,
                                      const nb::object& on_line, const nb::object& processes);

// The process does not end below a training that was interrupted and is about to stop.
void WaitForTrainingsAtExit();

void BindTasks(nb::module_& m);
void BindModels(nb::module_& m);

}  // namespace eddy::python
