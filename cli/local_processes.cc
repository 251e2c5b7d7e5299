#include "local_processes.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "eddy/error.h"
#include "signals.h"

namespace eddy {
namespace {

[[noreturn]] void FailSystem(const char* what) { Fail("start processes", what, "possible", std::strerror(errno)); }

// sockets[i][j] leads from process i to process j; -1 from one to itself.
using Sockets = std::vector<std::vector<int>>;

Sockets ConnectAll(int count) {
  const auto size = static_cast<size_t>(count);
  Sockets sockets(size, std::vector<int>(size, -1));
  for (size_t i = 0; i < size; ++i) {
    for (size_t j = i + 1; j < size; ++j) {
      int ends[2];
      if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) FailSystem("a connection between them");
      sockets[i][j] = ends[0];
      sockets[j][i] = ends[1];
    }
  }
  return sockets;
}

// Of all, but for those of one process; -1 for none.
void CloseAll(const Sockets& sockets, int but) {
  for (size_t i = 0; i < sockets.size(); ++i) {
    if (static_cast<int>(i) == but) continue;
    for (const int socket : sockets[i]) {
      if (socket >= 0) close(socket);
    }
  }
}

class LocalProcessGroup final : public ProcessGroup {
 public:
  LocalProcessGroup(int rank, std::vector<int> sockets) : rank_(rank), sockets_(std::move(sockets)) {}
  ~LocalProcessGroup() override {
    for (const int socket : sockets_) {
      if (socket >= 0) close(socket);
    }
  }

  int rank() const override { return rank_; }
  int size() const override { return static_cast<int>(sockets_.size()); }

  void Exchange(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from) override {
    const auto own = static_cast<size_t>(rank_);
    if (!to[own].empty()) std::memmove(from[own].data(), to[own].data(), to[own].size());
    std::vector<size_t> sent(sockets_.size()), got(sockets_.size());
    for (;;) {
      std::vector<pollfd> waiting;
      std::vector<size_t> others;
      for (size_t other = 0; other < sockets_.size(); ++other) {
        if (other == own) continue;
        const int events = (sent[other] < to[other].size() ? POLLOUT : 0) | (got[other] < from[other].size() ? POLLIN : 0);
        if (events == 0) continue;
        waiting.push_back({sockets_[other], static_cast<int16_t>(events), 0});
        others.push_back(other);
      }
      if (waiting.empty()) return;
      if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) FailSystem("waiting for each other");
      for (size_t i = 0; i < waiting.size(); ++i) {
        const size_t other = others[i];
        const int ready = waiting[i].revents;
        if ((ready & POLLOUT) != 0) Send(other, to[other], sent[other]);
        if ((ready & (POLLIN | POLLHUP | POLLERR)) != 0 && got[other] < from[other].size()) {
          Receive(other, from[other], got[other]);
        } else if ((ready & (POLLHUP | POLLERR)) != 0) {
          FailGone(other);
        }
      }
    }
  }

 private:
  static bool TryAgain() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

  void Send(size_t other, std::span<const std::byte> bytes, size_t& sent) const {
    const ssize_t count = send(sockets_[other], bytes.data() + sent, bytes.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) {
      sent += static_cast<size_t>(count);
    } else if (!TryAgain()) {
      FailGone(other);
    }
  }

  void Receive(size_t other, std::span<std::byte> bytes, size_t& got) const {
    const ssize_t count = recv(sockets_[other], bytes.data() + got, bytes.size() - got, MSG_DONTWAIT);
    if (count > 0) {
      got += static_cast<size_t>(count);
    } else if (count == 0 || !TryAgain()) {
      FailGone(other);
    }
  }

  [[noreturn]] void FailGone(size_t other) const {
    throw Error(fmt::format("process {} of {} is gone", other + 1, sockets_.size()));
  }

  const int rank_;
  const std::vector<int> sockets_;
};

// Signals reach a worker from its parent alone, and only once: it is in a process group of its own, to which a terminal's
// Ctrl-C does not go.
void BecomeWorker(pid_t parent, const sigset_t& before) {
  setpgid(0, 0);
  std::signal(SIGTTOU, SIG_IGN);  // which may write to the terminal all the same
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) std::_Exit(1);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

// The first process: it waits for its workers.
class Watch {
 public:
  Watch(std::vector<pid_t> workers, const std::function<std::string(int rank)>& describe)
      : workers_(std::move(workers)), describe_(describe) {}

  // Until all have ended; the exit code.
  int Run(const sigset_t& signals) {
    while (std::any_of(workers_.begin(), workers_.end(), [](pid_t worker) { return worker > 0; })) {
      const int signal = sigwaitinfo(&signals, nullptr);
      if (signal == SIGCHLD) Reap();
      if (signal == SIGINT || signal == SIGTERM) {
        asked_ = signal;
        SendAll(signal);
      }
      if (signal == SIGTSTP) {
        SendAll(SIGSTOP);
        raise(SIGSTOP);
        SendAll(SIGCONT);
      }
    }
    return code_;
  }

  void KillAll() const { SendAll(SIGKILL); }

 private:
  void SendAll(int signal) const {
    for (const pid_t worker : workers_) {
      if (worker > 0) kill(worker, signal);
    }
  }

  void Reap() {
    int status = 0;
    for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
      const auto worker = std::find(workers_.begin(), workers_.end(), ended);
      if (worker == workers_.end()) continue;
      *worker = 0;
      Judge(static_cast<int>(worker - workers_.begin()), status);
    }
  }

  void Judge(int rank, int status) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    const int code = signal != 0 ? 128 + signal : WEXITSTATUS(status);
    const bool as_asked = asked_ != 0 && code == 128 + asked_;
    if (code_ == 0) {
      code_ = signal != 0 && !as_asked ? 1 : code;
      if (signal != 0 && !as_asked) {
        std::fprintf(stderr, "eddy: signal %d ended the process of %s\n", signal, describe_(rank).c_str());
      }
    }
    if (signal != 0 || !as_asked) KillAll();  // one that had something to save ends by itself
  }

  std::vector<pid_t> workers_;  // 0 for those that have ended
  const std::function<std::string(int rank)>& describe_;
  int asked_ = 0, code_ = 0;
};

}  // namespace

void DoInWorkers(int count, const std::function<std::string(int rank)>& describe,
                 const std::function<void(ProcessGroup&)>& work) {
  const Sockets sockets = ConnectAll(count);
  sigset_t signals, before;
  sigemptyset(&signals);
  for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGTSTP}) sigaddset(&signals, signal);
  std::signal(SIGCHLD, SIG_DFL);  // ignored, as it may have been inherited, workers would end unseen
  sigprocmask(SIG_BLOCK, &signals, &before);
  const pid_t parent = getpid();
  std::fflush(nullptr);
  std::vector<pid_t> workers;
  for (int rank = 0; rank < count; ++rank) {
    const pid_t worker = fork();
    if (worker < 0) {
      Watch(workers, describe).KillAll();
      FailSystem("another process");
    }
    if (worker > 0) {
      workers.push_back(worker);
      continue;
    }
    BecomeWorker(parent, before);
    CloseAll(sockets, rank);
    LocalProcessGroup group(rank, sockets[static_cast<size_t>(rank)]);
    try {
      work(group);
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception&) {
      if (rank > 0) std::this_thread::sleep_for(std::chrono::seconds(1));
      throw;
    }
    return;
  }
  CloseAll(sockets, -1);
  std::exit(Watch(std::move(workers), describe).Run(signals));
}

}  // namespace eddy
