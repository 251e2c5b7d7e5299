// What a classifier can be told, and the examples that it learns from.
#pragma once

#include <optional>
#include <string>

#include "data/examples.h"
#include "eddy/tasks/classify.h"
#include "tasks/train_options.h"

namespace eddy {

void DeclareExamples(ClassifierOptions& options, OptionTable& table);  // but their file
void DeclareReading(ClassifierOptions& options, OptionTable& table);   // what a comparison has as well
void DeclareTraining(ClassifierOptions& options, OptionTable& table);

// What is read: what the file itself tells (CompleteFields) need not be told. Throws UsageError.
ExampleFields FieldsOf(const Data& data, const ClassifierOptions& options);

}  // namespace eddy
