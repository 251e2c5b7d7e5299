#include <fmt/format.h>

#include <memory>

#include "base/counted.h"
#include "bench_reduce.h"
#include "eddy/cell.h"
#include "json_output.h"
#include "model/architecture.h"
#include "output.h"
#include "timing/layer_timing.h"
#include "verb_options.h"
#include "verbs.h"

namespace eddy {
namespace {

struct BenchOptions {
  LayerProblem problem;
  std::string precision = "float32";
  int threads = 1;
  bool json = false;
};

constexpr size_t kMostSize = size_t{1} << 20;

std::string Plan(const LayerProblem& problem, const LayerTiming& timing) {
  const std::string how = timing.team == 1  ? "on one thread"
                          : timing.by_units ? fmt::format("{} threads split the units and meet at each step", timing.team)
                                            : fmt::format("{} threads split the rows and never meet", timing.team);
  const auto kib = [](size_t bytes) { return (bytes + 1023) / 1024; };
  return fmt::format(
      "{}: {} steps x {} rows x {} inputs x {} units, {}\n"
      "Plan: {}; the input product of {} at a time\n"
      "Weights: W {} KiB, U {} KiB; kept for the backward: {} KiB",
      problem.layer.cell, problem.steps, problem.rows, problem.layer.input, problem.layer.hidden,
      PrecisionName(problem.precision), how, Counted(timing.block_steps, "step"), kib(timing.input_bytes),
      kib(timing.weight_bytes), kib(timing.kept_bytes));
}

std::string Limits(const MachineLimits& limits) {
  std::string text = fmt::format("Limits of a core: {:.0f} G operations/s", limits.operations / 1e9);
  if (limits.weight_bytes > 0) text += fmt::format(", U at {:.0f} GB/s", limits.weight_bytes / 1e9);
  text +=
      fmt::format(", a unit's step in {:.2f} ns and back in {:.2f}", limits.forward_unit * 1e9, limits.backward_unit * 1e9);
  if (limits.barrier > 1e-8) text += fmt::format(", a barrier in {:.0f} ns", limits.barrier * 1e9);
  return text;
}

void PrintTable(const LayerTiming& timing) {
  const auto row = [](std::string_view name, double inference, double training) {
    const auto cell = [](double seconds) { return seconds > 0 ? fmt::format("{:.1f}", seconds * 1e6) : std::string("-"); };
    PrintLine(fmt::format("{:<22}{:>14}{:>14}", name, cell(inference), cell(training)));
  };
  const bool trains = timing.training > 0;
  PrintLine(fmt::format("\n{:<22}{:>14}{:>14}", "microseconds", "inference", "training"));
  for (const LayerTiming::Part& part : timing.parts) row(part.name, part.inference, trains ? part.training : 0);
  const double inference = timing.Predicted(&LayerTiming::Part::inference);
  const double training = timing.Predicted(&LayerTiming::Part::training);
  row("predicted", inference, trains ? training : 0);
  row("measured", timing.inference, timing.training);
  PrintLine(fmt::format("{:<22}{:>14.2f}{:>14}", "predicted / measured", inference / timing.inference,
                        trains ? fmt::format("{:.2f}", training / timing.training) : "-"));
}

void PrintPlanJson(const LayerProblem& problem, const LayerTiming& timing) {
  OrderedJson json = JsonResult("bench", "plan", "");
  json.erase("model");  // there is none
  json["cell"] = problem.layer.cell;
  json["precision"] = PrecisionName(problem.precision);
  json["T"] = problem.steps;
  json["B"] = problem.rows;
  json["D"] = problem.layer.input;
  json["H"] = problem.layer.hidden;
  json["threads"] = timing.team;
  json["split"] = timing.team == 1 ? "none" : timing.by_units ? "units" : "rows";
  json["block_steps"] = timing.block_steps;
  json["input_bytes"] = timing.input_bytes;
  json["weight_bytes"] = timing.weight_bytes;
  json["kept_bytes"] = timing.kept_bytes;
  for (const bool training : {false, true}) {
    if (training && timing.training == 0) continue;
    OrderedJson& times = json[training ? "training" : "inference"];
    for (const LayerTiming::Part& part : timing.parts) {
      times["parts"][part.name] = training ? part.training : part.inference;
    }
    times["predicted"] = timing.Predicted(training ? &LayerTiming::Part::training : &LayerTiming::Part::inference);
    times["measured"] = training ? timing.training : timing.inference;
  }
  PrintJson(json);
}

void RunBenchPlan(BenchOptions& options) {
  LayerProblem& problem = options.problem;
  problem.precision = PrecisionFromName(options.precision);
  Threads threads(options.threads);
  const LayerTiming timing = TimeLayer(problem, threads);
  if (options.json) return PrintPlanJson(problem, timing);
  PrintLine(Plan(problem, timing));
  PrintLine(Limits(timing.limits));
  PrintTable(timing);
}

void Declare(BenchOptions& o, OptionTable& table) {
  LayerProblem& problem = o.problem;
  problem.layer.input = problem.layer.hidden = 128;
  const ValueRange size = WholeNumber(1, kMostSize);
  table.Group("Shape");
  table.Add("cell", problem.layer.cell, OneOf(CellNames()), "as \"eddy cells\" lists them");
  table.Add("steps", problem.steps, size, "steps");
  table.Add("batch", problem.rows, size, "rows");
  table.Add("input", problem.layer.input, size, "inputs");
  table.Add("hidden", problem.layer.hidden, size, "hidden units");
  table.Add("precision", o.precision, OneOf({"float32", "bf16", "int8"}), "of products; int8 is for inference");
  DeclareThreads(o.threads, table);
  table.Flag("json", o.json, "print the result as one JSON object, in seconds");
}

}  // namespace

void AddBench(CLI::App& app) {
  CLI::App& bench = *app.add_subcommand("bench", "Measure layers on this machine, and what sharing a training costs");
  bench.require_subcommand(1);
  CLI::App& verb = *bench.add_subcommand("plan", "The plan for a layer's shape, and its time, predicted and measured");
  auto options = std::make_shared<BenchOptions>();
  auto table = std::make_shared<OptionTable>();
  Declare(*options, *table);
  AddOptions(verb, *table);
  verb.footer(
      R"(The prediction is what the machine's limits leave: products at full speed, or as fast as weights come from the
cache; nothing in between.
Examples:
  eddy bench plan --cell gru --hidden 256 --input 256 --batch 1
  eddy bench plan --batch 64 --hidden 512 --precision bf16 --threads 1)");
  verb.callback([options, table] { RunBenchPlan(*options); });
  AddBenchReduce(bench);
}

}  // namespace eddy
