// Processes that train together, played by threads of one.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "eddy/process_group.h"
#include "eddy/random.h"

namespace eddy {

// How an exchange that is begun goes on: in pieces while the processes do something else, or at once, as a group does that
// has Exchange() alone.
enum class Travel { kMeanwhile, kAtOnce };

class ThreadGroup {
 public:
  // Calls work(group) on `size` threads, each with its own view of the group.
  static void Run(int size, const std::function<void(ProcessGroup&)>& work, Travel travel = Travel::kMeanwhile) {
    ThreadGroup group(size);
    std::vector<std::thread> threads;
    for (int rank = 0; rank < size; ++rank) {
      threads.emplace_back([&, rank] {
        Member member(group, rank, travel);
        work(member);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

 private:
  static constexpr size_t kChannels = 8;
  using To = std::span<const std::span<const std::byte>>;
  using From = std::span<const std::span<std::byte>>;
  using Post = std::deque<std::vector<std::byte>>;  // messages on their way from one to another in a channel

  // One exchange. It is done some time after all has come, at another time in each process.
  class Letters final : public ProcessGroup::Pending {
   public:
    Letters(ThreadGroup& group, int rank, From from, int channel, uint64_t late)
        : group_(group), rank_(static_cast<size_t>(rank)), from_(from.begin(), from.end()), channel_(channel), late_(late) {}
    bool Done() override {
      if (done_) return true;
      if (late_ > 0) return --late_ == 0 && Done();
      const std::lock_guard lock(group_.mutex_);
      return Take();
    }
    void Wait() override {
      std::unique_lock lock(group_.mutex_);
      group_.come_.wait(lock, [&] { return Take(); });
    }

   private:
    bool Take() {
      if (done_) return true;
      for (size_t other = 0; other < from_.size(); ++other) {
        if (group_.PostOf(other, rank_, channel_).empty()) return false;
      }
      for (size_t other = 0; other < from_.size(); ++other) {
        Post& post = group_.PostOf(other, rank_, channel_);
        if (post.front().size() != from_[other].size()) std::abort();
        if (!post.front().empty()) std::memcpy(from_[other].data(), post.front().data(), post.front().size());
        post.pop_front();
      }
      return done_ = true;
    }

    ThreadGroup& group_;
    const size_t rank_;
    const std::vector<std::span<std::byte>> from_;
    const int channel_;
    uint64_t late_;
    bool done_ = false;
  };

  class Member final : public ProcessGroup {
   public:
    Member(ThreadGroup& group, int rank, Travel travel)
        : group_(group), rank_(rank), travel_(travel), random_(static_cast<uint64_t>(rank) + 1) {}
    int rank() const override { return rank_; }
    int size() const override { return static_cast<int>(group_.size_); }
    void Exchange(To to, From from) override { Send(to, from, 0)->Wait(); }
    std::unique_ptr<Pending> Begin(To to, From from, int channel) override {
      return travel_ == Travel::kAtOnce ? ProcessGroup::Begin(to, from, channel) : Send(to, from, channel);
    }

   private:
    std::unique_ptr<Pending> Send(To to, From from, int channel) {
      const std::lock_guard lock(group_.mutex_);
      for (size_t other = 0; other < to.size(); ++other) {
        group_.PostOf(static_cast<size_t>(rank_), other, channel).emplace_back(to[other].begin(), to[other].end());
      }
      group_.come_.notify_all();
      return std::make_unique<Letters>(group_, rank_, from, channel, random_.Below(4));
    }

    ThreadGroup& group_;
    const int rank_;
    const Travel travel_;
    Random random_;
  };

  explicit ThreadGroup(int size) : size_(static_cast<size_t>(size)), posts_(size_ * size_) {}
  Post& PostOf(size_t from, size_t to, int channel) { return posts_[from * size_ + to].at(static_cast<size_t>(channel)); }

  const size_t size_;
  std::mutex mutex_;
  std::condition_variable come_;
  std::vector<std::array<Post, kChannels>> posts_;
};

}  // namespace eddy
