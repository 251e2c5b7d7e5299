// The public class Forecaster.
#include "tasks/library.h"

#include "eddy/error.h"
#include "eddy/tasks/forecast.h"
#include "tasks/forecast/job.h"
#include "tasks/forecast/model.h"

namespace eddy {
namespace {

size_t NearestToMedian(const std::vector<double>& quantiles) {
  size_t nearest = 0;
  for (size_t q = 1; q < quantiles.size(); ++q) {
    if (std::abs(quantiles[q] - 0.5) < std::abs(quantiles[nearest] - 0.5)) nearest = q;
  }
  return nearest;
}

ForecastModel Loaded(const Model& packed) {
  Threads threads(1);
  return LoadForecaster(packed, threads);
}

}  // namespace

std::vector<double> Forecast::Median() const {
  std::vector<double> median;
  const size_t q = NearestToMedian(quantiles);
  for (size_t i = q; i < values.size(); i += quantiles.size()) median.push_back(values[i]);
  return median;
}

struct Forecaster::Impl {
  explicit Impl(const Model& packed) : model(Loaded(packed)) {}
  mutable ForecastModel model;  // forecasts do not change it
};

Forecaster::Forecaster(const TrainedModel& model)
    : TrainedModel(model), impl_(std::make_shared<const Impl>(model.packed())) {}
Forecaster Forecaster::Load(const std::string& path) { return Forecaster(TrainedModel::Load(path)); }

size_t Forecaster::horizon() const { return impl_->model.design().horizon; }

std::vector<Forecast> Forecaster::Predict(const Data& table, int thread_count) const {
  Threads threads(thread_count);
  const ForecastDesign& design = impl_->model.design();
  const SeriesSet set = ReadSeriesOf(design, table);
  const std::vector<std::vector<double>> values = impl_->model.Forecast(set, FutureWindows(set, design.horizon), threads);
  std::vector<eddy::Forecast> forecasts;
  for (size_t i = 0; i < set.series.size(); ++i) {
    const Series& series = set.series[i];
    eddy::Forecast& forecast = forecasts.emplace_back(eddy::Forecast{series.name, {}, design.quantiles, values[i]});
    for (size_t h = 1; h <= design.horizon; ++h) {
      forecast.times.push_back(set.axis.Format(set.TimeAfter(series, series.times[series.size() - 1], h)));
    }
  }
  return forecasts;
}

Trained<Forecaster> Train(const ForecastOptions& options, const Data& table, const TrainHooks& hooks) {
  return TrainAs<Forecaster>(
      [&](TaskContext& context) { return MakeForecastJob(LoadSeries(table, options), options, context); }, hooks);
}

}  // namespace eddy
