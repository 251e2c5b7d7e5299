#include "train_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "architecture_option.h"
#include "tasks/architecture.h"
#include "train/checkpoint.h"
#include "usage.h"

namespace eddy {
namespace {

constexpr uint64_t kMostUnits = 1 << 16;
constexpr uint64_t kMostLayers = 256;
constexpr uint64_t kMostBatch = 1 << 20;
constexpr const char* kFromData = "chosen for the data";

std::vector<std::string> CellNames() {
  std::vector<std::string> names;
  for (const CellType* cell : Cells()) names.emplace_back(CellName(*cell));
  return names;
}

void AddNetwork(CLI::App& verb, TrainOptions& o) {
  const char* group = "Network";
  verb.add_option("--cell", o.cell, "recurrent cell; \"eddy cells\" lists them")
      ->type_name("NAME")
      ->default_str("lstm")
      ->check(OneOf(CellNames()))
      ->group(group);
  verb.add_option("--hidden", o.hidden, "units in a layer")
      ->type_name("N")
      ->default_str(kFromData)
      ->check(WholeNumberIn(1, kMostUnits))
      ->group(group);
  verb.add_option("--layers", o.layers, "layers on top of each other")
      ->type_name("N")
      ->default_str("1")
      ->check(WholeNumberIn(1, kMostLayers))
      ->group(group);
  verb.add_option("--projection", o.projection, "project a layer's output to this width; 0 for not")
      ->type_name("N")
      ->default_str("0")
      ->check(WholeNumberIn(0, kMostUnits))
      ->group(group);
  verb.add_flag("--residual", o.residual, "add a layer's input to its output")->group(group);
  verb.add_flag("--layer-norm", o.layer_norm, "normalise the products inside the cell")->group(group);
  verb.add_flag("--learned-state", o.learned_state, "learn the initial state; it is zero otherwise")->group(group);
  verb.add_option("--forget-bias", o.forget_bias, "forget gate's bias at the start")
      ->type_name("X")
      ->default_str("1")
      ->check(NumberIn(-100, 100))
      ->group(group);
  verb.add_option("--state-clip", o.state_clip, "keep states within +-X; 0 for no limit")
      ->type_name("X")
      ->default_str("0")
      ->check(NumberIn(0, 1e6))
      ->group(group);
}

void AddRegularization(CLI::App& verb, TrainOptions& o) {
  const char* group = "Against learning by heart";
  const auto add_probability = [&](const char* name, std::optional<double>& value, const char* description) {
    verb.add_option(name, value, description)->type_name("P")->default_str("0")->check(Probability())->group(group);
  };
  add_probability("--dropout", o.dropout, "of what enters and leaves the layers");
  verb.get_option("--dropout")->default_str(kFromData);
  add_probability("--variational-dropout", o.variational_dropout, "of inputs and state, one mask a sequence (Gal 2016)");
  add_probability("--recurrent-dropout", o.recurrent_dropout, "of the state, a mask a step");
  add_probability("--zoneout", o.zoneout, "of keeping a unit's state (Krueger 2017)");
  verb.add_option("--weight-decay", o.weight_decay, "pull of the weights towards zero")
      ->type_name("X")
      ->default_str(kFromData)
      ->check(NumberIn(0, 1e6))
      ->group(group);
}

void AddOptimization(CLI::App& verb, TrainOptions& o) {
  const char* group = "Optimization";
  verb.add_option("--batch", o.batch, "sequences side by side")
      ->type_name("N")
      ->default_str(kFromData)
      ->check(WholeNumberIn(1, kMostBatch))
      ->group(group);
  verb.add_option("--optimizer", o.optimizer, "sgd, adagrad, rmsprop, adam or adamw")
      ->type_name("NAME")
      ->default_str("adamw")
      ->check(OneOf({"sgd", "adagrad", "rmsprop", "adam", "adamw"}))
      ->group(group);
  verb.add_option("--learning-rate", o.learning_rate, "the highest over the run")
      ->type_name("X")
      ->default_str(kFromData)
      ->check(Above(0))
      ->group(group);
  verb.add_option("--schedule", o.schedule, "of the learning rate: constant, cosine, step or plateau")
      ->type_name("NAME")
      ->default_str("cosine")
      ->check(OneOf({"constant", "cosine", "step", "plateau"}))
      ->group(group);
  verb.add_option("--warmup", o.warmup, "share of the run over which the rate rises from 0")
      ->type_name("P")
      ->default_str(kFromData)
      ->check(Probability())
      ->group(group);
  verb.add_option("--momentum", o.momentum, "of sgd and rmsprop")
      ->type_name("P")
      ->default_str("0")
      ->check(Probability())
      ->group(group);
  verb.add_option("--clip", o.clip, "gradient limit: X (norm), value:X, adaptive:X or none")
      ->type_name("LIMIT")
      ->default_str("1")
      ->group(group);
  verb.add_option("--precision", o.precision, "of products: float32, or bf16, faster where the processor has it")
      ->type_name("NAME")
      ->capture_default_str()
      ->check(OneOf({"float32", "bf16"}))
      ->group(group);
  verb.add_option("--weight-average", o.weight_average, "decay of a running mean of the weights; 0 for none")
      ->type_name("P")
      ->default_str(kFromData)
      ->check(Probability())
      ->group(group);
}

void AddLength(CLI::App& verb, TrainOptions& o) {
  const char* group = "How long (one of epochs, steps and minutes)";
  CLI::Option* epochs = verb.add_option("--epochs", o.epochs, "times over the data")
                            ->type_name("N")
                            ->default_str(kFromData)
                            ->check(Above(0))
                            ->group(group);
  CLI::Option* steps = verb.add_option("--steps", o.steps, "updates of the weights")
                           ->type_name("N")
                           ->check(WholeNumberIn(1, uint64_t{1} << 40))
                           ->group(group);
  CLI::Option* minutes = verb.add_option("--minutes", o.minutes, "of time")->type_name("N")->check(Above(0))->group(group);
  epochs->excludes(steps)->excludes(minutes);
  steps->excludes(minutes);
  verb.add_option("--validations", o.validations, "looks at the held-out data, evenly over the run")
      ->type_name("N")
      ->default_str("20")
      ->check(WholeNumberIn(1, 1'000'000))
      ->group(group);
  verb.add_option("--patience", o.patience, "end after this many of them without improvement; 0 for never")
      ->type_name("N")
      ->default_str(kFromData)
      ->check(WholeNumberIn(0, 1'000'000))
      ->group(group);
}

void AddRun(CLI::App& verb, TrainOptions& o) {
  const char* group = "Run";
  verb.add_option("-o,--output", o.output, "where to write the model")->type_name("MODEL")->required()->group(group);
  verb.add_option("--report", o.report, "write an HTML report on what happened")->type_name("FILE.html")->group(group);
  verb.add_flag("--resume", o.resume, "go on from the checkpoint beside MODEL")->group(group);
  verb.add_option("--checkpoint-seconds", o.checkpoint_seconds, "at least this long between two checkpoints")
      ->type_name("N")
      ->default_str("5")
      ->check(NumberIn(0, 1e6))
      ->group(group);
  verb.add_option("--seed", o.seed, "of all that is random")->type_name("N")->capture_default_str()->group(group);
  AddThreadsOption(verb, o.threads);
  verb.add_flag("--quiet", o.quiet, "say nothing but errors")->group(group);
  verb.add_flag("--json", o.json, "print the result as one JSON object on stdout")->group(group);
}

// "1", "value:0.5", "adaptive:0.01", "none".
void ParseClip(const std::string& text, TrainingOptions& training) {
  if (text == "none") {
    training.clip = "none";
    return;
  }
  const size_t colon = text.find(':');
  const std::string kind = colon == std::string::npos ? "norm" : text.substr(0, colon);
  const std::string limit = colon == std::string::npos ? text : text.substr(colon + 1);
  double value = 0;
  const bool known = kind == "norm" || kind == "value" || kind == "adaptive";
  if (!known || !Above(0)(limit).empty() || !CLI::detail::lexical_cast(limit, value)) {
    throw UsageError(fmt::format("--clip must be X, value:X, adaptive:X (X above 0) or none, but is {}", text));
  }
  training.clip = kind;
  training.clip_limit = value;
}

template <class T, class U>
void Set(U& to, const std::optional<T>& given) {
  if (given) to = static_cast<U>(*given);
}

}  // namespace

void AddThreadsOption(CLI::App& verb, int& threads) {
  threads = std::min(UsableCores(), Threads::kMost);
  verb.add_option("--threads", threads, "the result does not depend on it")
      ->type_name("N")
      ->default_str("cores it may use")
      ->check(WholeNumberIn(1, Threads::kMost))
      ->group("Run");
}

void AddTrainOptions(CLI::App& verb, TrainOptions& options) {
  AddRun(verb, options);
  AddLength(verb, options);
  AddNetwork(verb, options);
  AddOptimization(verb, options);
  AddRegularization(verb, options);
}

void AllowOtherLayers(CLI::App& verb) {
  CLI::Option& cell = *verb.get_option("--cell");
  cell.description(fmt::format("{}; A+B chains them", kLayerNames));
  cell.get_validator()->active(false);
  cell.check(Architecture());
  verb.get_option("--layers")->description("layers, or blocks of those that have blocks, on top of each other");
  verb.get_option("--hidden")->description("units in a layer, channels of those that have none");
}

HeldOut ParseHeldOut(const std::string& text) {
  double share = 0;
  if (!CLI::detail::lexical_cast(text, share)) return {0, text};
  if (!(share > 0 && share < 1)) {
    throw UsageError(fmt::format("--valid must be a share between 0 and 1 or a file, but is {}", text));
  }
  return {share, {}};
}

void Override(StackOptions& stack, const TrainOptions& given) {
  Set(stack.layers, given.layers);
  stack.residual |= given.residual;
  RecurrentOptions& layer = stack.layer;
  Set(layer.cell, given.cell);
  Set(layer.hidden, given.hidden);
  Set(layer.projection, given.projection);
  layer.layer_norm |= given.layer_norm;
  layer.learned_state |= given.learned_state;
  Set(layer.forget_bias, given.forget_bias);
  Set(layer.state_clip, given.state_clip);
  Set(layer.variational_dropout, given.variational_dropout);
  Set(layer.recurrent_dropout, given.recurrent_dropout);
  Set(layer.zoneout, given.zoneout);
}

void Override(EncoderOptions& encoder, const TrainOptions& given, size_t span) {
  StackOptions& stack = *encoder.stack();
  TrainOptions recurrent = given;
  recurrent.cell.reset();
  Override(stack, recurrent);
  if (given.dropout) stack.dropout = *given.dropout;
  if (given.cell) Compose(encoder, *given.cell, span, given.layers);
  const auto all = [&]<class Layer>(std::type_identity<Layer>) {
    return std::ranges::all_of(encoder.layers, [](const LayerOptions& l) { return std::holds_alternative<Layer>(l); });
  };
  if (given.layers && all(std::type_identity<Conv1dOptions>())) {
    throw UsageError("--layers is not an option of conv, which is one layer; conv+conv are two");
  }
  if (given.residual && all(std::type_identity<WindowedRecurrentOptions>())) {
    throw UsageError(fmt::format("--residual is not an option of {}", *given.cell));
  }
  if (HasRecurrent(encoder)) return;
  const auto refuse = [&](bool is_given, const char* option) {
    if (is_given)
      throw UsageError(fmt::format("{} is an option of recurrent layers, which {} has not", option, *given.cell));
  };
  refuse(given.projection.has_value(), "--projection");
  refuse(given.residual, "--residual");
  refuse(given.layer_norm, "--layer-norm");
  refuse(given.learned_state, "--learned-state");
  refuse(given.forget_bias.has_value(), "--forget-bias");
  refuse(given.state_clip.has_value(), "--state-clip");
  refuse(given.variational_dropout.has_value(), "--variational-dropout");
  refuse(given.recurrent_dropout.has_value(), "--recurrent-dropout");
  refuse(given.zoneout.has_value(), "--zoneout");
}

Precision PrecisionOf(const TrainOptions& given) {
  return given.precision == "bf16" ? Precision::kBfloat16 : Precision::kFloat32;
}

void Override(TrainingOptions& training, const TrainOptions& given) {
  Set(training.optimizer.name, given.optimizer);
  Set(training.optimizer.momentum, given.momentum);
  Set(training.optimizer.weight_decay, given.weight_decay);
  Set(training.schedule.name, given.schedule);
  Set(training.schedule.rate, given.learning_rate);
  Set(training.schedule.warmup, given.warmup);
  Set(training.average_decay, given.weight_average);
  Set(training.validations, given.validations);
  Set(training.patience, given.patience);
  if (given.clip) ParseClip(*given.clip, training);
  const auto limit = [&](const char* name, const auto& amount) {
    if (!amount) return;
    training.limit = name;
    training.amount = static_cast<double>(*amount);
  };
  limit("epochs", given.epochs);
  limit("steps", given.steps);
  limit("minutes", given.minutes);
  Set(training.checkpoint_seconds, given.checkpoint_seconds);
  training.checkpoint = CheckpointPath(given.output);
  training.resume = given.resume;
}

}  // namespace eddy
