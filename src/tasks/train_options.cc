#include "tasks/train_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "eddy/cell.h"
#include "eddy/error.h"
#include "model/architecture.h"
#include "train/memory_plan.h"

namespace eddy {
namespace {

constexpr uint64_t kMostUnits = 1 << 16;
constexpr uint64_t kMostLayers = 256;
constexpr uint64_t kMostBatch = 1 << 20;
constexpr uint64_t kMostShards = 1 << 12;

void DeclareNetwork(TrainOptions& o, OptionTable& table, Layers layers) {
  table.Group("Network");
  if (layers == Layers::kAny) {
    table.Add("cell", o.cell, Architectures(), fmt::format("{}; A+B chains them", LayerNames())).Usually("lstm");
  } else {
    table.Add("cell", o.cell, OneOf(CellNames()), "recurrent cell; \"eddy cells\" lists them").Usually("lstm");
  }
  const bool any = layers == Layers::kAny;
  table
      .Add("hidden", o.hidden, WholeNumber(1, kMostUnits),
           any ? "units in a layer, channels of those that have none" : "units in a layer")
      .Usually(kFromData);
  table
      .Add("layers", o.layers, WholeNumber(1, kMostLayers),
           any ? "layers, or blocks of those that have blocks, on top of each other" : "layers on top of each other")
      .Usually("1");
  table.Add("projection", o.projection, WholeNumber(0, kMostUnits), "project a layer's output to this width; 0 for not")
      .Usually("0");
  table.Flag("residual", o.residual, "add a layer's input to its output");
  table.Flag("layer-norm", o.layer_norm, "normalise the products inside the cell");
  table.Flag("learned-state", o.learned_state, "learn the initial state; it is zero otherwise");
  table.Add("forget-bias", o.forget_bias, Number(-100, 100), "forget gate's bias at the start").Usually("1");
  table.Add("state-clip", o.state_clip, Number(0, 1e6), "keep states within +-X; 0 for no limit").Usually("0");
}

void DeclareRegularization(TrainOptions& o, OptionTable& table) {
  table.Group("Against learning by heart");
  table.Add("dropout", o.dropout, Probability(), "of what enters and leaves the layers").Usually(kFromData);
  table
      .Add("variational-dropout", o.variational_dropout, Probability(),
           "of inputs and state, one mask a sequence (Gal 2016)")
      .Usually(kFromData);
  table.Add("recurrent-dropout", o.recurrent_dropout, Probability(), "of the state, a mask a step").Usually("0");
  table.Add("zoneout", o.zoneout, Probability(), "of keeping a unit's state (Krueger 2017)").Usually("0");
  table.Add("weight-decay", o.weight_decay, Number(0, 1e6), "pull of the weights towards zero").Usually(kFromData);
}

// "1", "value:0.5", "adaptive:0.01", "none".
bool ParseClip(const std::string& text, std::string& kind, double& limit) {
  kind = "none";
  if (text == "none") return true;
  const size_t colon = text.find(':');
  kind = colon == std::string::npos ? "norm" : text.substr(0, colon);
  const std::string number = colon == std::string::npos ? text : text.substr(colon + 1);
  if ((kind != "norm" && kind != "value" && kind != "adaptive") || !Above(0).problem(number).empty()) return false;
  limit = std::stod(number);
  return true;
}

ValueRange Clips() {
  return {"LIMIT", [](const std::string& text) {
            std::string kind;
            double limit = 0;
            if (ParseClip(text, kind, limit)) return std::string();
            return fmt::format("must be X, value:X, adaptive:X (X above 0) or none, but is {}", text);
          }};
}

void DeclareOptimization(TrainOptions& o, OptionTable& table) {
  table.Group("Optimization");
  table.Add("batch", o.batch, WholeNumber(1, kMostBatch), "sequences side by side").Usually(kFromData);
  table
      .Add("shards", o.shards, WholeNumber(1, kMostShards),
           "parts of a batch, computed apart and summed in one order: as many processes or threads can share it")
      .Usually("4, or fewer of small batches");
  table.Add(
      "exchange", [&o](const std::string& text) { o.exchange = PrecisionFromName(text); },
      [&o] { return std::string(PrecisionName(o.exchange)); }, OneOf({"float32", "bf16"}),
      "of the shards' gradients: float32, or bf16, half the bytes between processes");
  table
      .Add("optimizer", o.optimizer, OneOf({"sgd", "adagrad", "rmsprop", "adam", "adamw"}),
           "sgd, adagrad, rmsprop, adam or adamw")
      .Usually("adamw");
  table.Add("learning-rate", o.learning_rate, Above(0), "the highest over the run").Usually(kFromData);
  table
      .Add("schedule", o.schedule, OneOf({"constant", "cosine", "step", "plateau"}),
           "of the learning rate: constant, cosine, step or plateau")
      .Usually("cosine");
  table.Add("warmup", o.warmup, Probability(), "share of the run over which the rate rises from 0").Usually(kFromData);
  table.Add("momentum", o.momentum, Probability(), "of sgd and rmsprop").Usually("0");
  table.Add("clip", o.clip, Clips(), "gradient limit: X (norm), value:X, adaptive:X or none").Usually("1");
  table.Add(
      "precision", [&o](const std::string& text) { o.precision = PrecisionFromName(text); },
      [&o] { return std::string(PrecisionName(o.precision)); }, OneOf({"float32", "bf16"}),
      "of products: float32, or bf16, faster where the processor has it");
  table.Add("weight-average", o.weight_average, Probability(), "decay of a running mean of the weights; 0 for none")
      .Usually(kFromData);
}

// The trainer guards these itself: a run that goes on may be given more time.
void DeclareLength(TrainOptions& o, OptionTable& table) {
  table.Group("How long (one of epochs, steps and minutes)");
  table.Add("epochs", o.epochs, Above(0).Called("N"), "times over the data")
      .Usually(kFromData)
      .Excludes("steps")
      .Excludes("minutes")
      .OfTheRun();
  table.Add("steps", o.steps, WholeNumber(1, uint64_t{1} << 40), "updates of the weights").Excludes("minutes").OfTheRun();
  table.Add("minutes", o.minutes, Above(0).Called("N"), "of time").OfTheRun();
  table
      .Add("validations", o.validations, WholeNumber(1, 1'000'000),
           "looks at the held-out data, in a tenth of the time of the run")
      .Usually("20; 50 of series");
  table
      .Add("patience", o.patience, WholeNumber(0, 1'000'000), "end after this many of them without improvement; 0 for never")
      .Usually(kFromData);
}

void DeclareRun(TrainOptions& o, OptionTable& table) {
  table.Group("Run");
  table.Add("seed", o.seed, WholeNumber(0, ~uint64_t{0}), "of all that is random");
  table.Flag("resume", o.resume, "go on from the checkpoint beside MODEL").OfTheRun();
  table
      .Add("checkpoint-seconds", o.checkpoint_seconds, Number(0, 1e6).Called("N"),
           "at least this long between two checkpoints")
      .Usually("5")
      .OfTheRun();
}

// Each shard costs a pass over the gradient, and products of few rows are slow: of smaller ones one process would be slower
// by more than a few hundredths.
size_t DefaultShards(size_t rows, size_t steps) {
  constexpr size_t kMost = 4, kLeastRows = 16, kLeastPositions = 512;
  size_t shards = kMost;
  while (shards > 1 && (rows / shards < kLeastRows || rows * steps / shards < kLeastPositions)) shards /= 2;
  return shards;
}

template <class T>
void Set(T& option, const auto& given) {
  if (given) option = static_cast<T>(*given);
}

std::string WhatIsWrong(const std::string& part) {
  const size_t colon = part.find(':');
  if (colon == std::string::npos) {
    std::vector<std::string> names = CellNames();
    names.insert(names.end(), OtherLayerNames().begin(), OtherLayerNames().end());
    return OneOf(names).problem(part);
  }
  const std::string wrong = OneOf(HybridNames()).problem(part.substr(0, colon));
  return wrong.empty() ? OneOf(CellNames()).problem(part.substr(colon + 1)) : wrong;
}

}  // namespace

void Declare(TrainOptions& options, OptionTable& table, Layers layers) {
  DeclareNetwork(options, table, layers);
  DeclareRegularization(options, table);
  DeclareOptimization(options, table);
  DeclareLength(options, table);
  DeclareRun(options, table);
}

ValueRange Architectures() {
  return {"NAME", [](const std::string& name) {
            for (const std::string& part : SplitArchitecture(name)) {
              if (std::string wrong = WhatIsWrong(part); !wrong.empty()) return wrong;
            }
            return std::string();
          }};
}

void ParseHeldOut(const std::string& text, HeldOut& held_out) {
  double share = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), share);
  if (error != std::errc() || end != text.data() + text.size()) {
    held_out = {.file = text};
    return;
  }
  if (!(share > 0 && share < 1)) {
    throw UsageError(fmt::format("--valid must be a share between 0 and 1 or a file, but is {}", text));
  }
  held_out = {.share = share};
}

