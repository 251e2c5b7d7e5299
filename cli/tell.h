// What a verb says at its end, the same way for every task. A Result has AddResult(OrderedJson&, const Result&) and
// DescribeResult(const Result&) beside it.
#pragma once

#include <fmt/format.h>

#include "evaluate.h"
#include "json_output.h"
#include "output.h"
#include "train_options.h"

namespace eddy {

template <class Result>
void TellTraining(const char* task, const Result& result, const TrainingResult& run, const TrainOptions& options) {
  if (options.json) {
    OrderedJson json = JsonResult("train", task, options.output);
    AddResult(json, result);
    json["training"] = TrainingJson(run);
    PrintJson(json);
  } else if (!options.quiet) {
    PrintLine(DescribeResult(result));
    PrintLine(fmt::format("Wrote {}{}", options.output, options.report.empty() ? "" : " and " + options.report));
  }
}

template <class Result>
void TellEvaluation(const char* task, const Result& result, const EvaluateOptions& options) {
  if (options.json) {
    OrderedJson json = JsonResult("evaluate", task, options.model);
    json["data"] = options.file;
    AddResult(json, result);
    PrintJson(json);
  } else if (!options.quiet) {
    PrintLine(DescribeResult(result));
  }
}

}  // namespace eddy
