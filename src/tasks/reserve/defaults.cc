#include "tasks/reserve/defaults.h"

#include <cmath>

#include "tasks/reserve/features.h"
#include "tasks/reserve/patterns.h"

namespace eddy {
namespace {

void FitPremiums(const TriangleSet& set, ReserveDesign& design) {
  double sum = 0, squares = 0;
  for (const Triangle& triangle : set.triangles) {
    const double log = LogMeanPremium(triangle);
    sum += log;
    squares += log * log;
  }
  const auto count = static_cast<double>(set.triangles.size());
  design.premium_mean = sum / count;
  const double variance = squares / count - design.premium_mean * design.premium_mean;
  design.premium_deviation = variance > 1e-9 ? std::sqrt(variance) : 1;
}

}  // namespace

ReserveSetup DefaultReserveSetup(const ReserveData& data, const ReserveOptions& options) {
  ReserveSetup setup;
  ReserveDesign& design = setup.design;
  design.columns = data.set.columns;
  design.developments = data.set.developments;
  design.members = options.members;
  design.embedding = 4;
  design.patterns = FitPatterns(data.set);
  for (const Triangle& triangle : data.set.triangles) design.known.emplace_back(triangle.line, triangle.company);
  FitPremiums(data.set, design);
  StackOptions stack;
  stack.layer.cell = "gru";
  stack.layer.hidden = 32;
  design.encoder = {design.inputs(), {stack}};
  design.dropout = 0.1;
  setup.batching.rows = 64;

  TrainingOptions& training = setup.training;
  training.schedule.rate = 3e-3;
  training.schedule.warmup = 0.05;
  training.schedule.final = 0.01;
  training.optimizer.weight_decay = 0.1;
  training.limit = "steps";
  training.amount = 80;
  return setup;
}

}  // namespace eddy
