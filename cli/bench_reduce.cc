#include "bench_reduce.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "json_output.h"
#include "output.h"
#include "processes.h"
#include "timing/exchange_timing.h"
#include "verb_options.h"

namespace eddy {
namespace {

constexpr size_t kMachines[] = {2, 4, 16, 64, 256, 1024};
constexpr size_t kMostMeasured = size_t{1} << 26;  // weights, of which the exchange itself is measured
constexpr double kWorthIt = 0.9;                   // of the time is computing

struct ReduceOptions {
  size_t weights = 1'000'000;
  std::string exchange = "float32";
  std::optional<double> step, latency, gigabits;  // milliseconds, microseconds, gigabits a second
  double timeout = 300;
  bool json = false;

  Precision precision() const { return PrecisionFromName(exchange); }
};

struct Measured {
  int processes = 0;
  std::vector<ExchangeTime> times;
  std::optional<double> gradient;  // seconds
};

// One number of machines, planned. Speeds are in steps of one machine's time.
struct PlanRow {
  size_t machines;
  double sharing;                       // seconds a step
  double least_step;                    // seconds a machine must compute between exchanges, to compute kWorthIt of the time
  std::optional<double> shared, grown;  // how many times as fast: the same batch, and one that grows with the machines
};

std::vector<PlanRow> Plan(const NetworkLimits& network, const ReduceOptions& options) {
  std::vector<PlanRow> rows;
  for (const size_t machines : kMachines) {
    const double sharing = SharingSeconds(network, machines, options.weights, options.precision());
    PlanRow& row = rows.emplace_back(PlanRow{machines, sharing, sharing * kWorthIt / (1 - kWorthIt), {}, {}});
    if (!options.step) continue;
    const auto count = static_cast<double>(machines);
    const double step = *options.step * 1e-3;
    row.shared = step / (step / count + sharing);
    row.grown = count * step / (step + sharing);
  }
  return rows;
}

void PrintMeasured(const Measured& measured) {
  PrintLine(fmt::format("{} processes, each sending to each; medians", measured.processes));
  PrintLine(fmt::format("{:>14}{:>16}{:>18}", "bytes to each", "microseconds", "MB/s out of each"));
  for (const auto& [bytes, seconds] : measured.times) {
    const double out = static_cast<double>(bytes) * (measured.processes - 1) / seconds;
    PrintLine(fmt::format("{:>14}{:>16.1f}{:>18.1f}", bytes, seconds * 1e6, out / 1e6));
  }
}

void PrintText(const Measured& measured, const NetworkLimits& network, const ReduceOptions& options) {
  if (measured.processes > 0) PrintMeasured(measured);
  PrintLine(fmt::format("A message takes {:.1f} microseconds, and {:.2f} gigabits a second leave a process.",
                        network.latency * 1e6, network.bandwidth * 8e-9));
  if (measured.gradient) {
    const double predicted =
        SharingSeconds(network, static_cast<size_t>(measured.processes), options.weights, options.precision());
    PrintLine(fmt::format("A gradient of {} weights in {} takes {:.2f} ms here, its sums with it; predicted are {:.2f}.",
                          options.weights, options.exchange, *measured.gradient * 1e3, predicted * 1e3));
  }
  const std::string speeds = options.step ? fmt::format("{:>17}{:>18}", "speed, one batch", "speed, as many") : "";
  PrintLine(fmt::format("\n{:>8}{:>16}{:>18}{}", "machines", "sharing, ms", "step for 90%, ms", speeds));
  for (const PlanRow& row : Plan(network, options)) {
    const std::string speed = row.shared ? fmt::format("{:>17.2f}{:>18.2f}", *row.shared, *row.grown) : "";
    PrintLine(fmt::format("{:>8}{:>16.2f}{:>18.1f}{}", row.machines, row.sharing * 1e3, row.least_step * 1e3, speed));
  }
}

void PrintReduceJson(const Measured& measured, const NetworkLimits& network, const ReduceOptions& options) {
  OrderedJson json = JsonResult("bench", "reduce", "");
  json.erase("model");  // there is none
  json["weights"] = options.weights;
  json["exchange"] = options.exchange;
  if (measured.processes > 0) {
    json["processes"] = measured.processes;
    for (const auto& [bytes, seconds] : measured.times) {
      json["exchanges"].push_back({{"bytes", bytes}, {"seconds", seconds}});
    }
  }
  if (measured.gradient) json["gradient_seconds"] = *measured.gradient;
  json["latency_seconds"] = network.latency;
  json["bytes_per_second"] = network.bandwidth;
  if (options.step) json["step_seconds"] = *options.step * 1e-3;
  for (const PlanRow& row : Plan(network, options)) {
    OrderedJson of_row = {
        {"machines", row.machines}, {"sharing_seconds", row.sharing}, {"least_step_seconds", row.least_step}};
    if (row.shared) {
      of_row["speed_of_one_batch"] = *row.shared;
      of_row["speed_of_as_many"] = *row.grown;
    }
    json["plan"].push_back(of_row);
  }
  PrintJson(json);
}

void PrintReduce(const Measured& measured, const NetworkLimits& network, const ReduceOptions& options) {
  options.json ? PrintReduceJson(measured, network, options) : PrintText(measured, network, options);
}

void RunBenchReduce(const ReduceOptions& options) {
  if (options.latency) return PrintReduce({}, {*options.latency * 1e-6, *options.gigabits * 1e9 / 8}, options);
  DoTogether(JoinProcesses(options.timeout), [&](ProcessGroup& group) {
    if (group.size() == 1) {
      throw UsageError(
          "bench reduce measures between processes (mpirun -n 2 eddy bench reduce), or plans with --latency and "
          "--bandwidth");
    }
    Measured measured{group.size(), TimeExchanges(group), {}};
    if (options.weights <= kMostMeasured) measured.gradient = TimeGradient(group, options.weights, options.precision());
    if (group.rank() == 0) PrintReduce(measured, LimitsOf(measured.times, group.size()), options);
  });
}

void Declare(ReduceOptions& o, OptionTable& table) {
  table.Group("What is planned");
  table.Add("weights", o.weights, WholeNumber(1, uint64_t{1} << 40), "of the network, as training says");
  table.Add("exchange", o.exchange, OneOf({"float32", "bf16"}), "of the gradient, as in training");
  table.Add("step", o.step, Above(0).Called("MS"), "milliseconds that one machine takes for a step: predicts the speed");
  table.Group("The network");
  table.Add("latency", o.latency, Above(0).Called("US"), "microseconds of a message, of a network that is not measured")
      .Usually("measured")
      .Needs("bandwidth");
  table.Add("bandwidth", o.gigabits, Above(0).Called("N"), "gigabits a second out of each machine")
      .Usually("measured")
      .Needs("latency");
  table.Group("Run");
  table.Add("timeout", o.timeout, Above(0).Called("N"), "seconds after which a process that does not answer is given up");
  table.Flag("json", o.json, "print the result as one JSON object, in seconds");
}

}  // namespace

void AddBenchReduce(CLI::App& bench) {
  CLI::App& verb =
      *bench.add_subcommand("reduce", "The exchange of gradients between processes, and what machines would gain");
  auto options = std::make_shared<ReduceOptions>();
  auto table = std::make_shared<OptionTable>();
  Declare(*options, *table);
  AddOptions(verb, *table);
  verb.footer(
      R"(Speeds are in steps of one machine's time, of one batch that the machines share and of a batch that is as many times
as large. "step for 90%" is what each machine must compute between two exchanges to compute 90% of the time.
Examples:
  mpirun -n 4 --hostfile hosts eddy bench reduce --weights 4000000 --step 1300
  eddy bench reduce --weights 4000000 --step 1300 --latency 30 --bandwidth 10)");
  verb.callback([options, table] { RunBenchReduce(*options); });
}

}  // namespace eddy
