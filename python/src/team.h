// Teams of threads for Python's threads. Each Python thread has its own team of each size that it asked for, so that calls
// from several threads run side by side; work leaves the interpreter's lock to others while it runs.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <mutex>

#include "eddy/threads.h"

namespace eddy::python {

struct Team {
  explicit Team(int count) : threads(count) {}

  Threads threads;
  std::mutex mutex;  // held while the team works: what was made on it may be used from another thread than its maker's
};

// The calling thread's team of so many threads, kept for its next call. Throws Error unless there are 1 to Threads::kMost.
std::shared_ptr<Team> TeamOf(int threads);

// Runs `job` on a team without the interpreter's lock.
template <class Job>
auto Work(Team& team, const Job& job) {
  const nanobind::gil_scoped_release release;
  const std::lock_guard lock(team.mutex);
  return job();
}

}  // namespace eddy::python
