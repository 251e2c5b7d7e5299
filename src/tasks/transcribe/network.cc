#include "tasks/transcribe/network.h"

#include "eddy/ops.h"

namespace eddy {
namespace {

const TranscriberDesign& Checked(const TranscriberDesign& design) {
  RequireValid(design);
  return design;
}

EncoderOptions WithInput(EncoderOptions options, size_t input) {
  options.input = input;
  return options;
}

}  // namespace

TranscriberNetwork::TranscriberNetwork(const TranscriberDesign& design, uint64_t seed)
    : design_(Checked(design)),
      random_(seed),
      first_(design.convolutions()[0], "convolution1", random_),
      second_(design.convolutions()[1], "convolution2", random_),
      encoder_(WithInput(design.encoder, design.channels), "layer", random_),
      head_({encoder_.output_width(), design.spelling.size()}, "head", random_) {
  design_.encoder = encoder_.options();
}

TranscriberNetwork::Output TranscriberNetwork::Logits(Tape& tape, const FrameBatch& batch) const {
  Var x = tape.Constant(batch.frames);
  Sequence sequence = batch.sequence;
  for (const Conv1d* convolution : {&first_, &second_}) {
    x = Relu(tape, convolution->Forward(tape, x, sequence));
    sequence = Convolved(sequence, convolution->options().kernel, convolution->options().convolution);
  }
  const Var y = encoder_.Forward(tape, Dropout(tape, x, design_.dropout), sequence);
  return {head_.Forward(tape, Dropout(tape, y, design_.dropout)), sequence};
}

void TranscriberNetwork::SetPrecision(Precision precision) {
  encoder_.SetPrecision(precision);
  design_.encoder.precision = precision;
}

void TranscriberNetwork::SetTemperature(double temperature) {
  for (Parameter* parameter : head_.parameters()) {
    for (Real& value : parameter->value.values()) value = static_cast<Real>(value / temperature);
  }
}

std::vector<Parameter*> TranscriberNetwork::parameters() {
  std::vector<Parameter*> all;
  for (std::vector<Parameter*> part :
       {first_.parameters(), second_.parameters(), encoder_.parameters(), head_.parameters()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace eddy
