// Processes that train together, played by threads of one.
#pragma once

#include <barrier>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

#include "eddy/process_group.h"

namespace eddy {

class ThreadGroup {
 public:
  // Calls work(group) on `size` threads, each with its own view of the group.
  static void Run(int size, const std::function<void(ProcessGroup&)>& work) {
    ThreadGroup group(size);
    std::vector<std::thread> threads;
    for (int rank = 0; rank < size; ++rank) {
      threads.emplace_back([&, rank] {
        Member member(group, rank);
        work(member);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

 private:
  using Sent = std::span<const std::span<const std::byte>>;

  class Member final : public ProcessGroup {
   public:
    Member(ThreadGroup& group, int rank) : group_(group), rank_(rank) {}
    int rank() const override { return rank_; }
    int size() const override { return static_cast<int>(group_.sent_.size()); }
    void Exchange(Sent to, std::span<const std::span<std::byte>> from) override {
      group_.sent_[static_cast<size_t>(rank_)] = to;
      group_.barrier_.arrive_and_wait();
      for (size_t other = 0; other < group_.sent_.size(); ++other) {
        const std::span<const std::byte> bytes = group_.sent_[other][static_cast<size_t>(rank_)];
        if (bytes.size() != from[other].size()) std::abort();
        if (!bytes.empty()) std::memcpy(from[other].data(), bytes.data(), bytes.size());
      }
      group_.barrier_.arrive_and_wait();
    }

   private:
    ThreadGroup& group_;
    const int rank_;
  };

  explicit ThreadGroup(int size) : barrier_(size), sent_(static_cast<size_t>(size)) {}

  std::barrier<> barrier_;
  std::vector<Sent> sent_;
};

}  // namespace eddy
