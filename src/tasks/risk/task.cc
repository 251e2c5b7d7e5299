// The task "risk": what may be lost.
#include "tasks/task.h"

#include "tasks/risk/actions.h"
#include "tasks/risk/data.h"
#include "tasks/risk/job.h"
#include "tasks/risk/model.h"
#include "tasks/risk/report.h"

namespace eddy {
namespace {

class TrainRisk : public TrainAction {
 public:
  void Declare(OptionTable& table) override {
    table
        .Add("PRICES.csv", prices_, AnyText("PRICES.csv"),
             "prices with a header line; one series, or several below each other")
        .Required()
        .OfTheRun();
    eddy::Declare(options_, table);
  }
  std::string notes() const override {
    return R"(The end of each series is held out: it is neither trained on nor used to choose anything. At the end the network is judged
on it, day by day, beside historical simulation, moving averages, GARCH and GJR-GARCH, and with the tests that backtests
consist of. Columns beside the prices must be known at the end of their day: one that knows more is refused.
Examples:
  eddy train risk prices.csv --price Close --time Date -o prices.eddy --report prices.html
  eddy train risk prices.csv --price Close --time Date --high High --low Low --from 2024-01-01 -o prices.eddy
  eddy train risk stocks.csv --price close --time day --series stock --horizon 10 --levels 0.01 -o stocks.eddy)";
  }
  std::vector<std::string> reads() const override { return {prices_.name()}; }
  TrainOptions& options() override { return options_.train; }
  std::unique_ptr<Job> Prepare(TaskContext& context) override {
    return MakeRiskJob(LoadPrices(prices_, options_), options_, context);
  }

 private:
  Data prices_;
  RiskOptions options_;
};

class LoadedRisk : public LoadedModel {
 public:
  LoadedRisk(const Model& packed, Threads& threads)
      : risk_(LoadRisk(packed, threads)), training_(ObjectField(packed.description, "training")) {}
  std::vector<Parameter*> parameters() override { return risk_.network().parameters(); }
  void SetPrecision(Precision precision) override { risk_.network().SetPrecision(precision); }
  Model ToModel(Threads& threads) override { return MakeRiskModel(risk_, training_, threads); }
  Inside LookInside(const std::string& file, Threads& threads) override {
    return LookInsideRisk(risk_, ReadPricesOf(risk_.design(), file), threads);
  }

 private:
  TrainedRisk risk_;
  const Json training_;
};

class Risk : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {"risk",
                                  "Learn what may be lost: value at risk, expected shortfall and volatility of prices",
                                  "risk",
                                  "Say what may be lost tomorrow, and how well that was said in the past",
                                  "risk",
                                  R"(  eddy train risk prices.csv --price Close --time Date -o prices.eddy
  eddy risk prices.eddy prices.csv             tomorrow's value at risk and expected shortfall
)"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainRisk>(); }
  std::unique_ptr<UseAction> Use() const override { return MakeRiskUse(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return MakeRiskEvaluation(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads& threads) const override {
    return std::make_unique<LoadedRisk>(packed, threads);
  }
};

}  // namespace

const Task& RiskTask() {
  static const Risk task;
  return task;
}

}  // namespace eddy
