#include "nn/gated_recurrence.h"

#include "eddy/ops.h"
#include "kernels/gelu.h"
#include "nn/convolution_step.h"
#include "nn/projection.h"
#include "nn/run_segment.h"
#include "nn/stack_step.h"
#include "nn/weights.h"

namespace eddy {
namespace {

StackOptions OneLayer(size_t width) {
  StackOptions options;
  options.layer.cell = "rg_lru";
  options.layer.input = options.layer.hidden = width;
  return options;
}

}  // namespace

GatedRecurrence::GatedRecurrence(size_t width, size_t kernel, const std::string& name, Random& random)
    : Wg_(UniformWeights(name + ".Wg", width, width, random)),
      Wx_(UniformWeights(name + ".Wx", width, width, random)),
      Wo_(UniformWeights(name + ".Wo", width, width, random)),
      convolution_(EachChannel(width, kernel), name + ".convolution", random),
      recurrence_(OneLayer(width), name + ".recurrence", random) {}

Var GatedRecurrence::Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment) const {
  const Var gate = Gelu(tape, Linear(tape, x, tape.Use(*Wg_)));
  const Var seen = convolution_.Forward(tape, Linear(tape, x, tape.Use(*Wx_)), sequence, segment);
  return Linear(tape, Multiply(tape, gate, RunSegment(recurrence_, tape, seen, sequence, segment)), tape.Use(*Wo_));
}

std::vector<size_t> GatedRecurrence::state_widths() const {
  return Joined(convolution_.state_widths(), StateWidths(recurrence_));
}

std::vector<Parameter*> GatedRecurrence::parameters() {
  std::vector<Parameter*> all = {&*Wg_, &*Wx_, &*Wo_};
  for (Parameter* parameter : convolution_.parameters()) all.push_back(parameter);
  for (Parameter* parameter : recurrence_.parameters()) all.push_back(parameter);
  return all;
}

// The state is the convolution's window, then the recurrence's.
class GatedRecurrenceStep final : public MixerStep {
 public:
  GatedRecurrenceStep(const GatedRecurrence& mixer, size_t rows, Precision precision)
      : Wg_(mixer.Wg_->value, Tensor(), rows, precision),
        Wx_(mixer.Wx_->value, Tensor(), rows, precision),
        Wo_(mixer.Wo_->value, Tensor(), rows, precision),
        convolution_(mixer.convolution_, rows, precision),
        recurrence_(mixer.recurrence_, rows, precision),
        gate_(Wg_.size()),
        inner_(Wx_.size()),
        seen_(Wx_.size()) {}

  size_t state_size() const override { return convolution_.state_size() + recurrence_.state_size(); }
  void Reset(Real* state) noexcept override {
    convolution_.Reset(state);
    recurrence_.Reset(state + convolution_.state_size());
  }
  bool Step(Real* state, const Real* input, Real* output) noexcept override {
    Wg_(input, gate_.data());
    GeluArray(gate_.data(), gate_.size(), gate_.data());
    Wx_(input, inner_.data());
    convolution_.Step(state, inner_.data(), seen_.data());
    const Real* h = recurrence_.Step(state + convolution_.state_size(), seen_.data());
    for (size_t i = 0; i < gate_.size(); ++i) gate_[i] *= h[i];
    Wo_(gate_.data(), output);
    return true;
  }

 private:
  Projection Wg_, Wx_, Wo_;
  ConvolutionStep convolution_;
  StackStep recurrence_;
  std::vector<Real> gate_, inner_, seen_;  // [B, H]
};

std::unique_ptr<MixerStep> GatedRecurrence::MakeStep(size_t, size_t rows, Precision precision) const {
  return std::make_unique<GatedRecurrenceStep>(*this, rows, precision);
}

}  // namespace eddy
