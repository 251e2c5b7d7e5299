// The task "direction": whether prices go up or down.
#include "tasks/task.h"

#include "data/encoding.h"
#include "tasks/direction/actions.h"
#include "tasks/direction/data.h"
#include "tasks/direction/job.h"
#include "tasks/direction/model.h"
#include "tasks/direction/report.h"

namespace eddy {
namespace {

class TrainDirection : public TrainAction {
 public:
  void Declare(OptionTable& table) override {
    table
        .Add("PRICES.csv", prices_, AnyText("PRICES.csv"),
             "prices with a header line; one stock, or several below each other")
        .Required()
        .OfTheRun();
    eddy::Declare(options_, table);
  }
  std::string notes() const override {
    return R"(The last days are held out: they are neither trained on nor used to choose anything. At the end each is forecast from the days
before it, and judged beside the majority class and a logistic regression of the last returns, with intervals by day; what the
forecasts would have earned after costs stands beside holding everything, and its Sharpe ratio is deflated by all that was tried.
Columns beside the prices must be known at the end of their day: one that knows more is refused. Most prices cannot be forecast:
where the network is no better than chance, that is said.
Examples:
  eddy train direction stocks.csv --price close --time day --series stock -o stocks.eddy --report stocks.html
  eddy train direction stocks.csv --price close --time day --series stock --rise 0.55 --fall 0.5 --from 2024-10-01 --refits 3 \
    -o stocks.eddy)";
  }
  std::vector<std::string> reads() const override { return {prices_.name()}; }
  TrainOptions& options() override { return options_.train; }
  std::unique_ptr<Job> Prepare(TaskContext& context) override {
    return MakeDirectionJob(LoadDirectionPrices(prices_, options_), options_, context);
  }

 private:
  Data prices_;
  DirectionOptions options_;
};

class LoadedDirection : public LoadedModel {
 public:
  LoadedDirection(const Model& packed, Threads& threads)
      : direction_(LoadDirection(packed, threads)), training_(ObjectField(packed.description, "training")) {}
  std::vector<Parameter*> parameters() override { return direction_.network().parameters(); }
  void SetPrecision(Precision precision) override { direction_.network().SetPrecision(precision); }
  Model ToModel(Threads& threads) override { return MakeDirectionModel(direction_, training_, threads); }
  Inside LookInside(const std::string& file, Threads& threads) override {
    const PriceSet prices = ReadPrices(ReadDecoded(file).text, file, direction_.design().columns);
    return LookInsideDirection(direction_, prices, threads);
  }

 private:
  TrainedDirection direction_;
  const Json training_;
};

class Direction : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {"direction",
                                  "Learn whether prices go up or down, walk-forward over many stocks, with what that earns",
                                  "direction",
                                  "Say how likely prices are to go up, and how well that was said in the past",
                                  "direction",
                                  R"(  eddy train direction stocks.csv --price close --time day --series stock -o stocks.eddy
  eddy direction stocks.eddy stocks.csv        how likely each is to rise tomorrow
)"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainDirection>(); }
  std::unique_ptr<UseAction> Use() const override { return MakeDirectionUse(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return MakeDirectionEvaluation(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads& threads) const override {
    return std::make_unique<LoadedDirection>(packed, threads);
  }
};

}  // namespace

const Task& DirectionTask() {
  static const Direction task;
  return task;
}

}  // namespace eddy
