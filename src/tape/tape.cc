#include "eddy/tape.h"

#include <algorithm>
#include <cassert>

#include "eddy/error.h"
#include "eddy/random.h"

namespace eddy {

Tape::Tape(Threads& threads, Mode mode, uint64_t seed) : threads_(threads), mode_(mode), key_(MixBits(seed)) {}

uint64_t Tape::NextKey() { return key_ = MixBits(key_); }

Tape::Node& Tape::At(Var var) {
  assert(var.id_ >= 0 && static_cast<size_t>(var.id_) < nodes_.size());
  return nodes_[static_cast<size_t>(var.id_)];
}

const Tape::Node& Tape::At(Var var) const { return const_cast<Tape*>(this)->At(var); }

Var Tape::Add(Tensor value, Tensor grad, bool needs) {
  nodes_.push_back({std::move(value), std::move(grad), needs && training(), false});
  return Var(static_cast<int>(nodes_.size()) - 1);
}

Var Tape::Constant(Tensor value) { return Add(std::move(value), {}, false); }
Var Tape::Differentiable(Tensor value) { return Add(std::move(value), {}, true); }
Var Tape::Use(Parameter& parameter) { return Add(parameter.value, parameter.grad, true); }

Var Tape::Record(Tensor value, std::initializer_list<Var> inputs, std::function<void()> backward) {
  return Record(std::vector<Tensor>{std::move(value)}, std::vector<Var>(inputs), std::move(backward))[0];
}

std::vector<Var> Tape::Record(std::vector<Tensor> values, const std::vector<Var>& inputs, std::function<void()> backward) {
  const bool needs = std::any_of(inputs.begin(), inputs.end(), [&](Var input) { return Needs(input); });
  std::vector<Var> outputs;
  Operation operation;
  for (Tensor& value : values) {
    outputs.push_back(Add(std::move(value), {}, needs));
    operation.outputs.push_back(outputs.back().id_);
  }
  if (needs) {
    operation.backward = std::move(backward);
    operations_.push_back(std::move(operation));
  }
  return outputs;
}

const Tensor& Tape::Value(Var var) const { return At(var).value; }
bool Tape::Needs(Var var) const { return var && At(var).needs; }
bool Tape::HasGrad(Var var) const { return var && At(var).arrived; }

Tensor& Tape::Grad(Var var) {
  Node& node = At(var);
  assert(node.needs);
  if (node.grad.empty()) node.grad = Tensor(node.value.shape());
  node.arrived = true;
  return node.grad;
}

void Tape::Backward(Var loss) {
  Require(training(), "backward", "the tape's mode", "training", "inference");
  Require(Value(loss).size() == 1, "backward", "the loss", "one element", Value(loss).shape().ToString());
  if (!Needs(loss)) return;
  Grad(loss).Fill(1);
  while (!operations_.empty()) {
    Operation operation = std::move(operations_.back());
    operations_.pop_back();
    const auto& outputs = operation.outputs;
    if (std::any_of(outputs.begin(), outputs.end(), [&](int id) { return nodes_[static_cast<size_t>(id)].arrived; })) {
      operation.backward();
    }
    for (int id : outputs) nodes_[static_cast<size_t>(id)] = Node{{}, {}, true, false};
  }
}

}  // namespace eddy
