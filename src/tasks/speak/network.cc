#include "tasks/speak/network.h"

#include "eddy/ops.h"

namespace eddy {
namespace {

const VoiceDesign& Checked(const VoiceDesign& design) {
  RequireValid(design);
  return design;
}

Tensor NormalTensor(const Shape& shape, Random& random) {
  Tensor values = Tensor::Uninitialized(shape);
  for (Real& value : values.values()) value = static_cast<Real>(random.Normal());
  return values;
}

EncoderOptions WithInput(EncoderOptions options, size_t input) {
  options.input = input;
  return options;
}

}  // namespace

VoiceNetwork::VoiceNetwork(const VoiceDesign& design, uint64_t seed)
    : design_(Checked(design)),
      random_(seed),
      embedding_("embedding.W", NormalTensor({design.symbols.size(), design.embedding}, random_)),
      text_(WithInput(design.text, design.embedding), "text", random_),
      duration_head_({text_.output_width(), 1}, "duration", random_),
      frames_(WithInput(design.frames, text_.output_width() + kPlaceWidth), "frames", random_),
      frame_head_({frames_.output_width(), design.vocoder.width()}, "head", random_) {
  design_.text = text_.options();
  design_.frames = frames_.options();
}

Var VoiceNetwork::ReadText(Tape& tape, const VoiceText& text) const {
  const Var x = Reshape(tape, Embedding(tape, tape.Use(*embedding_), text.symbols),
                        {text.sequence.steps, text.sequence.rows, design_.embedding});
  return text_.Forward(tape, Dropout(tape, x, design_.dropout), text.sequence);
}

Var VoiceNetwork::Durations(Tape& tape, Var text) const {
  return duration_head_.Forward(tape, Dropout(tape, text, design_.dropout));
}

Var VoiceNetwork::Frames(Tape& tape, Var text, const VoicePlaces& places) const {
  const Shape shape = tape.Value(text).shape();
  const size_t H = shape[2];
  const Var table = Reshape(tape, text, {shape[0] * shape[1], H});
  const Var spread = Reshape(tape, Embedding(tape, table, places.symbols), {places.sequence.steps, places.sequence.rows, H});
  const Var x = Concat(tape, Dropout(tape, spread, design_.dropout), tape.Constant(places.places));
  return frame_head_.Forward(tape, Dropout(tape, frames_.Forward(tape, x, places.sequence), design_.dropout));
}

void VoiceNetwork::SetPrecision(Precision precision) {
  text_.SetPrecision(precision);
  frames_.SetPrecision(precision);
  if (vocoder_) vocoder_->SetPrecision(precision);
  design_.text.precision = design_.frames.precision = precision;
}

std::vector<Parameter*> VoiceNetwork::parameters() {
  std::vector<Parameter*> all = {&*embedding_};
  for (std::vector<Parameter*> part :
       {text_.parameters(), duration_head_.parameters(), frames_.parameters(), frame_head_.parameters()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  if (vocoder_) {
    for (Parameter* each : vocoder_->parameters()) all.push_back(each);
  }
  return all;
}

}  // namespace eddy
