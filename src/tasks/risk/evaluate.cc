// eddy evaluate, of a model of risk.
#include <fmt/format.h>

#include "eddy/error.h"
#include "tasks/risk/actions.h"
#include "tasks/risk/backtest.h"
#include "tasks/risk/data.h"
#include "tasks/risk/result.h"

namespace eddy {
namespace {

class EvaluateRisk : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("from", from_, AnyText("TIME"), "judge the days from this time on")
        .Usually("those that the model was not trained on");
  }
  std::string notes() const override {
    return R"(Of prices: each day is forecast from those before it.
  eddy evaluate prices.eddy prices.csv --from 2024-01-01)";
  }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    return MakeOutcome(ResultOf(packed, input, context));
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    return {ResultOf(packed, input, context).network.score, "FZ0"};
  }

 private:
  RiskResult ResultOf(const Model& packed, const EvaluateInput& input, TaskContext& context) const {
    TrainedRisk risk = LoadRisk(packed, context.threads);
    const PriceRisk run = RunOnPrices(risk, ReadPricesOf(risk.design(), input.data), from_, context.threads);
    if (run.seen) {
      context.line(
          fmt::format("The model was trained on some of these days of {}: the figures flatter it.", input.data.name()));
    }
    RiskResult result = JudgeRisk(run.judged, risk.design());
    if (result.days == 0) {
      Fail("evaluate", input.data.name(), "days that the model was not trained on, or --from", "none");
    }
    return result;
  }

  std::string from_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeRiskEvaluation() { return std::make_unique<EvaluateRisk>(); }

}  // namespace eddy
