// The task "reserve": what insurers still have to pay.
#include "tasks/task.h"

#include "tasks/reserve/actions.h"
#include "tasks/reserve/data.h"
#include "tasks/reserve/job.h"
#include "tasks/reserve/model.h"
#include "tasks/reserve/report.h"

namespace eddy {
namespace {

class TrainReserve : public TrainAction {
 public:
  void Declare(OptionTable& table) override {
    table
        .Add("TRIANGLES.csv", triangles_, AnyText("TRIANGLES.csv"),
             "a row for each company, origin and development, with a header line")
        .Required()
        .OfTheRun();
    eddy::Declare(options_, table);
  }
  std::string notes() const override {
    return R"(Learned from is what was known at the valuation: an origin's first developments, of all companies and lines together. Where
the table shows what was paid later as well, that judges the network at the end, beside the chain ladder (Mack 1993) and the
Cape Cod method; it is never learned from.
Examples:
  eddy train reserve triangles.csv --company group --origin year --development lag --paid paid --premium premium -o claims.eddy
  eddy train reserve full.csv --company group --origin year --development lag --paid paid --premium premium \
    --incurred incurred --line line --valuation 1997 -o claims.eddy --report claims.html)";
  }
  std::vector<std::string> reads() const override { return {triangles_.name()}; }
  TrainOptions& options() override { return options_.train; }
  std::unique_ptr<Job> Prepare(TaskContext& context) override {
    return MakeReserveJob(LoadTriangles(triangles_, options_), options_, context);
  }

 private:
  Data triangles_;
  ReserveOptions options_;
};

class LoadedReserve : public LoadedModel {
 public:
  LoadedReserve(const Model& packed, Threads& threads)
      : reserve_(LoadReserve(packed, threads)), training_(ObjectField(packed.description, "training")) {}
  std::vector<Parameter*> parameters() override { return reserve_.network().parameters(); }
  void SetPrecision(Precision precision) override { reserve_.network().SetPrecision(precision); }
  Model ToModel(Threads& threads) override { return MakeReserveModel(reserve_, training_, threads); }
  Inside LookInside(const std::string& file, Threads& threads) override {
    return LookInsideReserve(reserve_, ReadTrianglesOf(reserve_.design(), file, {}), threads);
  }

 private:
  TrainedReserve reserve_;
  const Json training_;
};

class Reserve : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {
        "reserve",
        "Learn what insurers still have to pay: ultimate losses of claim triangles",
        "reserve",
        "Say what is still to be paid for claims that have happened, with its spread",
        "claim triangles",
        R"(  eddy train reserve claims.csv --company c --origin year --development lag --paid paid --premium premium -o claims.eddy
  eddy reserve claims.eddy claims.csv          ultimate losses and reserves by company
)"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainReserve>(); }
  std::unique_ptr<UseAction> Use() const override { return MakeReserveUse(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return MakeReserveEvaluation(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads& threads) const override {
    return std::make_unique<LoadedReserve>(packed, threads);
  }
};

}  // namespace

const Task& ReserveTask() {
  static const Reserve task;
  return task;
}

}  // namespace eddy
