#include "training_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/counted.h"
#include "learning_curve.h"
#include "peak_memory.h"
#include "signals.h"
#include "train/checkpoint.h"
#include "train/process_exchange.h"
#include "train/shard_workers.h"

namespace eddy {
namespace {

constexpr double kSecondsBetweenLines = 60;  // where there is no terminal; each validation has a line as well
constexpr double kSecondsBetweenLive = 0.2;

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::string Thousands(double rate) {
  return rate < 10'000 ? fmt::format("{:.0f}", rate) : fmt::format("{:.0f}k", rate / 1000);
}

std::string Describe(const Progress& p, const ProgressWords& words) {
  std::string text = words.subject.empty() ? "" : words.subject + ": ";
  text += fmt::format("step {}", p.step);
  if (p.total > 0) text += fmt::format(" of {}", p.total);
  text += fmt::format("  epoch {:.2f}", p.epoch);
  if (!std::isnan(p.loss)) text += fmt::format("  loss {:.4f}", p.loss);
  if (!std::isnan(p.validation)) text += fmt::format("  held out {:.4f}{}", p.validation, p.sampled ? " (of a sample)" : "");
  text += fmt::format("  rate {:.2g}  {} {}/s", p.rate, Thousands(p.units_per_second), words.unit);
  if (!std::isnan(p.seconds_left)) {
    text += fmt::format("  {}{} left", p.may_end_early ? "at most " : "", Duration(p.seconds_left));
  }
  return text;
}

std::string HowItEnded(const TrainingResult& result) {
  if (!result.early) return "";
  const std::vector<TrainingPoint>& curve = result.history.training;
  if (curve.size() > 1 && curve.back().loss > 2 * std::abs(curve.front().loss)) {
    return fmt::format(", ended early: it diverged, from a loss of {:.4g} to one of {:.4g} (a lower learning rate may help)",
                       curve.front().loss, curve.back().loss);
  }
  return ", ended early: no more improvement on what is held out";
}

class ProgressLines {
 public:
  ProgressLines(Console& console, const ProgressWords& words) : console_(console), words_(words), last_line_(Now()) {}

  void Show(const Progress& progress) {
    if (progress.step == 0 || std::isnan(progress.loss)) return;
    const double now = Now();
    const bool line_is_due = (progress.validated && words_.subject.empty()) || now - last_line_ >= kSecondsBetweenLines;
    if (!console_.terminal() && line_is_due) {
      console_.Line(Describe(progress, words_));
      last_line_ = now;
    }
    if (console_.terminal() && now - last_live_ >= kSecondsBetweenLive) {
      console_.Live(Describe(progress, words_));
      last_live_ = now;
    }
  }

 private:
  Console& console_;
  const ProgressWords& words_;
  double last_line_;
  double last_live_ = 0;
};

void SayWhereItBegins(const TrainingOptions& options, Console& console) {
  const bool there = HasCheckpoint(options.checkpoint);
  if (options.resume && there) console.Line(fmt::format("Going on from {}.", options.checkpoint));
  if (options.resume && !there) {
    console.Line(fmt::format("There is no {}: starting from the beginning.", options.checkpoint));
  }
  if (!options.resume && there) {
    console.Line(fmt::format("Starting anew over {}; --resume would have gone on from it.", options.checkpoint));
  }
}

}  // namespace

TrainingResult RunUntilStopped(Trainable& task, const TrainingOptions& options, Threads& threads, Console& console,
                               const ProgressWords& words) {
  ProgressLines lines(console, words);
  TrainingHooks hooks;
  hooks.progress = [&](const Progress& progress) { lines.Show(progress); };
  return Train(task, options, threads, hooks);
}

namespace {

// Stopped in the middle of a step by a signal.
TrainingResult RunInterruptible(Trainable& task, const TrainingOptions& options, Threads& threads, Console& console,
                                const ProgressWords& words) {
  const StopSignals signals(threads);
  return RunUntilStopped(task, options, threads, console, words);
}

// Stopped before a step by a signal to any of them.
TrainingResult RunTogether(Trainable& task, const TrainingOptions& options, Threads& threads, ProcessGroup& group,
                           Console& console, const ProgressWords& words) {
  const StopSignals signals;
  ProgressLines lines(console, words);
  TrainingHooks hooks;
  hooks.progress = [&](const Progress& progress) { lines.Show(progress); };
  hooks.stop = [] { return StopSignal() != 0; };
  return Train(task, options, threads, group, hooks);
}

}  // namespace

void SayHowThreadsShare(const Trainable& task, const Threads& threads, const ProcessGroup& group, Console& console) {
  const size_t workers = ShardWorkerCount(task.shards(), group, threads.count()),
               count = static_cast<size_t>(threads.count());
  if (group.size() > 1 || workers == count) return;
  console.Line(
      fmt::format("{} threads share each operation, which costs time: a batch is {}, and with --shards {} each thread would "
                  "compute one.",
                  count / workers, Counted(task.shards(), "shard"), count));
}

TrainingResult RunTraining(Trainable& task, const TrainingOptions& options, Threads& threads, ProcessGroup& group,
                           Console& console, const ProgressWords& words) {
  SayWhereItBegins(options, console);
  const TrainingResult result = group.size() == 1 ? RunInterruptible(task, options, threads, console, words)
                                                  : RunTogether(task, options, threads, group, console, words);
  if (result.stopped || (group.size() == 1 && StopSignal() != 0)) {
    console.Line(fmt::format("Stopped after step {}. The same command with --resume goes on from there.", result.steps));
    throw Interrupted(StopSignal() != 0 ? StopSignal() : SIGTERM);
  }
  const std::vector<double> memory = FromAll(group, static_cast<double>(PeakMemory()));
  console.Line(fmt::format("{} in {}, {:.0f} MiB of memory at most{}{}; losses are in {}.", Counted(result.steps, "step"),
                           Duration(result.seconds), *std::max_element(memory.begin(), memory.end()) / (1 << 20),
                           group.size() == 1 ? "" : " in a process", HowItEnded(result), words.measure));
  if (group.size() > 1) {
    console.Line(fmt::format("{:.2f} ms a step passed with waiting for the gradients of other processes.",
                             1e3 * result.waited / static_cast<double>(std::max<int64_t>(result.steps, 1))));
  }
  if (const std::string curve = DescribeCurve(result); !curve.empty()) console.Line(curve);
  return result;
}

}  // namespace eddy
