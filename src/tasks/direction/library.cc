// The public class DirectionModel.
#include "tasks/library.h"

#include "eddy/tasks/direction.h"
#include "tasks/direction/backtest.h"
#include "tasks/direction/job.h"

namespace eddy {
namespace {

TrainedDirection Loaded(const Model& packed) {
  Threads threads(1);
  return LoadDirection(packed, threads);
}

}  // namespace

struct DirectionModel::Impl {
  explicit Impl(const Model& packed) : direction(Loaded(packed)) {}
  mutable TrainedDirection direction;  // forecasts do not change it
};

DirectionModel::DirectionModel(const TrainedModel& model)
    : TrainedModel(model), impl_(std::make_shared<const Impl>(model.packed())) {}
DirectionModel DirectionModel::Load(const std::string& path) { return DirectionModel(TrainedModel::Load(path)); }

std::vector<DirectionForecast> DirectionModel::Predict(const Data& table, int thread_count) const {
  Threads threads(thread_count);
  return NextOf(RunOnPrices(impl_->direction, table, {}, threads));
}

Trained<DirectionModel> Train(const DirectionOptions& options, const Data& table, const TrainHooks& hooks) {
  return TrainAs<DirectionModel>(
      [&](TaskContext& context) { return MakeDirectionJob(LoadDirectionPrices(table, options), options, context); }, hooks);
}

}  // namespace eddy
