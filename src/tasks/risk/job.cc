#include "tasks/risk/job.h"

#include <fmt/format.h>

#include "eddy/ops.h"
#include "model/architecture.h"
#include "tasks/recurrent_setup.h"
#include "tasks/risk/calibration.h"
#include "tasks/risk/defaults.h"
#include "tasks/risk/head.h"
#include "tasks/risk/report.h"
#include "tasks/risk/result.h"
#include "tasks/risk/training.h"
#include "train/process_exchange.h"

namespace eddy {
namespace {

RiskSetup MakeSetup(const RiskOptions& options, const RiskData& data, ProcessGroup& group) {
  const Json given = CheckedJson(options, kRiskTask);
  RiskSetup setup = DefaultRiskSetup(data, options, group);
  Override(setup, options.train, setup.batching.unroll, kRiskTask, given, data.fingerprint);
  return setup;
}

class RiskJob : public Job {
 public:
  RiskJob(RiskData data, const RiskOptions& options, TaskContext& context)
      : data_(std::move(data)), setup_(MakeSetup(options, data_, context.group)), risk_(setup_.design, options.train.seed) {
    KeepTrained();
    StartFromFloor();
    training_ = std::make_unique<RiskTraining>(risk_, trained_, setup_.design.fits, uses_, setup_.batching,
                                               options.train.seed, context.threads, options.train.precision);
    SayWhatIsTrained(context);
  }

  Trainable& trainable() override { return *training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return "rows"; }
  std::string measure() const override { return "likelihood and joint score"; }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    risks_ = SharedOut(context.group, trained_.size(),
                       [&](size_t s) { return risk_.Run(trained_[s], setup_.design.fits[s], context.threads); });
    risk_.network().design().combination = ChooseCombination(risks_, uses_, risk_.design().levels);
    for (size_t s = 0; s < trained_.size(); ++s) {
      judged_.push_back({&trained_[s], &risks_[s], JudgedOrigins(trained_[s].size(), begins_[s], risk_.design().horizon)});
    }
    result_ = JudgeRisk(judged_, risk_.design());
    return MakeOutcome(result_);
  }

  Model ToModel(Threads& threads) override {
    return MakeRiskModel(
        risk_,
        {{"data", data_.fingerprint}, {"options", setup_.provenance}, {"steps", run_.steps}, {"best_step", run_.best_step}},
        threads);
  }

  Report MakeReport(Threads& threads) override {
    return MakeRiskReport(risk_, data_.prices, judged_, result_, run_, data_.source, threads);
  }

 private:
  // Series that train, in the order of the design's fits.
  void KeepTrained() {
    size_t fit = 0;
    for (size_t s = 0; s < data_.prices.series.size() && fit < setup_.design.fits.size(); ++s) {
      if (data_.prices.series[s].name != setup_.design.fits[fit].name) continue;
      trained_.push_back(data_.prices.series[s]);
      uses_.push_back(data_.split.uses[s]);
      begins_.push_back(data_.split.begins[s]);
      ++fit;
    }
  }

  // The untrained network says what the filtered historical simulation says, as the mean over series has it.
  void StartFromFloor() {
    const RiskDesign& design = setup_.design;
    std::vector<TailRisk> tails(design.levels.size());
    for (const SeriesFit& fit : design.fits) {
      for (size_t q = 0; q < tails.size(); ++q) {
        tails[q].value += fit.leverage_tails[q].value / static_cast<double>(design.fits.size());
        tails[q].shortfall += fit.leverage_tails[q].shortfall / static_cast<double>(design.fits.size());
      }
    }
    std::vector<Real> numbers(design.outputs(), 0);
    EncodeDensity(design.density, &numbers[1]);
    EncodeTails(tails, &numbers[design.density_parameters()]);
    if (!design.columns.realised.empty()) numbers.back() = Real(0.54);  // softplus of it is 1
    risk_.network().SetBias(numbers);
  }

  void SayWhatIsTrained(TaskContext& context) const {
    const RiskDesign& design = setup_.design;
    if (data_.split.untrained > 0) {
      context.line(fmt::format("{} series are too short to learn from before what is held out.", data_.split.untrained));
    }
    for (const ColumnTiming& each : data_.timings) {
      context.line(fmt::format("Column \"{}\": rank correlation with the return of its own day {:.2f}, of the next {:.2f}",
                               each.column, each.own, each.next));
    }
    size_t rows = 0, judged = 0;
    for (size_t s = 0; s < trained_.size(); ++s) {
      rows += trained_[s].size();
      judged += JudgedOrigins(trained_[s].size(), begins_[s], design.horizon).size();
    }
    context.line(
        fmt::format("Prices: {} series, {} returns; {} forecasts held out to judge by", trained_.size(), rows, judged));
    context.line(fmt::format("Network: {} of {}; batch {} of {} rows", design.members, Describe(design.encoder),
                             setup_.batching.rows, setup_.batching.unroll));
  }

  const RiskData data_;
  const RiskSetup setup_;
  std::vector<ReturnSeries> trained_;
  std::vector<std::vector<OriginUse>> uses_;
  std::vector<size_t> begins_;
  TrainedRisk risk_;
  std::unique_ptr<RiskTraining> training_;
  TrainingResult run_;
  std::vector<SeriesRisk> risks_;
  std::vector<JudgedSeries> judged_;
  RiskResult result_;
};

}  // namespace

std::unique_ptr<Job> MakeRiskJob(RiskData data, const RiskOptions& options, TaskContext& context) {
  return std::make_unique<RiskJob>(std::move(data), options, context);
}

}  // namespace eddy
