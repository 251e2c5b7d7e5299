// Tape: reverse-mode differentiation over coarse operations. Operations (ops.h, loss.h, recurrent.h) compute their value
// at once and record how to propagate gradients; Backward() runs the records in reverse. A tape lives for one training
// step. It is used from one thread; operations spread their work over the team given to it.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "eddy/precision.h"
#include "eddy/tensor.h"
#include "eddy/threads.h"

EDDY_API_BEGIN
namespace eddy {

// A trained array and its gradient. The gradient has the value's shape; Tape::Backward adds to it, an optimizer reads it
// and whoever runs the loop zeroes it.
struct Parameter {
  std::string name;
  Tensor value;
  Tensor grad;

  Parameter() = default;
  Parameter(std::string name, Tensor value) : name(std::move(name)), value(value), grad(value.shape()) {}
};

// A value on a tape. The default Var is "none", for optional inputs.
class Var {
 public:
  Var() = default;
  explicit operator bool() const { return id_ >= 0; }

 private:
  friend class Tape;
  explicit Var(int id) : id_(id) {}
  int id_ = -1;
};

class Tape {
 public:
  enum class Mode { kTraining, kInference };

  // In inference nothing is recorded, dropout is the identity, and Backward may not be called. `seed` keys every dropout
  // mask made on this tape: the same seed and the same operations give the same masks.
  // `precision` is that of the products of its operations.
  explicit Tape(Threads& threads, Mode mode = Mode::kTraining, uint64_t seed = 0, Precision precision = Precision::kFloat32);

  Threads& threads() const { return threads_; }
  bool training() const { return mode_ == Mode::kTraining; }
  Precision precision() const { return precision_; }
  uint64_t NextKey();  // a fresh key for RandomAt
  // For an operation's value or gradient: memory that the next tape uses again.
  Tensor Uninitialized(const Shape& shape) const { return Tensor::Uninitialized(shape, threads_.memory()); }

  Var Constant(Tensor value);        // receives no gradient
  Var Differentiable(Tensor value);  // a leaf whose gradient is kept on the tape
  Var Use(Parameter& parameter);     // its gradient goes to parameter.grad

  // Records an operation with one value. `backward` is called only when a gradient reached the value; it is given that
  // gradient, and adds to Grad() of those inputs for which Needs() holds.
  Var Record(Tensor value, std::initializer_list<Var> inputs, std::function<void(const Tensor& grad)> backward);
  // As Record, for several values. `backward` is called when a gradient reached any of them and is given them all:
  // HasGrad() tells which have one.
  std::vector<Var> Record(std::vector<Tensor> values, const std::vector<Var>& inputs,
                          std::function<void(const std::vector<Var>& outputs)> backward);

  const Tensor& Value(Var var) const;
  bool Needs(Var var) const;    // whether a gradient is wanted; false for none
  bool HasGrad(Var var) const;  // whether a gradient arrived
  Tensor& Grad(Var var);        // zeros when none arrived

  // Seeds d loss / d loss = 1 and propagates to every leaf. `loss` has one element. Frees values as it goes; once a tape.
  void Backward(Var loss);

 private:
  struct Node {
    Tensor value;
    Tensor grad;
    bool needs = false;
    bool arrived = false;
  };
  struct Operation {
    std::vector<Var> outputs;
    std::function<void(const std::vector<Var>&)> backward;
  };
  Var Add(Tensor value, Tensor grad, bool needs);
  Node& At(Var var);
  const Node& At(Var var) const;

  Threads& threads_;
  Mode mode_;
  uint64_t key_;
  Precision precision_;
  std::vector<Node> nodes_;
  std::vector<Operation> operations_;
};

}  // namespace eddy
EDDY_API_END
