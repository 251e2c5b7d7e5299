// Optimizers, clipping, schedules and weight averaging: small pieces that a training loop calls in turn,
//     ClipGlobalNorm(...); optimizer.Step(rate); average.Update();
// All go over the parameters in the order given and give the same bits for any number of threads. A fixed parameter
// (parameter.h) is left as it is, and its gradient counts for nothing. A parameter that is null, or whose value or gradient
// has been given another shape, throws Error before anything is changed.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

// The names are those of PyTorch, as are the update rules and defaults, step by step.
struct OptimizerOptions {
  std::string name = "adamw";  // sgd, adagrad, rmsprop, adam, adamw
  double momentum = 0;         // sgd, rmsprop
  bool nesterov = false;       // sgd
  double beta1 = 0.9;          // adam, adamw
  double beta2 = 0.999;
  double alpha = 0.99;      // rmsprop
  double epsilon = 0;       // 0 for the optimizer's own default: 1e-8, adagrad 1e-10
  double weight_decay = 0;  // added to the gradient; decoupled in adamw (Loshchilov 2019), and there never applied to
                            // arrays of rank 1 (biases, gains)
};

// Parameters that are updated otherwise than others.
struct ParameterGroup {
  std::vector<Parameter*> parameters;
  double rate = 1;                          // times the learning rate of a step; finite, at least 0
  std::optional<double> weight_decay = {};  // in place of OptimizerOptions::weight_decay
};

class Optimizer {
 public:
  // Throws Error for an unknown name (with the nearest), options out of range, or a parameter that comes twice. The
  // parameters must outlive it.
  Optimizer(const OptimizerOptions& options, std::vector<Parameter*> parameters, Threads& threads);
  static Optimizer OfGroups(const OptimizerOptions& options, const std::vector<ParameterGroup>& groups, Threads& threads);

  // One update from the parameters' gradients at this learning rate. Does not zero the gradients.
  void Step(double learning_rate);

  // What must be stored to go on as if never stopped: arrays named PARAMETER.SLOT, and the count of steps.
  std::vector<std::pair<std::string, Tensor>> slots() const;
  int64_t steps() const { return steps_; }
  void set_steps(int64_t steps);  // at least 0

 private:
  struct Rates {
    double rate, weight_decay;
  };
  OptimizerOptions options_;
  std::vector<Parameter*> parameters_;
  std::vector<Rates> rates_;  // a parameter's
  Threads& threads_;
  std::vector<std::vector<Tensor>> slots_;  // a parameter's
  std::vector<Shape> shapes_;               // at the beginning
  int64_t steps_ = 0;
};

void ZeroGrad(std::span<Parameter* const> parameters, Threads& threads);

// The Euclidean norm of all gradients as one vector, in double; NaN or infinity when a gradient is.
double GlobalNorm(std::span<Parameter* const> parameters, Threads& threads);

// Each scales or limits the gradients in place. limit > 0. NaN stays NaN, and a norm that is
// not finite leaves its gradients as they are.
double ClipGlobalNorm(std::span<Parameter* const> parameters, double limit, Threads& threads);  // returns the norm before
void ClipValue(std::span<Parameter* const> parameters, double limit, Threads& threads);
// Unit-wise: a row's gradient is at most `limit` times that row's norm, itself taken as at least 1e-3 (Brock 2021, eq. 3);
// an array of rank 1 is one row.
void ClipAdaptive(std::span<Parameter* const> parameters, double limit, Threads& threads);

// The learning rate over training.
struct ScheduleOptions {
  std::string name = "cosine";  // constant, cosine, step, plateau
  double rate = 1e-3;           // the highest
  double warmup = 0;            // share of the run over which the rate rises linearly from 0
  double final = 0;             // cosine: the rate at the end, as a share of the highest
  double factor = 0.1;          // step, plateau: what the rate is multiplied by
  double every = 0.3;           // step: share of the run between multiplications
  int patience = 2;             // plateau: validations without improvement before a multiplication
};

class Schedule {
 public:
  // Throws Error for an unknown name (with the nearest) or options out of range.
  explicit Schedule(const ScheduleOptions& options);
  // `progress` is the share of the run that is done, in [0, 1]: of epochs, steps or minutes, whichever limits the run.
  double Rate(double progress) const;
  void Observe(double validation_loss);  // for plateau; the others do not change with it

  // What must be stored to go on: the plateau's state.
  struct State {
    double best = 1e300;
    int waited = 0;
    double scale = 1;
  };
  State state;

 private:
  ScheduleOptions options_;
};

// An exponential moving average of the weights, with the warm-up min(decay, (1 + n) / (10 + n)).
class WeightAverage {
 public:
  WeightAverage(double decay, std::vector<Parameter*> parameters, Threads& threads);
  void Update();
  void Swap();  // exchanges the weights with their average; call again to go back
  std::vector<Tensor>& values() { return average_; }
  int64_t updates = 0;

 private:
  void CheckShapes() const;

  double decay_;
  std::vector<Parameter*> parameters_;
  Threads& threads_;
  std::vector<Tensor> average_;
};

}  // namespace eddy
EDDY_API_END
