#include "tasks/reserve/job.h"

#include <fmt/format.h>

#include "eddy/error.h"
#include "model/architecture.h"
#include "tasks/recurrent_setup.h"
#include "tasks/reserve/defaults.h"
#include "tasks/reserve/report.h"
#include "tasks/reserve/result.h"

namespace eddy {
namespace {

ReserveSetup MakeSetup(const ReserveOptions& options, const ReserveData& data) {
  const Json given = CheckedJson(options, kReserveTask);
  if (options.members == 1) RefuseLooks(options.train, "--members 1 leaves nothing out");
  ReserveSetup setup = DefaultReserveSetup(data, options);
  Override(setup, options.train, data.set.developments, kReserveTask, given, data.fingerprint);
  return setup;
}

class ReserveJob : public Job {
 public:
  ReserveJob(ReserveData data, const ReserveOptions& options, TaskContext& context)
      : data_(std::move(data)),
        setup_(MakeSetup(options, data_)),
        reserve_(setup_.design, options.train.seed),
        training_(reserve_, data_.set, setup_.batching, options.train.seed, context.threads, options.train.precision) {
    if (training_.views() == 0) Fail("reserve", data_.source, "origins with a further development to learn from", "none");
    context.line(fmt::format("Triangles: {} of {} line{}, {} origins, {} developments, known until {}; {} views of origins",
                             data_.set.triangles.size(), setup_.design.patterns.size(),
                             setup_.design.patterns.size() == 1 ? "" : "s", data_.set.origins(), data_.set.developments,
                             data_.set.first + static_cast<int64_t>(data_.set.calendar), training_.views()));
    context.line(fmt::format("Network: {} of {}; batch {}", setup_.design.members, Describe(reserve_.design().encoder),
                             setup_.batching.rows));
  }

  Trainable& trainable() override { return training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return "views"; }
  std::string measure() const override { return "nats a payment"; }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    ReserveDesign& design = reserve_.network().design();
    design.errors = MeasureErrors(reserve_, data_.set, context.threads, context.group);
    reserves_ = ReservesOf(reserve_, data_.set, context.threads, context.group);
    result_ = JudgeReserves(reserves_, data_.set, design.errors);
    return MakeOutcome(result_);
  }

  Model ToModel(Threads& threads) override {
    return MakeReserveModel(
        reserve_,
        {{"data", data_.fingerprint}, {"options", setup_.provenance}, {"steps", run_.steps}, {"best_step", run_.best_step}},
        threads);
  }

  Report MakeReport(Threads& threads) override {
    return MakeReserveReport(reserve_, data_.set, reserves_, result_, run_, data_.source, threads);
  }

 private:
  const ReserveData data_;
  const ReserveSetup setup_;
  TrainedReserve reserve_;
  ReserveTraining training_;
  TrainingResult run_;
  std::vector<CompanyReserve> reserves_;
  ReserveResult result_;
};

}  // namespace

std::unique_ptr<Job> MakeReserveJob(ReserveData data, const ReserveOptions& options, TaskContext& context) {
  return std::make_unique<ReserveJob>(std::move(data), options, context);
}

}  // namespace eddy
