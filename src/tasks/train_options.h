// The options that training has for every task (eddy/tasks/train_options.h): declared, and put over a task's defaults.
#pragma once

#include <string>

#include "eddy/encoder.h"
#include "eddy/tasks/train_options.h"
#include "eddy/train.h"
#include "options/option_table.h"

namespace eddy {

inline constexpr const char* kFromData = "chosen for the data";

// Whether --cell may name other layers and chains of them, for tasks whose network is an Encoder.
enum class Layers { kRecurrent, kAny };
void Declare(TrainOptions& options, OptionTable& table, Layers layers);

ValueRange Architectures();  // of layers and chains of them (architecture.h)

void ParseHeldOut(const std::string& text, HeldOut& held_out);  // a number is a share; throws UsageError
std::string ShowHeldOut(const HeldOut& held_out);
Option& AddHeldOut(OptionTable& table, HeldOut& held_out, const std::string& help);  // --valid P|FILE
// The share of `count` examples that is held out of them.
double ShareOf(const HeldOut& held_out, size_t count);
// --start MODEL, with which to go on: of the run, since what that model is, and not where, must be the same to resume.
Option& AddStart(OptionTable& table, std::string& start, const std::string& help);

// Put what was given over a task's defaults. Throw Error for recurrent layers whose weights there is no memory to train,
// before these are drawn. `dropout` is left to the task, which knows where its network has it.
void Override(StackOptions& stack, const TrainOptions& given);
// The same for recurrent layers that may be replaced by others: these see `span` steps where --layers does not say how many
// there are. Throws UsageError for options that the layers do not have.
void Override(EncoderOptions& encoder, const TrainOptions& given, size_t span);
void Override(TrainingOptions& training, const TrainOptions& given);

// For training that holds nothing out, as `why` says: throws UsageError for options of what is held out.
void RefuseLooks(const TrainOptions& given, const char* why);

// A task's options as JSON. Throws UsageError for one out of its range.
template <class Options>
Json CheckedJson(Options options, const std::string& task) {
  OptionTable table;
  Declare(options, table);
  table.Check(task);
  return table.ToJson();
}

// How many shards a batch of so many rows, each of about so many steps, is cut into; the same for any number of processes.
// Throws UsageError where there are more than rows, and where there is one, for options of several.
size_t ShardsWithin(size_t rows, size_t steps, const TrainOptions& given);

}  // namespace eddy
