// What is given, put over the setup of a task whose network is recurrent layers and nothing else that options change.
#pragma once

#include "model/json.h"
#include "tasks/train_options.h"
#include "train/checkpoint.h"

namespace eddy {

// A Setup has a design with an encoder of recurrent layers and a dropout, batching of rows and shards, training and
// provenance, which gets all that decides what is learned. `steps` are those of a row of a batch, `options` are the given
// ones as JSON, `data` their fingerprint. Throws Error.
template <class Setup>
void Override(Setup& setup, const TrainOptions& given, size_t steps, const char* task, const Json& options,
              const Json& data) {
  Override(*setup.design.encoder.stack(), given);
  Override(setup.training, given);
  if (given.dropout) setup.design.dropout = *given.dropout;
  if (given.batch) setup.batching.rows = *given.batch;
  setup.batching.shards = ShardsWithin(setup.batching.rows, steps, given);
  setup.provenance = {{"task", task},
                      {"network", ToJson(setup.design)},
                      {"batch", setup.batching.rows},
                      {"shards", setup.batching.shards},
                      {"options", options},
                      {"data", data}};
  setup.training.fingerprint = FlatFingerprint(setup.provenance);
}

}  // namespace eddy
