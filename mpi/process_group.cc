// The processes of an MPI job (MPI 3.1) as a ProcessGroup. No other file includes mpi.h.
//
// Messages of a channel between two processes come in the order in which they were sent, so no two exchanges can be taken
// for each other. Waiting polls for a short while, then sleeps in between: an exchange follows a step of milliseconds, and
// processes that share a core must not take it from each other.
//
// MPI moves bytes only while it is called. So that they move while the process computes, a thread of the group calls it now
// and then where exchanges are under way and nobody waits for them. One thread calls MPI at a time.
#include "eddy/process_group.h"

#include <mpi.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
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

void Sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

class MpiProcessGroup final : public eddy::ProcessGroup {
 public:
  explicit MpiProcessGroup(double timeout) : timeout_(timeout) {
    int provided = 0;
    Check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided), "MPI cannot be started");
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    if (provided >= MPI_THREAD_SERIALIZED && size_ > 1) mover_ = std::thread([this] { Move(); });
  }

  // Where an error ends this process, the others wait for it in vain, and end with it. Otherwise the last to come here lets
  // all go, whatever one of them still had to do; until then they sleep.
  ~MpiProcessGroup() override {
    {
      const std::lock_guard lock(mpi_);
      ended_ = true;
    }
    work_.notify_one();
    if (mover_.joinable()) mover_.join();
    if (std::uncaught_exceptions() > 0) return;
    MPI_Request all = MPI_REQUEST_NULL;
    if (MPI_Ibarrier(MPI_COMM_WORLD, &all) == MPI_SUCCESS) {
      for (int done = 0; MPI_Test(&all, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && done == 0;) Sleep(0.005);
    }
    MPI_Finalize();
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  void Exchange(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from) override {
    const Waiting waiting(*this);
    Messages(*this, to, from, 0).Wait();
  }

  std::unique_ptr<Pending> Begin(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from,
                                 int channel) override {
    return std::make_unique<Messages>(*this, to, from, channel);
  }

 private:
  // Those of one exchange.
  class Messages final : public Pending {
   public:
    Messages(MpiProcessGroup& group, std::span<const std::span<const std::byte>> to,
             std::span<const std::span<std::byte>> from, int channel)
        : group_(group) {
      const int own = group.rank_, size = group.size_;
      const auto own_place = static_cast<size_t>(own);
      if (!to[own_place].empty()) std::memmove(from[own_place].data(), to[own_place].data(), to[own_place].size());
      const std::lock_guard lock(group.mpi_);
      for (int distance = 1; distance < size; ++distance) {  // not all to the same one at once
        const int source = (own + size - distance) % size;
        const std::span<std::byte> bytes = from[static_cast<size_t>(source)];
        Add(source, bytes.size(), [&](size_t begin, int count, MPI_Request* request) {
          return MPI_Irecv(bytes.data() + begin, count, MPI_BYTE, source, channel, MPI_COMM_WORLD, request);
        });
      }
      for (int distance = 1; distance < size; ++distance) {
        const int target = (own + distance) % size;
        const std::span<const std::byte> bytes = to[static_cast<size_t>(target)];
        Add(target, bytes.size(), [&](size_t begin, int count, MPI_Request* request) {
          return MPI_Isend(bytes.data() + begin, count, MPI_BYTE, target, channel, MPI_COMM_WORLD, request);
        });
      }
      ++group.under_way_;
      if (!group.waiting_) group.work_.notify_one();
    }
    Messages(const Messages&) = delete;
    Messages& operator=(const Messages&) = delete;

    // What is not done is left because of an error, its bytes freed: MPI is not to move them.
    ~Messages() override {
      const std::lock_guard lock(group_.mpi_);
      if (!done_) group_.ended_ = true;
    }

    bool Done() override {
      const std::lock_guard lock(group_.mpi_);
      return Test();
    }

    void Wait() override {
      constexpr double kPolling = 200e-6;  // seconds, before it sleeps in between
      const Waiting waiting(group_);
      const Clock::time_point begun = Clock::now();
      while (!Done()) {
        const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
        if (seconds > group_.timeout_) throw std::runtime_error(WhoIsMissing());
        if (seconds > kPolling) Sleep(seconds < 0.01 ? 20e-6 : 200e-6);
      }
    }

   private:
    template <class Start>
    void Add(int other, size_t size, const Start& start) {
      for (size_t begin = 0; begin < size; begin += kMostBytes) {
        others_.push_back(other);
        Check(start(begin, static_cast<int>(std::min(kMostBytes, size - begin)), &requests_.emplace_back()), "MPI");
      }
    }

    bool Test() {
      if (done_) return true;
      if (group_.ended_) throw std::runtime_error("an exchange was given up");
      int done = 0;
      Check(MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &done, MPI_STATUSES_IGNORE), "MPI");
      done_ = done != 0;
      if (done_) --group_.under_way_;
      return done_;
    }

    std::string WhoIsMissing() const {
      const std::lock_guard lock(group_.mpi_);
      int missing = -1;
      for (size_t i = 0; i < requests_.size() && missing < 0; ++i) {
        int done = 1;
        if (requests_[i] != MPI_REQUEST_NULL) MPI_Request_get_status(requests_[i], &done, MPI_STATUS_IGNORE);
        if (done == 0) missing = others_[i];
      }
      return "process " + std::to_string(missing + 1) + " of " + std::to_string(group_.size_) + " has not answered for " +
             std::to_string(static_cast<int64_t>(group_.timeout_)) + " s (--timeout)";
    }

    MpiProcessGroup& group_;
    std::vector<MPI_Request> requests_;
    std::vector<int> others_;  // of each
    bool done_ = false;
  };

  // While there is one, the mover rests.
  class Waiting {
   public:
    explicit Waiting(MpiProcessGroup& group) : group_(group), before_(group.waiting_.exchange(true)) {}
    ~Waiting() {
      const std::lock_guard lock(group_.mpi_);
      group_.waiting_ = before_;
      if (!before_ && group_.under_way_ > 0) group_.work_.notify_one();
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    MpiProcessGroup& group_;
    const bool before_;
  };

  void Move() {
    constexpr double kBetween = 200e-6;  // seconds, in which 25 kB pass at 1 Gbit/s: less than sockets hold
    std::unique_lock lock(mpi_);
    for (;;) {
      work_.wait(lock, [&] { return ended_ || (under_way_ > 0 && !waiting_); });
      if (ended_) return;
      int ready = 0;
      MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &ready, MPI_STATUS_IGNORE);
      lock.unlock();
      Sleep(kBetween);
      lock.lock();
    }
  }

  const double timeout_;
  int rank_ = 0, size_ = 1;
  std::mutex mpi_;  // held where MPI is called, and for what follows
  std::condition_variable work_;
  size_t under_way_ = 0;  // exchanges
  bool ended_ = false;
  std::atomic<bool> waiting_ = false;
  std::thread mover_;
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
