#include <nanobind/stl/string.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "eddy/error.h"
#include "python_processes.h"
#include "tasks.h"

namespace eddy::python {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 50ms;          // between two looks for signals
constexpr auto kPatience = 100ms;     // with what cannot be stopped at once
constexpr size_t kMostNews = 10'000;  // steps that may wait to be told; the training waits then

// What the training tells, and whoever called it takes.
class News {
 public:
  void Begin() {  // to learn
    const std::lock_guard lock(mutex_);
    learning_ = true;
  }
  void Add(const Progress& progress) {
    Begin();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return progress_.size() < kMostNews || closed_; });
    if (!closed_) progress_.push_back(progress);
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
  // Waits for the end of a run that was asked to stop. One that has begun to learn stops within moments and leaves its
  // checkpoint, for which it is worth waiting; one that still prepares may be in the middle of what takes long.
  void WaitForEnd() {
    std::unique_lock lock(mutex_);
    const auto ended = [&] { return done_; };
    if (!changed_.wait_for(lock, kPatience, ended) && learning_) changed_.wait(lock, ended);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Progress> progress_;
  std::deque<std::string> lines_;
  bool learning_ = false, done_ = false, closed_ = false;
};

// A training, which lives as long as its caller or its thread wants it.
struct Run {
  News news;
  StopRequest request;
  std::optional<Trained<TrainedModel>> trained;
  std::exception_ptr error;
  std::unique_ptr<PythonProcesses> processes;
};

// How many threads of trainings there are. The process may not end below them.
std::atomic<size_t> threads_running = 0;

void WaitForThreads() {
  const nb::gil_scoped_release release;
  for (size_t n = threads_running; n > 0; n = threads_running) threads_running.wait(n);
}

// On a thread of its own, which refers to nothing of Python's but other processes. These it lets go of before it is
// counted as ended: the interpreter, which may end then, would end the thread in the middle of that.
void Start(std::shared_ptr<Run> run, const std::string& task, const std::vector<TaskSetting>& settings,
           const TrainHooks& hooks, const std::string& checkpoint) {
  ++threads_running;
  std::thread([=, run = std::move(run)]() mutable {
    try {
      run->trained.emplace(Train(task, settings, hooks, checkpoint));
    } catch (const Stopped&) {
      run->error = std::make_exception_ptr(Error("fit: another process ended the training"));
    } catch (...) {
      run->error = std::current_exception();
    }
    run->news.Done();
    run.reset();
    --threads_running;
    threads_running.notify_all();
  }).detach();
}

}  // namespace

Trained<TrainedModel> TrainFromPython(const std::string& task, const std::vector<TaskSetting>& settings, int threads,
                                      const std::string& checkpoint, const nb::object& on_progress,
                                      const nb::object& on_line, const nb::object& processes) {
  const auto run = std::make_shared<Run>();
  TrainHooks hooks;
  if (!processes.is_none()) {
    run->processes = std::make_unique<PythonProcesses>(processes);
    hooks.group = run->processes.get();
  }
  hooks.threads = threads;
  hooks.request = &run->request;
  hooks.progress = [run = run.get(), told = !on_progress.is_none()](const Progress& progress) {
    told ? run->news.Add(progress) : run->news.Begin();
  };
  if (!on_line.is_none()) hooks.say = [run = run.get()](std::string_view line) { run->news.Add(line); };

  Start(run, task, settings, hooks, checkpoint);
  try {
    for (bool done = false; !done;) {
      std::deque<Progress> steps;
      std::deque<std::string> lines;
      {
        const nb::gil_scoped_release release;
        done = run->news.Take(steps, lines);
      }
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
      for (const std::string& line : lines) on_line(line);
      for (const Progress& step : steps) on_progress(step);
    }
  } catch (...) {
    const nb::gil_scoped_release release;
    run->request.Ask();
    run->news.Close();
    run->news.WaitForEnd();
    throw;
  }
  if (run->error) std::rethrow_exception(run->error);
  return std::move(*run->trained);
}

void WaitForTrainingsAtExit() { nb::module_::import_("atexit").attr("register")(nb::cpp_function(&WaitForThreads)); }

}  // namespace eddy::python
