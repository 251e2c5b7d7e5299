// What the training of every task can be told. What is left out keeps the default that the task chooses for the data.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "eddy/data.h"
#include "eddy/export.h"
#include "eddy/precision.h"

EDDY_API_BEGIN
namespace eddy {

// What is held out to judge by: a share of the data between 0 and 1, of which `most` examples are enough to tell how good a
// network is, or data of its own, all of them.
struct HeldOut {
  double share = 0;
  Data file = {};                                    // none for a share
  size_t most = std::numeric_limits<size_t>::max();  // examples, sentences or pairs
};

struct TrainOptions {
  // Network.
  std::optional<std::string>
      cell;                      // of the cell table; for tasks that take other layers, these and chains of them, "tcn+lstm"
  std::optional<size_t> hidden;  // units in a layer, 1 to 65,536
  std::optional<size_t> layers;  // on top of each other, 1 to 256
  std::optional<size_t> projection;   // width to which a layer's output is projected (Sak 2014); 0 for not
  bool residual = false;              // a layer's input is added to its output
  bool layer_norm = false;            // the products inside the cell are normalised (Ba 2016)
  bool learned_state = false;         // the initial state is learned; zero otherwise
  std::optional<double> forget_bias;  // of the forget gate at the start (Jozefowicz 2015)
  std::optional<double> state_clip;   // states are kept within +-this; 0 for no limit

  // Against learning by heart: probabilities in [0, 1).
  std::optional<double> dropout;              // of what enters and leaves the layers
  std::optional<double> variational_dropout;  // of inputs and state, one mask a sequence (Gal 2016)
  std::optional<double> recurrent_dropout;    // of the state, a mask a step
  std::optional<double> zoneout;              // of keeping a unit's state (Krueger 2017)
  std::optional<double> weight_decay;         // pull of the weights towards zero, at least 0

  // Optimization.
  std::optional<size_t> batch;                // sequences side by side
  std::optional<size_t> shards;               // parts of a batch that processes or threads can share
  Precision exchange = Precision::kFloat32;   // of the shards' gradients and their sums: float32 or bfloat16
  std::optional<std::string> optimizer;       // sgd, adagrad, rmsprop, adam or adamw
  std::optional<double> learning_rate;        // the highest over the run, above 0
  std::optional<std::string> schedule;        // of the rate: constant, cosine, step or plateau
  std::optional<double> warmup;               // share of the run over which the rate rises from 0, in [0, 1)
  std::optional<double> momentum;             // of sgd and rmsprop, in [0, 1)
  std::optional<std::string> clip;            // of gradients: "X" (norm), "value:X", "adaptive:X" or "none"
  std::optional<double> weight_average;       // decay of a running mean of the weights, in [0, 1); 0 for none
  Precision precision = Precision::kFloat32;  // of products: float32 or bfloat16

  // How long: one of epochs, steps and minutes at most.
  std::optional<double> epochs;  // times over the data, above 0
  std::optional<int64_t> steps;  // updates of the weights, at least 1
  std::optional<double> minutes;
  std::optional<int> validations;  // looks at the held-out data, evenly over the run
  std::optional<int> patience;     // ends the run after this many of them without improvement; 0 for never

  uint64_t seed = 1;  // of all that is random

  // The run: nothing of this changes what is learned.
  std::string checkpoint;                    // a file from which a run can go on; empty for none
  bool resume = false;                       // from the checkpoint, where there is one
  std::optional<double> checkpoint_seconds;  // at least this long between two
};

}  // namespace eddy
EDDY_API_END
