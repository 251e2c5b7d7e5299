// A task small enough to train thousands of times: two linear layers learn y = tanh(M x), with dropout, a batch drawn from
// the step's number, and a carried state as truncated BPTT has.
#pragma once

#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "eddy/loss.h"
#include "eddy/ops.h"
#include "eddy/random.h"
#include "eddy/train.h"
#include "model/safetensors.h"

namespace eddy {

class Toy : public Trainable {
 public:
  explicit Toy(Threads& threads, uint64_t seed = 1) : threads_(threads), seed_(seed) {
    Random random(seed);
    for (Parameter* parameter : parameters()) {
      for (Real& value : parameter->value.values()) value = static_cast<Real>(0.3 * random.Normal());
    }
  }

  std::vector<Parameter*> parameters() override { return {&first_, &bias_, &second_}; }
  int64_t steps_per_epoch() const override { return 8; }
  double units_per_step() const override { return kRows; }

  void BeginStep(int64_t) override { before_ = carried_; }
  double Step(int64_t step, Shard, const ShardWorker& worker) override {
    const uint64_t key = MixBits(seed_ + static_cast<uint64_t>(step));
    Tape tape = worker.MakeTape(key);
    const Var loss = Scale(tape, Loss(tape, key), poisoned.contains(step) ? NAN : 1);
    const double value = tape.Value(loss)[0];
    tape.Backward(loss, worker.complete);
    return value;
  }
  void TakeBackStep() override { carried_ = before_; }

  std::optional<double> Validate(double) override {
    if (!held_out) return {};
    if (!planted.empty()) return planted[validated++];
    Tape tape(threads_, Tape::Mode::kInference);
    return double{tape.Value(Loss(tape, MixBits(~seed_)))[0]};
  }

  void ForgetCarriedState() override { carried_.Fill(0); }
  TaskState SaveState() const override { return {std::to_string(seed_), {{"carried", carried_}}}; }
  void LoadState(const TaskState& state) override {
    Require(state.text == std::to_string(seed_), "resume", "the seed", std::to_string(seed_), state.text);
    carried_ = FindTensor(state.tensors, "carried").Clone();
    Require(carried_.shape() == Shape{kRows, kHidden}, "resume", "carried", "[4, 5]", carried_.shape().ToString());
  }

  bool held_out = true;
  std::vector<double> planted;  // validation losses in place of the measured ones
  std::set<int64_t> poisoned;   // steps whose loss and gradient are NaN
  size_t validated = 0;

 private:
  static constexpr size_t kRows = 4, kInputs = 3, kHidden = 5;

  Var Loss(Tape& tape, uint64_t key) {
    Tensor x({kRows, kInputs}), y({kRows, 1});
    for (size_t i = 0; i < x.size(); ++i) x[i] = RandomAt(key, i) - 0.5f;
    for (size_t row = 0; row < kRows; ++row) y[row] = std::tanh(2 * x[row * kInputs] - x[row * kInputs + 1]);
    Var hidden = Linear(tape, tape.Constant(x), tape.Use(first_), tape.Use(bias_));
    hidden = Dropout(tape, Tanh(tape, Add(tape, hidden, tape.Constant(carried_))), 0.1);
    if (tape.training()) {
      const Tensor& last = tape.Value(hidden);
      carried_ = Tensor::Uninitialized(last.shape());
      for (size_t i = 0; i < last.size(); ++i) carried_[i] = 0.1f * last[i];
    }
    return SquaredError(tape, Linear(tape, hidden, tape.Use(second_)), y);
  }

  Threads& threads_;
  uint64_t seed_;
  Parameter first_{"first.W", Tensor({kHidden, kInputs})}, bias_{"first.b", Tensor({kHidden})};
  Parameter second_{"second.W", Tensor({1, kHidden})};
  Tensor carried_{Shape{kRows, kHidden}}, before_;  // before_: the step
};

}  // namespace eddy
