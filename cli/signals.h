// SIGINT and SIGTERM, asked to stop a long-running verb. While StopSignals lives they ask the team of threads it was given,
// and the work ends in the middle of what it is at, with everything saved; a second signal kills at once, as every signal
// does where nothing needs to be saved.
#pragma once

#include <csignal>
#include <exception>

#include "eddy/threads.h"

namespace eddy {

class StopSignals {
 public:
  StopSignals();                           // for work that asks StopSignal() itself
  explicit StopSignals(Threads& threads);  // which must outlive it
  ~StopSignals();                          // signals do what they did before
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  Threads* threads_ = nullptr;
  struct sigaction interrupt_ = {}, terminate_ = {};  // what they did
};

int StopSignal();  // the signal that came, or 0

// A verb ended early because of a signal, with everything saved: exit code 128 + signal.
struct Interrupted : std::exception {
  explicit Interrupted(int signal) : signal(signal) {}
  const char* what() const noexcept override { return "interrupted"; }
  int signal;
};

}  // namespace eddy
