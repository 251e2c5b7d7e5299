// Several processes that train one model, where mpirun started the program.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "eddy/process_group.h"

namespace eddy {

// The job's processes, or this one alone where mpirun did not start it, or started one. Throws Error where it is one of
// several and this eddy was built without MPI. `timeout`: seconds after which a process that does not answer is given up.
std::unique_ptr<ProcessGroup> JoinProcesses(double timeout);

// Does work that all processes of a group do, and lets the group go. Where it throws an error in one, all end: the first
// says why, and another only if the first does not end by itself; whoever has an error of its own, such as no memory, is
// named. The exit code is 1, or 2 for wrong usage.
void DoTogether(std::unique_ptr<ProcessGroup> group, const std::function<void(ProcessGroup&)>& work);

// What goes wrong, in a line.
std::string DescribeError(const std::exception& error);

}  // namespace eddy
