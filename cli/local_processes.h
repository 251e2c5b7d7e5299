// Several processes of this program on this machine, without MPI: workers that the program forks, and a parent that only
// watches them.
#pragma once

#include <functional>
#include <string>

#include "eddy/process_group.h"

namespace eddy {

// Forks `count` workers, at least 2, and does the work in each as one of their group; returns, or throws what the work does,
// in the workers alone. Called before any thread is started. In the first process it ends the program, with the exit code of
// a worker that failed: the others are then killed. SIGINT and SIGTERM are passed on to each worker once, and where the
// program dies, they do. `describe` says what a worker is for, should a signal end it.
//
// An error that the workers share is said by the first: the others wait for a second before they throw theirs.
void DoInWorkers(int count, const std::function<std::string(int rank)>& describe,
                 const std::function<void(ProcessGroup&)>& work);

}  // namespace eddy