std::string ShowHeldOut(const HeldOut& held_out) {
  return held_out.file.empty() ? fmt::format("{}", held_out.share) : held_out.file.name();
}

double ShareOf(const HeldOut& held_out, size_t count) {
  return std::min(held_out.share, static_cast<double>(held_out.most) / static_cast<double>(std::max<size_t>(count, 1)));
}

Option& AddHeldOut(OptionTable& table, HeldOut& held_out, const std::string& help) {
  return table
      .Add(
          "valid", [&held_out](const std::string& text) { ParseHeldOut(text, held_out); },
          [&held_out] { return ShowHeldOut(held_out); }, AnyText("P|FILE"), help)
      .Takes([&held_out](const std::vector<Data>& data) {
        if (data.size() != 1) throw UsageError("--valid: takes one set of data");
        held_out = {.file = data.front()};
      });
}

Option& AddStart(OptionTable& table, std::string& start, const std::string& help) {
  return table.Add("start", start, AnyText("MODEL"), help).OfTheRun();
}

namespace {

// What recurrent layers take at least: the weights that multiply states and the outputs of layers below, each with its
// gradient and the optimizer's two moments, or none.
void RequireRoom(const StackOptions& stack, const TrainOptions& given) {
  const RecurrentOptions& layer = stack.layer;
  const CellFacts facts = FactsOf(FindCell(layer.cell));
  const auto hidden = static_cast<double>(layer.hidden), layers = static_cast<double>(stack.layers);
  const double width = layer.projection > 0 ? static_cast<double>(layer.projection) : hidden;
  const double square = facts.gates * hidden * width * (stack.bidirectional ? 2 : 1);
  const double copies = given.optimizer == "sgd" ? 2 : 4;
  RequireMemory({copies * sizeof(Real) * square * (layers - 1 + (facts.products > 0 ? layers : 0)), 0}, MachineMemory());
}

void SetStack(StackOptions& stack, const TrainOptions& given) {
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

// Calls visit(whether it is given, name) for each option that recurrent layers alone have.
template <class Visit>
void ForOptionsOfRecurrentLayers(const TrainOptions& given, const Visit& visit) {
  visit(given.projection.has_value(), "--projection");
  visit(given.residual, "--residual");
  visit(given.layer_norm, "--layer-norm");
  visit(given.learned_state, "--learned-state");
  visit(given.forget_bias.has_value(), "--forget-bias");
  visit(given.state_clip.has_value(), "--state-clip");
  visit(given.variational_dropout.has_value(), "--variational-dropout");
  visit(given.recurrent_dropout.has_value(), "--recurrent-dropout");
  visit(given.zoneout.has_value(), "--zoneout");
}

}  // namespace

void Override(StackOptions& stack, const TrainOptions& given) {
  SetStack(stack, given);
  RequireRoom(stack, given);
}

void Override(EncoderOptions& encoder, const TrainOptions& given, size_t span) {
  if (StackOptions* const stack = encoder.stack()) {
    TrainOptions recurrent = given;
    recurrent.cell.reset();
    SetStack(*stack, recurrent);
    if (given.dropout) stack->dropout = *given.dropout;
    if (given.cell) Compose(encoder, *given.cell, span, given.layers);
  } else {  // a chain of layers that training starts from
    const auto refuse = [](bool is_given, const char* option) {
      if (is_given) throw UsageError(fmt::format("{} cannot change the layers of a model that is a chain of them", option));
    };
    refuse(given.cell.has_value(), "--cell");
    refuse(given.hidden.has_value(), "--hidden");
    refuse(given.layers.has_value(), "--layers");
    ForOptionsOfRecurrentLayers(given, refuse);
    return;
  }
  for (const LayerOptions& layer : encoder.layers) {
    if (const auto* const recurrent_layers = std::get_if<StackOptions>(&layer)) RequireRoom(*recurrent_layers, given);
  }
  const auto all = [&]<class Layer>(std::type_identity<Layer>) {
    return std::ranges::all_of(encoder.layers, [](const LayerOptions& l) { return std::holds_alternative<Layer>(l); });
  };
  const auto is_one_layer = [](const LayerOptions& layer) {
    return std::holds_alternative<Conv1dOptions>(layer) || std::holds_alternative<MultiHeadAttentionOptions>(layer);
  };
  if (given.layers && std::ranges::all_of(encoder.layers, is_one_layer)) {
    throw UsageError("--layers is not an option of conv and heads, which are one layer; conv+conv are two");
  }
  if (given.residual && all(std::type_identity<WindowedRecurrentOptions>())) {
    throw UsageError(fmt::format("--residual is not an option of {}", *given.cell));
  }
  if (HasRecurrent(encoder)) return;
  const auto refuse = [&](bool is_given, const char* option) {
    if (is_given)
      throw UsageError(fmt::format("{} is an option of recurrent layers, which {} has not", option, *given.cell));
  };
  ForOptionsOfRecurrentLayers(given, refuse);
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
  if (given.clip) ParseClip(*given.clip, training.clip, training.clip_limit);
  const auto limit = [&](const char* name, const auto& amount) {
    if (!amount) return;
    training.limit = name;
    training.amount = static_cast<double>(*amount);
  };
  limit("epochs", given.epochs);
  limit("steps", given.steps);
  limit("minutes", given.minutes);
  Set(training.checkpoint_seconds, given.checkpoint_seconds);
  training.checkpoint = given.checkpoint;
  training.exchange = given.exchange;
  training.resume = given.resume;
}

void RefuseLooks(const TrainOptions& given, const char* why) {
  const auto refuse = [&](bool is_given, const char* option) {
    if (is_given) throw UsageError(fmt::format("{} is of losses on what is held out: {}", option, why));
  };
  refuse(given.patience.value_or(0) > 0, "--patience");
  refuse(given.validations.has_value(), "--validations");
  refuse(given.schedule == "plateau", "--schedule plateau");
}

size_t ShardsWithin(size_t rows, size_t steps, const TrainOptions& given) {
  const size_t shards = given.shards.value_or(DefaultShards(rows, steps));
  if (shards > rows) {
    throw UsageError(fmt::format("--shards must be at most the {} sequences of a batch, but is {}", rows, shards));
  }
  if (shards == 1 && given.exchange != Precision::kFloat32) {
    throw UsageError("--exchange is of the gradients of several --shards, and a batch is one here");
  }
  return shards;
}

}  // namespace eddy
