#include "eddy/tape.h"

#include <algorithm>
#include <atomic>
#include <limits>

#include "eddy/error.h"
#include "eddy/random.h"
#include "kernels/loops.h"

namespace eddy {

namespace {

uint64_t NextNumber() {
  static std::atomic<uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

GradientArrays::GradientArrays(std::span<Parameter* const> parameters) {
  for (const Parameter* parameter : parameters) arrays_.emplace(parameter, Tensor(parameter->value.shape()));
}

const Tensor& GradientArrays::Of(const Parameter& parameter) const {
  const auto found = arrays_.find(&parameter);
  return found == arrays_.end() ? parameter.grad : found->second;
}

GradientArrays GradientArrays::OwnOf(std::span<Parameter* const> parameters) {
  GradientArrays own;
  for (const Parameter* parameter : parameters) own.arrays_.emplace(parameter, parameter->grad);
  return own;
}

void GradientArrays::Zero(Threads& threads) const {
  for (const auto& [parameter, array] : arrays_) {
    ForEach(threads, array.size(), [values = array.data()](size_t i) { values[i] = 0; });
  }
}

Tape::Tape(Threads& threads, Mode mode, uint64_t seed, Precision precision, const StepShare& share)
    : number_(NextNumber()), threads_(threads), mode_(mode), key_(MixBits(seed)), precision_(precision), share_(share) {}

uint64_t Tape::NextKey() { return key_ = MixBits(key_); }

Tape::Node& Tape::At(Var var) {
  Require(static_cast<bool>(var), "tape", "a value", "one of this tape", "none");
  Require(var.tape_ == number_, "tape", "a value", "one of this tape", "another tape's");
  return nodes_[static_cast<size_t>(var.id_)];
}

const Tape::Node& Tape::At(Var var) const { return const_cast<Tape*>(this)->At(var); }

Var Tape::Add(Tensor value, Tensor grad, bool needs) {
  Require(!value.empty(), "tape", "a value", "an array", "an empty tensor");
  Require(nodes_.size() < std::numeric_limits<int>::max(), "tape", "values", "fewer than 2^31", "more");
  nodes_.push_back({std::move(value), std::move(grad), needs && training()});
  return {number_, static_cast<int>(nodes_.size()) - 1};
}

Var Tape::Constant(Tensor value) { return Add(std::move(value), {}, false); }
Var Tape::Differentiable(Tensor value) { return Add(std::move(value), {}, true); }

Var Tape::Use(Parameter& parameter) {
  const Parameter* one[] = {&parameter};
  CheckParameters("tape", one);
  const Var var = Add(parameter.value, GradientOf(parameter), !parameter.fixed);
  if (Needs(var)) At(var).parameter = &parameter;
  return var;
}

Var Tape::Use(const Parameter& parameter) { return Constant(parameter.value); }

const Tensor& Tape::GradientOf(const Parameter& parameter) const {
  return share_.gradients != nullptr ? share_.gradients->Of(parameter) : parameter.grad;
}

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
  if (!needs) return outputs;
  Operation& operation = operations_.emplace_back(Operation{outputs, std::move(backward), {}});
  for (Var input : inputs) {
    const Parameter* parameter = input ? At(input).parameter : nullptr;
    if (parameter != nullptr && read_.insert(parameter).second) operation.first_reads.push_back(parameter);
  }
  return outputs;
}

const Tensor& Tape::Value(Var var) const {
  const Node& node = At(var);
  Require(!node.value.empty(), "tape", "a value", "one that is kept", "freed by Backward");
  return node.value;
}

bool Tape::Needs(Var var) const { return var && At(var).needs; }
bool Tape::HasGrad(Var var) const { return var && At(var).arrived; }

Tensor& Tape::Grad(Var var) {
  Node& node = At(var);
  Require(node.needs, "tape", "a gradient", "of a value that needs one", "of another");
  Require(!node.freed, "tape", "a gradient", "one that is kept", "freed by Backward");
  if (node.grad.empty()) {
    node.grad = Uninitialized(node.value.shape());
    node.grad.Fill(0);
  }
  node.arrived = true;
  return node.grad;
}

void Tape::Free(Var var, bool keep_value) {
  Node& node = At(var);
  if (!keep_value) node.value = {};
  node.grad = {};
  node.arrived = false;
  node.freed = true;
}

void Tape::Backward(Var loss, const GradientHook& complete) {
  Require(training(), "backward", "the tape's mode", "training", "inference");
  Require(!done_, "backward", "the tape", "a new one", "one that has been run backward");
  Require(Value(loss).size() == 1, "backward", "the loss", "one element", Value(loss).shape().ToString());
  done_ = true;
  if (!Needs(loss)) return;
  Grad(loss).Fill(1);
  Propagate(loss, complete);
}

void Tape::SetGrad(Var var, Tensor grad) {
  Require(!done_, "set gradient", "the tape", "a new one", "one that has been run backward");
  Node& node = At(var);
  Require(node.needs, "set gradient", "the value", "one that needs a gradient", "a constant");
  if (grad.shape() != node.value.shape())
    Fail("set gradient", "the gradient", node.value.shape().ToString(), grad.shape().ToString());
  node.grad = std::move(grad);
  node.arrived = true;
}

void Tape::Backward() {
  Require(training(), "backward", "the tape's mode", "training", "inference");
  Require(!done_, "backward", "the tape", "a new one", "one that has been run backward");
  done_ = true;
  Propagate({}, {});
}

void Tape::Propagate(Var loss, const GradientHook& complete) {
  while (!operations_.empty()) {
    threads_.ThrowIfStopped();
    Operation operation = std::move(operations_.back());
    operations_.pop_back();
    const auto& outputs = operation.outputs;
    if (std::any_of(outputs.begin(), outputs.end(), [&](Var output) { return HasGrad(output); }))
      operation.backward(outputs);
    for (Var output : outputs) Free(output, output.id_ == loss.id_);
    if (!complete) continue;
    for (const Parameter* parameter : operation.first_reads) complete(*parameter);
  }
}

}  // namespace eddy
