// What the tasks' public classes have in common: a job run to its end, and what comes out as values.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "eddy/tasks/train.h"
#include "tasks/task.h"

namespace eddy {

Evaluation MakeEvaluation(const Outcome& outcome);

// A job run as "eddy train" runs it. Throws Error, and Stopped where `hooks` ended the run.
struct FinishedJob {
  std::shared_ptr<Job> job;
  Evaluation evaluation;
  TrainingSummary run;
  Model packed;
  std::function<void(const std::string& path)> write_report;
};
using PrepareJob = std::function<std::unique_ptr<Job>(TaskContext& context)>;
FinishedJob RunJob(const PrepareJob& prepare, const TrainHooks& hooks);

template <class PublicModel>
Trained<PublicModel> TrainAs(const PrepareJob& prepare, const TrainHooks& hooks) {
  FinishedJob finished = RunJob(prepare, hooks);
  return {PublicModel(TrainedModel::Parse(SerializeModel(finished.packed))), std::move(finished.evaluation),
          std::move(finished.run), std::move(finished.write_report)};
}

}  // namespace eddy
