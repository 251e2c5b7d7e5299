#include <nanobind/stl/string.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "tasks.h"

namespace eddy::python {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 50ms;          // between two looks for signals
constexpr size_t kMostNews = 10'000;  // steps that may wait to be told; the training waits then

// What the training tells, and whoever called it takes.
class News {
 public:
  void Add(const Progress& progress) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return progress_.size() < kMostNews || closed_; });
    progress_.push_back(progress);
  }
  void Add(std::string_view line) {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(line);
  }
  void Done() {
    const std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }
  // No one takes news any more: the training does not wait.
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  // Waits for a moment, or until all is done; returns whether it is.
  bool Take(std::deque<Progress>& progress, std::deque<std::string>& lines) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kLook, [&] { return done_; });
    progress = std::exchange(progress_, {});
    lines = std::exchange(lines_, {});
    changed_.notify_all();
    return done_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Progress> progress_;
  std::deque<std::string> lines_;
  bool done_ = false, closed_ = false;
};

}  // namespace

Trained<TrainedModel> TrainFromPython(const std::string& task, const std::vector<TaskSetting>& settings, int threads,
                                      const std::string& checkpoint, const nb::object& on_progress,
                                      const nb::object& on_line) {
  News news;
  StopRequest request;
  TrainHooks hooks;
  hooks.threads = threads;
  hooks.request = &request;
  if (!on_progress.is_none()) hooks.progress = [&](const Progress& progress) { news.Add(progress); };
  if (!on_line.is_none()) hooks.say = [&](std::string_view line) { news.Add(line); };

  std::optional<Trained<TrainedModel>> trained;
  std::exception_ptr error;
  std::thread training([&] {
    try {
      trained.emplace(Train(task, settings, hooks, checkpoint));
    } catch (...) {
      error = std::current_exception();
    }
    news.Done();
  });
  std::exception_ptr raised;  // by Python
  try {
    for (bool done = false; !done;) {
      std::deque<Progress> steps;
      std::deque<std::string> lines;
      {
        const nb::gil_scoped_release release;
        done = news.Take(steps, lines);
      }
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
      for (const std::string& line : lines) on_line(line);
      for (const Progress& step : steps) on_progress(step);
    }
  } catch (...) {
    raised = std::current_exception();
    request.Ask();
    news.Close();
  }
  {
    const nb::gil_scoped_release release;
    training.join();
  }
  if (raised) std::rethrow_exception(raised);
  if (error) std::rethrow_exception(error);
  return std::move(*trained);
}

}  // namespace eddy::python
