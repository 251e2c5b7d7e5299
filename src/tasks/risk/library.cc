// The public class RiskModel.
#include "tasks/library.h"

#include "eddy/tasks/risk.h"
#include "tasks/risk/backtest.h"
#include "tasks/risk/job.h"

namespace eddy {
namespace {

TrainedRisk Loaded(const Model& packed) {
  Threads threads(1);
  return LoadRisk(packed, threads);
}

}  // namespace

struct RiskModel::Impl {
  explicit Impl(const Model& packed) : risk(Loaded(packed)) {}
  mutable TrainedRisk risk;  // forecasts do not change it
};

RiskModel::RiskModel(const TrainedModel& model) : TrainedModel(model), impl_(std::make_shared<const Impl>(model.packed())) {}
RiskModel RiskModel::Load(const std::string& path) { return RiskModel(TrainedModel::Load(path)); }

std::vector<RiskForecast> RiskModel::Predict(const Data& table, int thread_count) const {
  Threads threads(thread_count);
  const RiskDesign& design = impl_->risk.design();
  return NextOf(RunOnPrices(impl_->risk, ReadPricesOf(design, table), {}, threads), design);
}

Trained<RiskModel> Train(const RiskOptions& options, const Data& table, const TrainHooks& hooks) {
  return TrainAs<RiskModel>([&](TaskContext& context) { return MakeRiskJob(LoadPrices(table, options), options, context); },
                            hooks);
}

}  // namespace eddy
