// Recipe: what the tables of bench/published have in common. A network of an encoder and a linear head, as large as the
// paper's, is trained on a task's batches for some minutes; the weights that do best on the held-out part are judged on the
// test part. Shapes: T steps, B rows, D inputs, O outputs.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "eddy/encoder.h"
#include "eddy/train.h"

namespace eddy::published {

// Each task fills the targets that its loss reads.
struct Batch {
  Tensor x;  // [T, B, D]
  Sequence sequence;
  std::vector<int32_t> labels;  // a position's class, or kIgnore
  Tensor targets;               // a position's numbers
  Tensor weights;               // as the losses' weights; empty where every position counts
  double count = 0;             // positions that count: the batch's weight in a mean over batches
};

// The random numbers that batches are made from: a training step's, or those of a part that stays as it is.
Random StepRandom(uint64_t seed, int64_t step);
Random PartRandom(uint64_t seed, const std::string& part);
std::vector<Batch> DrawPart(size_t batches, Random random, const std::function<Batch(Random)>& make);

struct Recipe {
  std::string title;      // "adding problem, T = 600"
  std::string measure;    // "mean squared error"
  bool accuracy = false;  // whether more is better, 1 being the most; if not, less is

  size_t inputs = 0, outputs = 0;
  bool last = true;       // whether the head reads the last step alone, in batches whose rows are all as long; if not, each
  size_t parameters = 0;  // the paper's, to which widths are fitted
  size_t layers = 1;      // of cells
  size_t span = 0;        // steps that a tcn should see
  // Above 1, gates start as for lags of up to so many steps (Tallec and Ollivier 2018, "Can recurrent neural networks warp
  // time?", equation 16), in lstm and gru.
  size_t longest_lag = 0;
  double dropout = 0;              // of what the head reads, and between layers
  double variational_dropout = 0;  // of the recurrent layers
  TrainingOptions training;

  std::function<Batch(int64_t step)> batch;  // of a training step; a pure function of it
  int64_t steps_per_epoch = 1000;
  std::vector<Batch> valid, test;

  // outputs [B, O], or [T, B, O] of every step: the mean over the positions of the batch that count.
  std::function<Var(Tape& tape, Var outputs, const Batch& batch)> loss;
  std::function<double(const Tensor& outputs, const Batch& batch)> figure;  // the table's; the loss where there is none
};

struct Outcome {
  std::string layers;  // "1 layer of 130 lstm"
  size_t parameters = 0;
  double figure = 0;  // on the test part
  TrainingResult training;
};

// Trains layers of this name (model/architecture.h). Throws Error.
Outcome TrainAndTest(const Recipe& recipe, const std::string& model, uint64_t seed, Threads& threads,
                     const TrainingHooks& hooks);

// The share of rows, or of steps that count, whose likeliest class is the label.
double Accuracy(const Tensor& logits, const Batch& batch);

}  // namespace eddy::published
