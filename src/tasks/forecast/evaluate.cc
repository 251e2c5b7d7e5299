// eddy evaluate, of a forecaster.
#include <fmt/format.h>

#include <algorithm>

#include "data/digest.h"
#include "data/encoding.h"
#include "eddy/error.h"
#include "tasks/forecast/actions.h"
#include "tasks/forecast/data.h"
#include "tasks/forecast/model.h"
#include "tasks/forecast/result.h"

namespace eddy {
namespace {

// What is measured.
struct Material {
  std::string hash;  // of the file
  SeriesSet set;
  std::vector<Window> windows;
};

Material FindMaterial(const ForecastDesign& design, const Data& data, const std::string& from) {
  const std::string text = ReadDecoded(data).text;
  Material material = {DigestOf(text), ReadSeriesOf(design, text, data.name()), {}};
  HoldOut hold_out;
  hold_out.rows = design.horizon;
  if (!from.empty()) {
    hold_out.from = material.set.axis.Parse(from);
    if (!hold_out.from) Fail("evaluate", "--from", "a time like those of the time column", Quoted(from));
  }
  material.windows = HeldOutWindows(material.set, hold_out, design.horizon);
  if (material.windows.empty()) {
    Fail("evaluate", data.name(), "of series with a history and values to judge by", "without any");
  }
  return material;
}

// Whether the model was trained, or chosen, on what it is judged by.
bool HasSeen(const Model& packed, const Material& material) {
  const Json& training = ObjectField(packed.description, "training");
  if (StringField(ObjectField(training, "data"), "hash") != material.hash) return false;
  const HoldOut hold_out = HoldOutFromJson(ObjectField(training, "hold_out"));
  return std::any_of(material.windows.begin(), material.windows.end(), [&](const Window& window) {
    return window.origin < HeldOutBegin(material.set.series[window.series], hold_out);
  });
}

class EvaluateForecast : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("from", from_, AnyText("TIME"), "forecast everything from this time on, a horizon at a time")
        .Usually("the last horizon");
  }
  std::string notes() const override {
    return R"(The last horizon of each series is forecast from what comes before it.
  eddy evaluate sales.eddy sales.csv --from 2024-01-01)";
  }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    ForecastModel model = LoadForecaster(packed, context.threads);
    const Material material = FindMaterial(model.design(), input.data, from_);
    if (HasSeen(packed, material)) {
      context.line(
          fmt::format("The model was trained on some of these rows of {}: the figures flatter it.", input.data.name()));
    }
    return MakeOutcome(EvaluateForecaster(model, material.set, material.windows, context.threads));
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    ForecastModel model = LoadForecaster(packed, context.threads);
    const Material material = FindMaterial(model.design(), input.data, from_);
    return {EvaluateForecaster(model, material.set, material.windows, context.threads).network.mase, "MASE"};
  }

 private:
  std::string from_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeForecastEvaluation() { return std::make_unique<EvaluateForecast>(); }

}  // namespace eddy
