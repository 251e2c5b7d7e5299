// The options that training has for every task. What is not given on the command line keeps the default that the task chose
// for the data at hand.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "eddy/encoder.h"
#include "train/trainer.h"

namespace eddy {

struct TrainOptions {
  std::string output;  // the model

  // network
  std::optional<std::string> cell;
  std::optional<size_t> hidden, layers, projection;
  bool layer_norm = false, residual = false, learned_state = false;
  std::optional<double> forget_bias, state_clip;

  // against learning by heart
  std::optional<double> dropout, variational_dropout, recurrent_dropout, zoneout, weight_decay;

  // optimization
  std::optional<size_t> batch;
  std::optional<std::string> optimizer, schedule, clip;
  std::optional<double> learning_rate, momentum, warmup, weight_average;
  std::string precision = "float32";  // of products: float32 or bf16

  // how long
  std::optional<double> epochs, minutes;
  std::optional<int64_t> steps;
  std::optional<int> validations, patience;

  // the run
  uint64_t seed = 1;
  int threads = 1;  // AddTrainOptions sets it to the cores that the program may use
  bool resume = false, quiet = false, json = false;
  std::optional<double> checkpoint_seconds;
  std::string report;  // HTML; empty for none
};

void AddTrainOptions(CLI::App& verb, TrainOptions& options);
// Lets --cell name other layers and chains of them, for tasks whose network is an Encoder.
void AllowOtherLayers(CLI::App& verb);
void AddThreadsOption(CLI::App& verb, int& threads);

// --valid: a share between 0 and 1 when it is a number, else a file.
struct HeldOut {
  double share = 0;
  std::string file;  // empty for a share
};
HeldOut ParseHeldOut(const std::string& text);  // throws UsageError

Precision PrecisionOf(const TrainOptions& given);
// Put what was given over a task's defaults. `dropout` is left to the task, which knows where its network has it.
void Override(StackOptions& stack, const TrainOptions& given);
// The same for recurrent layers that may be replaced by others: these see `span` steps where --layers does not say how many
// there are. Throws UsageError for options that the layers do not have.
void Override(EncoderOptions& encoder, const TrainOptions& given, size_t span);
void Override(TrainingOptions& training, const TrainOptions& given);

}  // namespace eddy
