// What a classifier can be told, and the examples that it learns from.
#pragma once

#include <optional>
#include <string>

#include "data/examples.h"
#include "tasks/train_options.h"

namespace eddy {

struct ClassifierOptions {
  bool characters = false;           // sentences are read as characters; as words otherwise
  bool forward = false;              // read in one direction only
  std::optional<size_t> vocabulary;  // at most so many different words or characters
  std::optional<size_t> embedding;   // width of a word's vector
  std::optional<double> balance;     // how much rare classes are favoured: 0 as they are, 1 all alike
  std::optional<double> word_dropout;
  HeldOut held_out = {0.1, {}};
  TrainOptions train = {};
};

struct ExampleInput {
  std::string file;
  ExampleFields fields;
  bool no_header = false;
};

void Declare(ExampleInput& input, HeldOut& held_out, OptionTable& table);
void DeclareReading(ClassifierOptions& options, OptionTable& table);  // what a comparison has as well
void DeclareTraining(ClassifierOptions& options, OptionTable& table);

// What is read: what the file itself tells (CompleteFields) need not be told. Throws UsageError.
ExampleFields FieldsOf(const ExampleInput& input);

}  // namespace eddy
