#include "eddy/tape.h"

#include <algorithm>
#include <cassert>

#include "eddy/error.h"
#include "eddy/random.h"

namespace eddy {

Tape::Tape(Threads& threads, Mode mode, uint64_t seed, Precision precision)
    : threads_(threads), mode_(mode), key_(MixBits(seed)), precision_(precision) {}

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

Var Tape::Record(Tensor value, std::initializer_list<Var> inputs, std::function<void(const Tensor& grad)> backward) {
  return Record(std::vector<Tensor>{std::move(value)}, std::vector<Var>(inputs),
                [this, backward = std::move(backward)](const std::vector<Var>& outputs) { backward(Grad(outputs[0])); })[0];
}

std::vector<Var> Tape::Record(std::vector<Tensor> values, const std::vector<Var>& inputs,
                              std::function<void(const std::vector<Var>& outputs)> backward) {
  threads_.ThrowIfStopped();
  const bool needs = std::any_of(inputs.begin(), inputs.end(), [&](Var input) { return Needs(input); });
  std::vector<Var> outputs;
  for (Tensor& value : values) outputs.push_back(Add(std::move(value), {}, needs));
  if (needs) operations_.push_back({outputs, std::move(backward)});
  return outputs;
}

const Tensor& Tape::Value(Var var) const { return At(var).value; }
bool Tape::Needs(Var var) const { return var && At(var).needs; }
bool Tape::HasGrad(Var var) const { return var && At(var).arrived; }

Tensor& Tape::Grad(Var var) {
  Node& node = At(var);
  assert(node.needs);
  if (node.grad.empty()) {
    node.grad = Uninitialized(node.value.shape());
    node.grad.Fill(0);
  }
  node.arrived = true;
  return node.grad;
}

void Tape::Backward(Var loss) {
  Require(training(), "backward", "the tape's mode", "training", "inference");
  Require(Value(loss).size() == 1, "backward", "the loss", "one element", Value(loss).shape().ToString());
  if (!Needs(loss)) return;
  Grad(loss).Fill(1);
  while (!operations_.empty()) {
    threads_.ThrowIfStopped();
    Operation operation = std::move(operations_.back());
    operations_.pop_back();
    const auto& outputs = operation.outputs;
    if (std::any_of(outputs.begin(), outputs.end(), [&](Var output) { return HasGrad(output); }))
      operation.backward(outputs);
    for (Var output : outputs) At(output) = Node{{}, {}, true, false};
  }
}

}  // namespace eddy
