#include "nn/cell_mixer.h"

#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/math.h"
#include "nn/convolution_step.h"
#include "nn/run_segment.h"
#include "nn/stack_step.h"
#include "ops/normal_rows.h"

namespace eddy {
namespace {

StackOptions OneLayer(const std::string& cell, size_t width) {
  StackOptions options;
  options.layer.cell = cell;
  options.layer.input = options.layer.hidden = width;
  return options;
}

}  // namespace

CellMixer::CellMixer(size_t width, const std::string& cell, size_t groups, size_t kernel, const std::string& name,
                     Random& random)
    : groups_(groups),
      convolution_(EachChannel(width, kernel), name + ".convolution", random),
      recurrence_(OneLayer(cell, width), name + ".recurrence", random),
      gain_(name + ".gain", Tensor({width})) {
  if (groups < 1 || width % groups != 0) {
    Fail("recurrent blocks", "groups", "a divisor of hidden", std::to_string(groups));
  }
  gain_->value.Fill(1);
}

Var CellMixer::Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment) const {
  const Var seen = convolution_.Forward(tape, x, sequence, segment);
  const Var active = Multiply(tape, seen, Sigmoid(tape, seen));
  return GroupNorm(tape, RunSegment(recurrence_, tape, active, sequence, segment), groups_, tape.Use(*gain_));
}

std::vector<size_t> CellMixer::state_widths() const { return Joined(convolution_.state_widths(), StateWidths(recurrence_)); }

std::vector<Parameter*> CellMixer::parameters() {
  std::vector<Parameter*> all = convolution_.parameters();
  for (Parameter* parameter : recurrence_.parameters()) all.push_back(parameter);
  all.push_back(&*gain_);
  return all;
}

// The state is the convolution's window, then the recurrence's.
class CellMixerStep final : public MixerStep {
 public:
  CellMixerStep(const CellMixer& mixer, size_t rows, Precision precision)
      : rows_(rows),
        groups_(mixer.groups_),
        convolution_(mixer.convolution_, rows, precision),
        recurrence_(mixer.recurrence_, rows, precision),
        gain_(mixer.gain_->value.Clone()),
        seen_(convolution_.output_size()),
        gate_(seen_.size()) {}

  size_t state_size() const override { return convolution_.state_size() + recurrence_.state_size(); }
  void Reset(Real* state) noexcept override {
    convolution_.Reset(state);
    recurrence_.Reset(state + convolution_.state_size());
  }
  bool Step(Real* state, const Real* input, Real* output) noexcept override {
    convolution_.Step(state, input, seen_.data());
    SigmoidArray(seen_.data(), seen_.size(), gate_.data());
    for (size_t i = 0; i < seen_.size(); ++i) seen_[i] *= gate_[i];
    const Real* h = recurrence_.Step(state + convolution_.state_size(), seen_.data());
    const size_t width = gain_.size();
    for (size_t r = 0; r < rows_; ++r) {
      NormalizeGroups(h + r * width, width, groups_, true, gain_.data(), nullptr, output + r * width);
    }
    return true;
  }

 private:
  size_t rows_, groups_;
  ConvolutionStep convolution_;
  StackStep recurrence_;
  Tensor gain_;
  std::vector<Real> seen_, gate_;  // [B, H]
};

std::unique_ptr<MixerStep> CellMixer::MakeStep(size_t, size_t rows, Precision precision) const {
  return std::make_unique<CellMixerStep>(*this, rows, precision);
}

}  // namespace eddy
