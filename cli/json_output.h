// What --json prints: one object, with the same first keys everywhere, then the verb's own.
//     {"eddy": VERSION, "verb": "train", "task": "text", "model": PATH, ...}
// docs/json.md lists the keys.
#pragma once

#include <string>

#include "eddy/train.h"
#include "model/json.h"

namespace eddy {

OrderedJson JsonResult(const std::string& verb, const std::string& task, const std::string& model);

// Under "training": steps, seconds, resumed, early, best_step, skipped_steps, peak_memory_bytes.
OrderedJson TrainingJson(const TrainingResult& result);

// NaN and infinity become null. Bytes that are not UTF-8, in a path say, become U+FFFD.
void PrintJson(const OrderedJson& json);

}  // namespace eddy
