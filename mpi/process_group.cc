// The processes of an MPI job (MPI 3.1) as a ProcessGroup. No other file includes mpi.h.
//
// Messages between two processes come in the order in which they were sent, so no two exchanges can be taken for each other.
// Waiting polls for a short while, then sleeps in between: an exchange follows a step of milliseconds, and processes that
// share a core must not take it from each other.
#include "eddy/process_group.h"

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

// MPI counts in int.
constexpr size_t kMostBytes = size_t{1} << 30;

void Check(int code, const char* what) {
  if (code == MPI_SUCCESS) return;
  std::vector<char> text(MPI_MAX_ERROR_STRING);
  int size = 0;
  MPI_Error_string(code, text.data(), &size);
  throw std::runtime_error(std::string(what) + ": " + std::string(text.data(), static_cast<size_t>(size)));
}

class MpiProcessGroup final : public eddy::ProcessGroup {
 public:
  explicit MpiProcessGroup(double timeout) : timeout_(timeout) {
    int provided = 0;
    Check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI cannot be started");
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
  }

  // Where an error ends this process, the others wait for it in vain, and end with it. Otherwise the last to come here lets
  // all go, whatever one of them still had to do; until then they sleep.
  ~MpiProcessGroup() override {
    if (std::uncaught_exceptions() > 0) return;
    MPI_Request all = MPI_REQUEST_NULL;
    if (MPI_Ibarrier(MPI_COMM_WORLD, &all) == MPI_SUCCESS) {
      for (int done = 0; MPI_Test(&all, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && done == 0;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }
    MPI_Finalize();
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  void Exchange(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from) override {
    const auto own = static_cast<size_t>(rank_);
    if (!to[own].empty()) std::memmove(from[own].data(), to[own].data(), to[own].size());
    std::vector<MPI_Request> requests;
    std::vector<int> others;
    const auto add = [&](int other, size_t size, const auto& start) {
      for (size_t begin = 0; begin < size; begin += kMostBytes) {
        others.push_back(other);
        Check(start(begin, static_cast<int>(std::min(kMostBytes, size - begin)), &requests.emplace_back()), "MPI");
      }
    };
    for (int distance = 1; distance < size_; ++distance) {  // not all to the same one at once
      const int source = (rank_ + size_ - distance) % size_;
      const std::span<std::byte> bytes = from[static_cast<size_t>(source)];
      add(source, bytes.size(), [&](size_t begin, int count, MPI_Request* request) {
        return MPI_Irecv(bytes.data() + begin, count, MPI_BYTE, source, 0, MPI_COMM_WORLD, request);
      });
    }
    for (int distance = 1; distance < size_; ++distance) {
      const int target = (rank_ + distance) % size_;
      const std::span<const std::byte> bytes = to[static_cast<size_t>(target)];
      add(target, bytes.size(), [&](size_t begin, int count, MPI_Request* request) {
        return MPI_Isend(bytes.data() + begin, count, MPI_BYTE, target, 0, MPI_COMM_WORLD, request);
      });
    }
    Wait(requests, others);
  }

 private:
  void Wait(std::vector<MPI_Request>& requests, const std::vector<int>& others) const {
    constexpr double kPolling = 200e-6;  // seconds, before it sleeps in between
    const Clock::time_point begun = Clock::now();
    for (int done = 0;;) {
      Check(MPI_Testall(static_cast<int>(requests.size()), requests.data(), &done, MPI_STATUSES_IGNORE), "MPI");
      if (done != 0) return;
      const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
      if (seconds > timeout_) throw std::runtime_error(WhoIsMissing(requests, others));
      if (seconds > kPolling) std::this_thread::sleep_for(std::chrono::microseconds(seconds < 0.01 ? 20 : 200));
    }
  }

  std::string WhoIsMissing(const std::vector<MPI_Request>& requests, const std::vector<int>& others) const {
    int missing = -1;
    for (size_t i = 0; i < requests.size() && missing < 0; ++i) {
      int done = 1;
      if (requests[i] != MPI_REQUEST_NULL) MPI_Request_get_status(requests[i], &done, MPI_STATUS_IGNORE);
      if (done == 0) missing = others[i];
    }
    return "process " + std::to_string(missing + 1) + " of " + std::to_string(size_) + " has not answered for " +
           std::to_string(static_cast<int64_t>(timeout_)) + " s (--timeout)";
  }

  const double timeout_;
  int rank_ = 0, size_ = 1;
};

}  // namespace

extern "C" {

// Joins the job that mpirun started; `timeout` are the seconds after which a process that does not answer is given up.
// Throws std::exception.
__attribute__((visibility("default"))) eddy::ProcessGroup* EddyJoinMpi(double timeout) {
  return new MpiProcessGroup(timeout);
}

// Ends all processes of the job.
__attribute__((visibility("default"))) void EddyAbortMpi(int code) { MPI_Abort(MPI_COMM_WORLD, code); }
}
