// Tape: reverse-mode differentiation over coarse operations. Operations (ops.h, loss.h, recurrent.h) compute their value
// at once and record how to propagate gradients; Backward() runs the records in reverse. A tape lives for one training
// step. It is used from one thread; operations spread their work over the team given to it.
//
// A layer's Forward only reads it: any number of threads, each with its own tape and team, may run one layer at once. What
// writes is Backward, which adds to the gradients of the parameters used: run it on one thread at a time for each network,
// or give every thread's tapes GradientArrays of their own.
//
// Misuse throws Error: a Var that is none or another tape's, an empty tensor, a value that Backward has freed, a second
// Backward.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "eddy/parameter.h"
#include "eddy/precision.h"
#include "eddy/tensor.h"
#include "eddy/threads.h"

EDDY_API_BEGIN
namespace eddy {

// Is told of a parameter when a backward has added all that it will to its gradient. Not of one that the tape does not read.
using GradientHook = std::function<void(const Parameter&)>;

class PackedOnce;

// Arrays for the gradients of a network's parameters.
class GradientArrays {
 public:
  // New ones, of zeros.
  explicit GradientArrays(std::span<Parameter* const> parameters);
  // Their own, Parameter::grad.
  static GradientArrays OwnOf(std::span<Parameter* const> parameters);

  // That of one of the parameters; the own one of any other.
  const Tensor& Of(const Parameter& parameter) const;
  void Zero(Threads& threads) const;

 private:
  GradientArrays() = default;

  std::unordered_map<const Parameter*, Tensor> arrays_;
};

// What a tape of a training step is given besides; it must outlive the tape.
struct StepShare {
  const GradientArrays* gradients = nullptr;  // what receives gradients; null for the parameters' own arrays
  PackedOnce* packed = nullptr;               // weights packed for all tapes of the step; may be null
};

// A value on one tape. The default Var is "none", for optional inputs.
class Var {
 public:
  Var() = default;
  explicit operator bool() const { return id_ >= 0; }

 private:
  friend class Tape;
  Var(uint64_t tape, int id) : tape_(tape), id_(id) {}
  uint64_t tape_ = 0;  // the number of its tape
  int id_ = -1;
};

class Tape {
 public:
  enum class Mode { kTraining, kInference };

  // In inference nothing is recorded, dropout is the identity, and Backward may not be called. `seed` keys every dropout
  // mask made on this tape: the same seed and the same operations give the same masks.
  // `precision` is that of the products of its operations.
  explicit Tape(Threads& threads, Mode mode = Mode::kTraining, uint64_t seed = 0, Precision precision = Precision::kFloat32,
                const StepShare& share = {});
  Tape(const Tape&) = delete;  // its records point at it
  Tape& operator=(const Tape&) = delete;

  Threads& threads() const { return threads_; }
  bool training() const { return mode_ == Mode::kTraining; }
  Precision precision() const { return precision_; }
  uint64_t NextKey();  // a fresh key for RandomAt
  // For an operation's value or gradient: memory that the next tape uses again.
  Tensor Uninitialized(const Shape& shape) const { return Tensor::Uninitialized(shape, threads_.memory()); }

  Var Constant(Tensor value);           // receives no gradient
  Var Differentiable(Tensor value);     // a leaf whose gradient is kept on the tape
  Var Use(Parameter& parameter);        // its gradient goes to GradientOf() it, unless it is fixed
  Var Use(const Parameter& parameter);  // receives no gradient
  // What a backward adds a parameter's gradient to: parameter.grad, or the array given for it.
  const Tensor& GradientOf(const Parameter& parameter) const;
  PackedOnce* packed() const { return share_.packed; }  // may be null

  // Records an operation with one value. `backward` is called only when a gradient reached the value; it is given that
  // gradient, and adds to Grad() of those inputs for which Needs() holds.
  Var Record(Tensor value, std::initializer_list<Var> inputs, std::function<void(const Tensor& grad)> backward);
  // As Record, for several values. `backward` is called when a gradient reached any of them and is given them all:
  // HasGrad() tells which have one.
  std::vector<Var> Record(std::vector<Tensor> values, const std::vector<Var>& inputs,
                          std::function<void(const std::vector<Var>& outputs)> backward);

  const Tensor& Value(Var var) const;
  bool Needs(Var var) const;    // whether a gradient is wanted; false for none
  bool HasGrad(Var var) const;  // whether a gradient arrived; false for none
  Tensor& Grad(Var var);        // of a value that Needs() one; zeros when none arrived

  // Seeds d loss / d loss = 1 and propagates to every leaf. `loss` has one element. Frees what operations made as it goes,
  // but for the value of the loss; once a tape. `complete`, where given, is called as it goes, on this thread.
  void Backward(Var loss, const GradientHook& complete = {});

  // For losses that are made elsewhere: d loss / d var, in the var's shape, in place of what has arrived there. The memory
  // is shared: what else arrives is added to it. Of a leaf, where its gradient is to be added to.
  void SetGrad(Var var, Tensor grad);
  void Backward();  // from what SetGrad() gave; once a tape

 private:
  struct Node {
    Tensor value;
    Tensor grad;
    bool needs = false;
    bool arrived = false;
    bool freed = false;
    const Parameter* parameter = nullptr;  // whose gradient `grad` is
  };
  struct Operation {
    std::vector<Var> outputs;
    std::function<void(const std::vector<Var>&)> backward;
    std::vector<const Parameter*> first_reads;  // in backward the last: their gradients are complete then
  };
  Var Add(Tensor value, Tensor grad, bool needs);
  void Propagate(Var loss, const GradientHook& complete);  // both may be none
  void Free(Var var, bool keep_value);
  Node& At(Var var);
  const Node& At(Var var) const;

  const uint64_t number_;  // different from every other tape's
  Threads& threads_;
  Mode mode_;
  uint64_t key_;
  Precision precision_;
  const StepShare share_;
  std::vector<Node> nodes_;
  std::vector<Operation> operations_;
  std::unordered_set<const Parameter*> read_;
  bool done_ = false;  // whether Backward has been called
};

}  // namespace eddy
EDDY_API_END
