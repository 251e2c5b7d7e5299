#include "json_output.h"

#include "eddy/version.h"
#include "learning_curve.h"
#include "output.h"
#include "peak_memory.h"

namespace eddy {

OrderedJson JsonResult(const std::string& verb, const std::string& task, const std::string& model) {
  return {{"eddy", EDDY_VERSION}, {"verb", verb}, {"task", task}, {"model", model}};
}

OrderedJson TrainingJson(const TrainingResult& result) {
  return {{"steps", result.steps},
          {"seconds", result.seconds},
          {"waited_seconds", result.waited},
          {"resumed", result.resumed},
          {"early", result.early},
          {"best_step", result.best_step},
          {"skipped_steps", result.history.skipped},
          {"peak_memory_bytes", PeakMemory()},
          {"curve", CurveJson(result)}};
}

void PrintJson(const OrderedJson& json) { PrintLine(json.dump(2, ' ', false, OrderedJson::error_handler_t::replace)); }

}  // namespace eddy
