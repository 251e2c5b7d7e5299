// The public class ReserveModel.
#include "tasks/library.h"

#include "eddy/tasks/reserve.h"
#include "tasks/reserve/evaluation.h"
#include "tasks/reserve/job.h"

namespace eddy {
namespace {

TrainedReserve Loaded(const Model& packed) {
  Threads threads(1);
  return LoadReserve(packed, threads);
}

}  // namespace

struct ReserveModel::Impl {
  explicit Impl(const Model& packed) : reserve(Loaded(packed)) {}
  mutable TrainedReserve reserve;  // forecasts do not change it
};

ReserveModel::ReserveModel(const TrainedModel& model)
    : TrainedModel(model), impl_(std::make_shared<const Impl>(model.packed())) {}
ReserveModel ReserveModel::Load(const std::string& path) { return ReserveModel(TrainedModel::Load(path)); }

std::vector<ReserveForecast> ReserveModel::Predict(const Data& table, std::optional<int64_t> valuation,
                                                   int thread_count) const {
  Threads threads(thread_count);
  const ReserveDesign& design = impl_->reserve.design();
  const TriangleSet set = ReadTrianglesOf(design, table, valuation);
  return PublicForecasts(ReservesOf(impl_->reserve, set, threads), set, design.errors);
}

Trained<ReserveModel> Train(const ReserveOptions& options, const Data& table, const TrainHooks& hooks) {
  return TrainAs<ReserveModel>(
      [&](TaskContext& context) { return MakeReserveJob(LoadTriangles(table, options), options, context); }, hooks);
}

}  // namespace eddy
