// SIGINT and SIGTERM as a question that a long-running verb asks between two steps. A second signal kills at once.
#pragma once

#include <exception>

namespace eddy {

void CatchStopSignals();
int StopSignal();  // the signal that came since, or 0

// A verb ended early because of a signal, with everything saved: exit code 128 + signal.
struct Interrupted : std::exception {
  explicit Interrupted(int signal) : signal(signal) {}
  const char* what() const noexcept override { return "interrupted"; }
  int signal;
};

}  // namespace eddy
