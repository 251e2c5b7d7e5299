#include "console.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <ctime>

namespace eddy {
namespace {

// A line that wraps could not be taken back.
size_t TerminalColumns() {
  winsize size = {};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

// To standard error, wherever it leads: progress is advice, and that nobody can read it ends nothing.
void Say(std::string_view text) {
  sigset_t pipe, before, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
  std::clearerr(stderr);
  const timespec at_once = {};
  if (sigismember(&pending, SIGPIPE) == 0) sigtimedwait(&pipe, nullptr, &at_once);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

Console::Console(bool quiet, bool alone) : quiet_(quiet), terminal_(!quiet && alone && isatty(STDERR_FILENO) == 1) {}

Console::~Console() { ClearLive(); }

void Console::Line(std::string_view text) {
  if (quiet_) return;
  ClearLive();
  Say(fmt::format("{}\n", text));
}

void Console::Live(std::string_view text) {
  if (!terminal_) return;
  Say(fmt::format("\r{}\x1b[K", text.substr(0, TerminalColumns() - 1)));
  live_ = true;
}

void Console::ClearLive() {
  if (!live_) return;
  Say("\r\x1b[K");
  live_ = false;
}

std::string Duration(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(std::clamp(seconds, 0.0, 3.6e8)));
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace eddy
