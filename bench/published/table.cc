#include "table.h"

#include <fmt/format.h>
#include <malloc.h>

#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include "model/json.h"
#include "tasks/train_options.h"
#include "usage.h"
#include "verb_options.h"

namespace eddy::published {
namespace {

constexpr double kWarmup = 0.02;

void Declare(Command& c, const Defaults& defaults, OptionTable& table) {
  if (!defaults.data.empty()) table.Add("FOLDER", c.folder, AnyText("FOLDER"), defaults.data).Required();
  table.Add("models", c.models, Architectures(), "as eddy's --cell");
  table.Add("table", c.table, AnyText("WORD"), "only the table with this in its title");
  table.Add("layers", c.layers, WholeNumber(1, 16), "of cells").Usually("the recipe's");
  table.Add("minutes", c.minutes, Above(0), "of processor time for each model and thread");
  table.Add("rate", c.rate, Above(0), "the highest learning rate");
  table.Add("clip", c.clip, Above(0), "limit to the norm of the gradients");
  table.Add("seed", c.seed, WholeNumber(0, ~uint64_t{0}), "of weights, data and dropout");
  table.Add("threads", c.threads, WholeNumber(1, Threads::kMost), "the result does not depend on it");
  table.Flag("json", c.json, "one JSON object a table, on a line");
}

// On standard error, where tables and JSON do not go.
void ShowProgress(const std::string& model, const Progress& progress) {
  if (!progress.validated) return;
  fmt::print(stderr, "{}: {:.1f} minutes, step {} of about {}, loss {:.5g}, held out {:.5g}\n", model, progress.seconds / 60,
             progress.step, progress.total, progress.loss, progress.validation);
}

// Four digits, as small errors have many zeros.
std::string Number(double value) { return fmt::format("{:.4g}", value); }

void PrintHeader(const Recipe& recipe, const Published& published) {
  fmt::print("{}: {} ({} is better)\n", recipe.title, recipe.measure, recipe.accuracy ? "more" : "less");
  fmt::print("{:16} {:>10} {:>10} {:>10} {:>8} {:>8}  {}\n", "", "parameters", "ours", "paper", "steps", "minutes",
             "layers");
  for (const auto& [name, figure] : published.floors) fmt::print("{:16} {:>10} {:>10}\n", name, "", Number(figure));
  std::fflush(stdout);
}

void PrintRow(const std::string& model, const Outcome& outcome, const Published& published) {
  const auto paper = published.figures.find(model);
  fmt::print("{:16} {:>10} {:>10} {:>10} {:>8} {:>8.1f}  {}\n", model, outcome.parameters, Number(outcome.figure),
             paper == published.figures.end() ? "" : Number(paper->second), outcome.training.steps,
             outcome.training.seconds / 60, outcome.layers);
  std::fflush(stdout);
}

Json RowJson(const std::string& model, const Outcome& outcome, const Published& published) {
  const auto paper = published.figures.find(model);
  return {{"model", model},
          {"layers", outcome.layers},
          {"parameters", outcome.parameters},
          {"figure", outcome.figure},
          {"paper", paper == published.figures.end() ? Json() : Json(paper->second)},
          {"steps", outcome.training.steps},
          {"best_step", outcome.training.best_step},
          {"minutes", outcome.training.seconds / 60}};
}

// Of the processor, each thread's share: what else the machine does shortens no training.
double ProcessorSeconds(int threads) {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9) / threads;
}

// Training makes and drops the same large arrays every step: without this each would go back to the system and be zeroed
// again by it.
void KeepFreedMemory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

}  // namespace

TrainingOptions Command::Training() const {
  TrainingOptions training;
  training.optimizer.name = "adam";
  training.schedule.rate = rate;
  training.schedule.warmup = kWarmup;
  training.limit = "minutes";
  training.amount = minutes;
  training.clip_limit = clip;
  return training;
}

std::string Command::File(const std::string& name) const {
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  if (!std::filesystem::exists(path)) throw UsageError(fmt::format("there is no {}: {}", path.string(), data));
  return path.string();
}

void RunTable(const Command& command, Recipe recipe, const Published& published) {
  if (recipe.title.find(command.table) == std::string::npos) return;
  if (command.layers) recipe.layers = *command.layers;
  Threads threads(command.threads);
  Json rows = Json::array(), floors = Json::object();
  for (const auto& [name, figure] : published.floors) floors[name] = figure;
  if (!command.json) PrintHeader(recipe, published);
  for (const std::string& model : command.models) {
    TrainingHooks hooks;
    hooks.clock = [&] { return ProcessorSeconds(command.threads); };
    hooks.progress = [&](const Progress& progress) { ShowProgress(model, progress); };
    const Outcome outcome = TrainAndTest(recipe, model, command.seed, threads, hooks);
    if (!command.json) PrintRow(model, outcome, published);
    rows.push_back(RowJson(model, outcome, published));
  }
  if (!command.json) return;
  const Json table = {{"table", recipe.title}, {"measure", recipe.measure},  {"floors", floors},
                      {"seed", command.seed},  {"threads", command.threads}, {"rate", command.rate},
                      {"clip", command.clip},  {"minutes", command.minutes}, {"models", rows}};
  fmt::print("{}\n", DumpJson(table, "the table"));
}

int Main(int argc, char** argv, const Defaults& defaults, const std::function<void(const Command&)>& run) {
  KeepFreedMemory();
  Command command;
  command.data = defaults.data;
  command.minutes = defaults.minutes;
  command.rate = defaults.rate;
  command.clip = defaults.clip;
  command.models = SplitList(defaults.models);
  CLI::App app(defaults.description, defaults.program);
  OptionTable table;
  Declare(command, defaults, table);
  AddOptions(app, table);
  const auto fail = [&](int code, const std::string& message) {
    fmt::print(stderr, "{}: {}\n", defaults.program, message);
    return code;
  };
  try {
    app.parse(argc, argv);
    if (command.models.empty()) throw UsageError("--models must name a model");
    run(command);
    return 0;
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    return fail(2, DescribeUsageError(app, error));
  } catch (const UsageError& error) {
    return fail(2, error.what());
  } catch (const std::exception& error) {
    return fail(1, error.what());
  }
}

}  // namespace eddy::published
