#include "signals.h"

namespace eddy {
namespace {

volatile std::sig_atomic_t stop_signal = 0;
StopRequest stop_request;

extern "C" void AskToStop(int signal) {
  stop_signal = signal;
  stop_request.Ask();
}

}  // namespace

StopSignals::StopSignals() {
  if (stop_signal != 0) return;  // the next one kills
  struct sigaction action = {};
  action.sa_handler = AskToStop;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, &interrupt_);
  sigaction(SIGTERM, &action, &terminate_);
}

StopSignals::StopSignals(Threads& threads) : StopSignals() {
  threads_ = &threads;
  threads.SetStop(&stop_request);
}

StopSignals::~StopSignals() {
  if (threads_ != nullptr) threads_->SetStop(nullptr);
  if (stop_signal != 0) return;
  sigaction(SIGINT, &interrupt_, nullptr);
  sigaction(SIGTERM, &terminate_, nullptr);
}

int StopSignal() { return stop_signal; }

}  // namespace eddy
