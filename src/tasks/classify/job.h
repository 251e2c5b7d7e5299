// The training of a classifier.
#pragma once

#include <memory>

#include "tasks/classify/data.h"
#include "tasks/classify/defaults.h"
#include "tasks/classify/options.h"
#include "tasks/task.h"

namespace eddy {

// The defaults for the data with what was given of how sentences are read. Throws UsageError.
ClassifierSetup SetupFor(const ClassData& data, const ExampleFields& fields, const ClassifierOptions& options);

std::unique_ptr<Job> MakeClassifierJob(ClassData data, const ExampleFields& fields, const ClassifierOptions& options,
                                       TaskContext& context);

}  // namespace eddy
