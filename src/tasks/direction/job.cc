#include "tasks/direction/job.h"

#include <fmt/format.h>

#include "model/architecture.h"
#include "tasks/direction/defaults.h"
#include "tasks/direction/report.h"
#include "tasks/direction/result.h"
#include "tasks/recurrent_setup.h"

namespace eddy {
namespace {

DirectionSetup MakeSetup(const DirectionOptions& options, const DirectionData& data) {
  const Json given = CheckedJson(options, kDirectionTask);
  RefuseLooks(options.train, "days to judge are not looked at in training");
  DirectionSetup setup = DefaultDirectionSetup(data, options);
  Override(setup, options.train, setup.batching.unroll, kDirectionTask, given, data.fingerprint);
  return setup;
}

class DirectionJob : public Job {
 public:
  DirectionJob(DirectionData data, const DirectionOptions& options, TaskContext& context)
      : data_(std::move(data)),
        setup_(MakeSetup(options, data_)),
        direction_(setup_.design, options.train.seed),
        training_(direction_, data_.prices, setup_.batching, options.train.seed, options.train.precision) {
    for (const ColumnTiming& each : data_.timings) {
      context.line(fmt::format("Column \"{}\": rank correlation with the return of its own day {:.2f}, of the next {:.2f}",
                               each.column, each.own, each.next));
    }
    const size_t refits = setup_.design.refits.size();
    context.line(fmt::format("Prices: {} series, judged from {}; {} days that rose or fell to learn from",
                             data_.prices.series.size(), data_.prices.axis.Format(setup_.design.refits[0].begin),
                             training_.labels()));
    context.line(fmt::format("Network: {} refit{}, each {} of {}; batch {} of {} days", refits, refits == 1 ? "" : "s",
                             setup_.design.members, Describe(direction_.design().encoder), setup_.batching.rows,
                             setup_.batching.unroll));
  }

  Trainable& trainable() override { return training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return "days"; }
  std::string measure() const override { return "nats a day"; }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    const std::vector<SeriesDirection> directions = direction_.Run(data_.prices, context.threads, context.group);
    result_ = JudgeDirections(data_.prices, directions, setup_.design.refits[0].begin, direction_.design());
    return MakeOutcome(result_);
  }

  Model ToModel(Threads& threads) override {
    return MakeDirectionModel(
        direction_,
        {{"data", data_.fingerprint}, {"options", setup_.provenance}, {"steps", run_.steps}, {"best_step", run_.best_step}},
        threads);
  }

  Report MakeReport(Threads& threads) override {
    return MakeDirectionReport(direction_, data_.prices, result_, run_, data_.source, threads);
  }

 private:
  const DirectionData data_;
  const DirectionSetup setup_;
  TrainedDirection direction_;
  DirectionTraining training_;
  TrainingResult run_;
  DirectionResult result_;
};

}  // namespace

std::unique_ptr<Job> MakeDirectionJob(DirectionData data, const DirectionOptions& options, TaskContext& context) {
  return std::make_unique<DirectionJob>(std::move(data), options, context);
}

}  // namespace eddy
