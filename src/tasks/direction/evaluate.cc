// eddy evaluate, of a model of direction.
#include <fmt/format.h>

#include "eddy/error.h"
#include "tasks/direction/actions.h"
#include "tasks/direction/backtest.h"
#include "tasks/direction/result.h"

namespace eddy {
namespace {

class EvaluateDirection : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("from", from_, AnyText("TIME"), "judge the days from this time on")
        .Usually("those that the model was not trained on");
  }
  std::string notes() const override {
    return R"(Of prices, whether they go up or down: each day is forecast from those before it, by the last refit that knows nothing of it.
  eddy evaluate stocks.eddy stocks.csv --from 2024-01-01)";
  }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    return MakeOutcome(ResultOf(packed, input, context));
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    return {100 * (1 - ResultOf(packed, input, context).network.accuracy), "% wrong"};
  }

 private:
  DirectionResult ResultOf(const Model& packed, const EvaluateInput& input, TaskContext& context) const {
    TrainedDirection direction = LoadDirection(packed, context.threads);
    const DirectionRun run = RunOnPrices(direction, input.data, from_, context.threads);
    if (run.seen) {
      context.line(
          fmt::format("The model was trained on some of these days of {}: the figures flatter it.", input.data.name()));
    }
    DirectionResult result = JudgeDirections(run.prices, run.directions, run.begin, direction.design());
    if (result.forecasts == 0) {
      Fail("evaluate", input.data.name(), "days that the model was not trained on, or --from", "none");
    }
    return result;
  }

  std::string from_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeDirectionEvaluation() { return std::make_unique<EvaluateDirection>(); }

}  // namespace eddy
