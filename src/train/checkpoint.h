// A training checkpoint: all that a run needs to go on as if it had never stopped, in one safetensors file beside the model,
// written atomically. It carries a fingerprint of the options and data it belongs to.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "eddy/train.h"
#include "model/json.h"
#include "model/safetensors.h"

namespace eddy {

// By names such as "data/bytes", values as text. TrainingOptions::fingerprint and the options of the loop.
using Fingerprint = std::map<std::string, std::string>;

// The leaves of nested objects and lists, named by the way to them; a value is its JSON.
Fingerprint FlatFingerprint(const Json& object);

struct Checkpoint {
  Fingerprint fingerprint;  // what must be the same for the run to go on
  Json state;               // an object: the loop's counters and history, the task's state
  // weights/NAME, slots/NAME.SLOT (optimizer), average/NAME, best/NAME, task/NAME
  NamedTensors tensors;
};

void SaveCheckpoint(const std::string& path, const Checkpoint& checkpoint);
Checkpoint LoadCheckpoint(
    const std::string& path);  // throws Error for a file that is none, has changed or is of a later version
Checkpoint ParseCheckpoint(std::string_view bytes, Digests digests = Digests::kVerified);  // the same, from memory
std::string SerializeCheckpoint(const Checkpoint& checkpoint);

// Every entry that differs, with both values: "text" 7a (there 7b), ... Empty where none does.
std::string Differences(const Fingerprint& there, const Fingerprint& here);
// Throws one Error that lists them.
void RequireSameFingerprint(const Fingerprint& of_checkpoint, const Fingerprint& of_run);

}  // namespace eddy
