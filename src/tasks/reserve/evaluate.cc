// eddy evaluate, of a model of reserves.
#include "eddy/error.h"
#include "tasks/reserve/actions.h"
#include "tasks/reserve/data.h"
#include "tasks/reserve/result.h"

namespace eddy {
namespace {

class EvaluateReserve : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override { DeclareValuation(valuation_, table); }
  std::string notes() const override {
    return R"(Of triangles: ultimate losses by what was known at the valuation, against what was paid in the end, which the table
shows as well.
  eddy evaluate claims.eddy full.csv --valuation 1997)";
  }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    return MakeOutcome(ResultOf(packed, input, context));
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    return {ResultOf(packed, input, context).all.network.mape, "MAPE"};
  }

 private:
  ReserveResult ResultOf(const Model& packed, const EvaluateInput& input, TaskContext& context) const {
    TrainedReserve reserve = LoadReserve(packed, context.threads);
    const TriangleSet set = ReadTrianglesOf(reserve.design(), input.data, valuation_);
    const ReserveResult result = JudgeReserves(ReservesOf(reserve, set, context.threads), set, reserve.design().errors);
    if (result.companies == 0) {
      Fail("evaluate", input.data.name(), "companies all of whose origins show their last development", "none");
    }
    return result;
  }

  std::optional<int64_t> valuation_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeReserveEvaluation() { return std::make_unique<EvaluateReserve>(); }

}  // namespace eddy
