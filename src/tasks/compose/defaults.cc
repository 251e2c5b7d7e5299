#include "tasks/compose/defaults.h"

#include <algorithm>

#include "tasks/compose/common_key.h"

namespace eddy {
namespace {

constexpr double kLeastSteps = 4000;  // so that a few pieces are learned, too

}  // namespace

ComposeSetup DefaultComposeSetup(const MusicSet& train, MusicGrid grid, const MusicTime& time, bool joint, bool harmonise) {
  ComposeSetup setup;
  ComposeDesign& design = setup.design;
  design.grid = grid;
  design.time = time;
  design.harmonise = harmonise;
  design.joint = joint && !design.events();
  design.key_units = design.joint ? 128 : 0;
  design.embedding = design.events() ? 128 : 0;
  design.dropout = 0.3;
  StackOptions stack;
  stack.layer.hidden = 256;
  stack.layers = 1;
  stack.dropout = design.dropout;
  stack.layer.variational_dropout = 0.2;
  if (harmonise) {
    design.melody = stack;
    design.melody.layer.hidden = 128;
    design.melody.bidirectional = true;
  }
  design.encoder = {design.inputs(), {stack}};
  setup.batching.rows = 16;
  setup.batching.window = design.events() ? 256 : 128;
  // What was moved into one key says more in that key, but is known by heart too soon where that is all. Harmonies and joint
  // keys are learned from transposed pieces alone.
  setup.batching.transpose = 6;
  setup.batching.transposed = !joint && InOneKey(train) ? 0.5 : 1;
  TrainingOptions& training = setup.training;
  training.schedule.rate = 3e-3;
  training.schedule.warmup = 0.05;
  training.average_decay = 0.998;
  training.patience = 6;
  training.limit = "epochs";
  size_t windows = 0;
  for (const MusicPiece& piece : train.pieces)
    windows += (piece.steps() + setup.batching.window - 1) / setup.batching.window;
  const double steps = std::max(1.0, static_cast<double>(windows) / static_cast<double>(setup.batching.rows));
  training.amount = std::max(10.0, kLeastSteps / steps);
  return setup;
}

}  // namespace eddy
