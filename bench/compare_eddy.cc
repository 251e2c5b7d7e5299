// Eddy's worker of bench/compare, through the public API alone, as a program would use it.
#include <algorithm>
#include <memory>
#include <optional>

#include "compare_worker.h"
#include "eddy/recurrent.h"
#include "eddy/stream.h"
#include "eddy/version.h"

namespace {

using namespace eddy;
using compare::Candidate;
using compare::Problem;

class Eddy {
 public:
  std::vector<Candidate> Prepare(const Problem& p) {
    precision_ = PrecisionFromName(p.precision);
    if (p.mode == "train" && precision_ == Precision::kInt8) throw compare::Unsupported("int8 is for inference");
    if (!threads_ || threads_->count() != p.threads) {
      stream_.reset();  // which uses them
      threads_.reset();
      threads_.emplace(p.threads);
    }
    SetWeights(p);
    x_ = Tensor::From({p.T, p.B, p.D}, p.x);
    dy_ = Tensor::From({p.T, p.B, p.H}, p.dy);
    sequence_ = {p.T, p.B, {}, {}};
    stack_->Thaw();
    stack_->SetPrecision(precision_);
    if (p.mode == "inf") stack_->Freeze(*threads_);
    if (p.mode == "inf")
      return {{"tape for inference", [this] { Infer(); },
               [this] {
                 Infer();
                 return Forward();
               }}};
    if (p.mode == "train")
      return {{"tape", [this] { Train(); },
               [this] {
                 Train();
                 return ForwardAndGradients();
               }}};
    if (p.mode != "step") throw compare::Unsupported("no mode " + p.mode);
    stream_ = std::make_unique<RecurrentStream>(*stack_, p.B, &*threads_);
    at_ = 0;
    return {{"stream", [this] { Step(); }, [this, &p] { return Steps(p); }}};
  }

 private:
  void SetWeights(const Problem& p) {
    const RecurrentOptions layer{.cell = p.cell, .input = p.D, .hidden = p.H};
    const RecurrentOptions* old = stack_ ? &stack_->options().layer : nullptr;
    // The weights that a new layer starts with take long to make when it is large.
    if (old == nullptr || old->cell != layer.cell || old->input != layer.input || old->hidden != layer.hidden) {
      Random random(1);
      stack_.emplace(StackOptions{.layer = layer}, "stack", random);
    }
    for (Parameter* parameter : stack_->parameters()) {
      const std::vector<float>& from = Named(p, parameter->name.back());
      if (parameter->value.size() != from.size()) throw std::runtime_error("no values for " + parameter->name);
      std::copy(from.begin(), from.end(), parameter->value.data());
    }
  }

  static const std::vector<float>& Named(const Problem& p, char name) {
    return name == 'W' ? p.W : name == 'U' ? p.U : name == 'b' ? p.b : p.c;
  }

  void Infer() {
    y_ = state_ = {};
    Tape tape(*threads_, Tape::Mode::kInference, 0, precision_);
    const auto out = stack_->Forward(tape, tape.Constant(x_), sequence_);
    y_ = tape.Value(out.y);
    state_ = tape.Value(out.state[0]);
  }

  void Train() {
    y_ = state_ = dx_ = {};
    for (Parameter* parameter : stack_->parameters()) parameter->grad.Fill(0);
    Tape tape(*threads_, Tape::Mode::kTraining, 0, precision_);
    const Var x = tape.Differentiable(x_);
    const auto out = stack_->Forward(tape, x, sequence_);
    y_ = tape.Value(out.y);
    state_ = tape.Value(out.state[0]);
    const Var loss = tape.Record(Tensor{Shape{}}, {out.y}, [&](const Tensor&) { tape.Grad(out.y) = dy_; });
    tape.Backward(loss);
    dx_ = tape.Grad(x);
  }

  void Step() {
    stream_->Step(x_.data() + at_ * x_.dim(2));
    at_ = at_ + 1 < x_.dim(0) ? at_ + 1 : 0;
  }

  // y, then each state [B, H].
  std::vector<float> Forward() const { return Together(y_.values(), state_.values()); }

  std::vector<float> Together(std::span<const Real> y, std::span<const Real> state) const {
    std::vector<float> all(y.begin(), y.end());
    const size_t H = stack_->options().layer.hidden, width = stack_->layers()[0].state_width();
    for (size_t s = 0; s < width; s += H) {
      for (size_t row = 0; row < state.size(); row += width) {
        all.insert(all.end(), state.data() + row + s, state.data() + row + s + H);
      }
    }
    return all;
  }

  std::vector<float> ForwardAndGradients() {
    std::vector<float> all = Forward();
    all.insert(all.end(), dx_.values().begin(), dx_.values().end());
    for (const char name : {'W', 'U', 'b', 'c'}) {
      for (const Parameter* parameter : stack_->parameters()) {
        if (parameter->name.back() != name) continue;
        all.insert(all.end(), parameter->grad.values().begin(), parameter->grad.values().end());
      }
    }
    return all;
  }

  std::vector<float> Steps(const Problem& p) {
    std::vector<float> y;
    for (size_t t = 0; t < p.T; ++t) {
      const std::span<const Real> out = stream_->Step(x_.data() + t * p.B * p.D);
      y.insert(y.end(), out.begin(), out.end());
    }
    return Together(y, stream_->state());
  }

  std::optional<Threads> threads_;
  Precision precision_ = Precision::kFloat32;
  std::optional<RecurrentStack> stack_;
  std::unique_ptr<RecurrentStream> stream_;
  Sequence sequence_;
  Tensor x_, dy_, y_, state_, dx_;
  size_t at_ = 0;  // the streaming step's input
};

}  // namespace

int main() {
  Eddy eddy;
  return compare::Serve("Eddy " EDDY_VERSION, [&](const Problem& problem) { return eddy.Prepare(problem); });
}
