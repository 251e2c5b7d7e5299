#include <fmt/format.h>

#include <algorithm>

#include "console.h"
#include "data/read_file.h"
#include "eddy/error.h"
#include "forecast_result.h"
#include "tasks/forecast_split.h"
#include "tell.h"
#include "train/checkpoint.h"

namespace eddy {
namespace {

// What is measured.
struct Material {
  std::string hash;  // of the file
  SeriesSet set;
  std::vector<Window> windows;
};

Material FindMaterial(const ForecastDesign& design, const EvaluateOptions& options) {
  const std::string text = ReadFile(options.file);
  Material material = {HashBytes(text), ReadSeries(ParseCsv(text, options.file), design.columns), {}};
  HoldOut hold_out;
  hold_out.rows = design.horizon;
  if (!options.from.empty()) {
    hold_out.from = material.set.axis.Parse(options.from);
    if (!hold_out.from) Fail("evaluate", "--from", "a time like those of the time column", Quoted(options.from));
  }
  material.windows = HeldOutWindows(material.set, hold_out, design.horizon);
  if (material.windows.empty()) {
    Fail("evaluate", options.file, "of series with a history and values to judge by", "without any");
  }
  return material;
}

// Whether the model was trained, or chosen, on what it is judged by.
bool HasSeen(const Model& model, const Material& material) {
  const Json& training = ObjectField(model.description, "training");
  if (StringField(ObjectField(training, "data"), "hash") != material.hash) return false;
  const Json& stored = ObjectField(training, "hold_out");
  HoldOut hold_out;
  hold_out.rows = static_cast<size_t>(IntegerField(stored, "rows", 0, kMostWindow));
  if (!Field(stored, "from").is_null()) hold_out.from = NumberField(stored, "from");
  return std::any_of(material.windows.begin(), material.windows.end(), [&](const Window& window) {
    return window.origin < HeldOutBegin(material.set.series[window.series], hold_out);
  });
}

}  // namespace

Figure MeasureForecastModel(const Model& model, const EvaluateOptions& options) {
  Threads threads(options.threads);
  Forecaster forecaster = LoadForecaster(model, threads);
  const Material material = FindMaterial(forecaster.design(), options);
  return {EvaluateForecaster(forecaster, material.set, material.windows, threads).network.mase, "MASE"};
}

void EvaluateForecast(const Model& model, const EvaluateOptions& options) {
  Console console(options.quiet);
  Threads threads(options.threads);
  Forecaster forecaster = LoadForecaster(model, threads);
  const Material material = FindMaterial(forecaster.design(), options);
  if (HasSeen(model, material)) {
    console.Line(fmt::format("The model was trained on some of these rows of {}: the figures flatter it.", options.file));
  }
  const ForecastResult result = EvaluateForecaster(forecaster, material.set, material.windows, threads);
  TellEvaluation(kForecastTask, result, options);
}

}  // namespace eddy
