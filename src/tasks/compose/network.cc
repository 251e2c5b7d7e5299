#include "tasks/compose/network.h"

#include <cmath>

#include "eddy/loss.h"
#include "eddy/nade.h"
#include "eddy/ops.h"
#include "midi/event_tokens.h"
#include "recurrent/initialize.h"

namespace eddy {
namespace {

const ComposeDesign& Checked(const ComposeDesign& design) {
  RequireValid(design);
  return design;
}

EncoderOptions WithInput(EncoderOptions options, size_t input) {
  options.input = input;
  return options;
}

StackOptions MelodyOptions(const ComposeDesign& design) {
  StackOptions melody = design.melody;
  melody.layer.input = kPianoKeys;
  if (!design.harmonise) melody.layer.hidden = 1;  // which is not used
  return melody;
}

}  // namespace

ComposeNetwork::ComposeNetwork(const ComposeDesign& design, uint64_t seed)
    : design_(Checked(design)),
      random_(seed),
      melody_(MelodyOptions(design), "melody", random_),
      encoder_(WithInput(design.encoder, design.inputs()), "layer", random_) {
  const size_t width = encoder_.output_width(), outputs = design.outputs();
  if (design.events()) embedding_ = UniformParameter("embedding.weight", {EventTokens(), design.embedding}, 0.3, random_);
  head_weight_ = UniformParameter("head.weight", {outputs, width}, 1 / std::sqrt(static_cast<double>(width)), random_);
  head_bias_ = Parameter("head.bias", Tensor({outputs}));
  if (design.joint && !design.events()) {
    const double limit = 1 / std::sqrt(static_cast<double>(design.key_units));
    write_ = UniformParameter("keys.write", {kPianoKeys, design.key_units}, limit, random_);
    read_ = UniformParameter("keys.read", {kPianoKeys, design.key_units}, limit, random_);
  }
  design_.encoder = encoder_.options();
  if (design.harmonise) design_.melody = melody_.options();
}

Var ComposeNetwork::ReadMelody(Tape& tape, Var melody, const Sequence& sequence) {
  return melody_.Forward(tape, melody, sequence).y;
}

Var ComposeNetwork::Inputs(Tape& tape, const MusicBatch& batch) {
  const Sequence& sequence = batch.sequence;
  if (design_.events()) {
    const Var vectors = Embedding(tape, tape.Use(embedding_), batch.tokens);
    return Reshape(tape, vectors, {sequence.steps, sequence.rows, design_.embedding});
  }
  const Var before = tape.Constant(batch.before);
  if (!design_.harmonise) return before;
  return Concat(tape, before, ReadMelody(tape, tape.Constant(batch.melody), sequence));
}

Var ComposeNetwork::Outputs(Tape& tape, Var y) {
  return Linear(tape, Dropout(tape, y, design_.dropout), tape.Use(head_weight_), tape.Use(head_bias_));
}

Var ComposeNetwork::Loss(Tape& tape, Var outputs, const MusicBatch& batch) {
  if (design_.events()) return SoftmaxCrossEntropy(tape, outputs, batch.events);
  if (!design_.joint) return BernoulliLoss(tape, outputs, batch.targets, batch.weights);
  const Var bias = SliceColumns(tape, outputs, 0, kPianoKeys);
  const Var hidden = SliceColumns(tape, outputs, kPianoKeys, design_.outputs());
  return NadeLoss(tape, bias, hidden, tape.Use(write_), tape.Use(read_), batch.targets, batch.weights);
}

Var ComposeNetwork::Loss(Tape& tape, const MusicBatch& batch) {
  return Loss(tape, Outputs(tape, encoder_.Forward(tape, Inputs(tape, batch), batch.sequence)), batch);
}

void ComposeNetwork::SetPrecision(Precision precision) {
  encoder_.SetPrecision(precision);
  melody_.SetPrecision(precision);
  design_.encoder.precision = precision;
  design_.melody.precision = precision;
}

std::vector<Parameter*> ComposeNetwork::parameters() {
  std::vector<Parameter*> parameters;
  const auto append = [&](const std::vector<Parameter*>& more) {
    parameters.insert(parameters.end(), more.begin(), more.end());
  };
  if (design_.events()) append({&embedding_});
  if (design_.harmonise) append(melody_.parameters());
  append(encoder_.parameters());
  append({&head_weight_, &head_bias_});
  if (design_.key_units > 0) append({&write_, &read_});
  return parameters;
}

}  // namespace eddy
