// Encoder: layers in a chain, each of which reads what the one before it puts out: recurrent stacks, convolutions, attention
// and their hybrids. What a model's description lists, and what its tasks put between inputs and head. Shapes: T steps, B
// rows, D inputs.
//
// The laws of the layers hold for the chain: a row's forward is the same, bit for bit, for any batch around it, any number
// of threads, and whether it is run whole or, where every layer is causal, a step at a time.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "eddy/layer_kinds.h"
#include "eddy/segment.h"

EDDY_API_BEGIN
namespace eddy {

using LayerOptions = LayerKinds::Options;  // a variant of the options of every kind in include/eddy/layers/

struct EncoderOptions {
  size_t input = 0;                                     // D, at least 1
  std::vector<LayerOptions> layers = {StackOptions{}};  // at least one; the encoder sets the inputs that they name
  // Of a trained encoder's products: a stream runs in it. A tape says its own.
  Precision precision = Precision::kFloat32;

  // The options of the recurrent layers where there is nothing else; null otherwise.
  StackOptions* stack() { return layers.size() == 1 ? std::get_if<StackOptions>(&layers[0]) : nullptr; }
  const StackOptions* stack() const { return layers.size() == 1 ? std::get_if<StackOptions>(&layers[0]) : nullptr; }
};

// Calls f(kind, layer) with the options or the layer that a variant holds and the kind that it is of (layer_kind.h).
decltype(auto) WithKind(auto&& variant, auto&& f) {
  return std::visit(
      [&](auto&& each) -> decltype(auto) { return f(LayerKinds::Of<std::remove_cvref_t<decltype(each)>>(), each); },
      variant);
}

size_t& InputOf(LayerOptions& layer);
size_t OutputWidth(const LayerOptions& layer);
bool IsCausal(const LayerOptions& layer);  // whether no output sees a later step
bool IsCausal(const EncoderOptions& options);

// Steps before its own that an output sees other than by recurrence, kAllSteps for attention without a window.
size_t StepsBack(const LayerOptions& layer);
size_t StepsBack(const EncoderOptions& options);  // of all layers, at most kAllSteps

void SetHidden(EncoderOptions& options, size_t hidden);  // of every layer
size_t HiddenStep(const EncoderOptions& options);        // of which their width is a multiple
// Makes feed forwards by so many channels wider than they are at this width, at least 1 wide. Until SetHidden.
void WidenFeedForwards(EncoderOptions& options, ptrdiff_t by);

bool HasRecurrent(const EncoderOptions& options);  // whether any layer has the options of recurrent ones
bool HasZoneout(const EncoderOptions& options);
// Of every layer, as for runs that must not be random. Throws Error where it cannot be, with zoneout.
void RemoveDropout(EncoderOptions& options);

std::string Describe(const EncoderOptions& options);  // "1 layer of 128 lstm in both directions, then ..."

class Encoder {
 public:
  // Parameters are named as those of the layer where there is one ("NAME.0.W"), and after "NAME1", "NAME2" ... where there
  // are more. Throws Error for options out of range.
  Encoder(const EncoderOptions& options, const std::string& name, Random& random);

  // x [T, B, D] -> [T, B, output_width()], zeros beyond a row's length. Throws Error for a segment that does not fit.
  Var Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment = nullptr) const;

  std::vector<size_t> state_widths() const;  // of what segments hand on

  size_t output_width() const;
  const EncoderOptions& options() const { return options_; }  // with the layers' inputs
  void SetPrecision(Precision precision) { options_.precision = precision; }
  std::vector<Parameter*> parameters();
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

  using Layer = LayerKinds::Layer;
  const std::vector<Layer>& layers() const { return layers_; }
  // The recurrent layers where there is nothing else, for what only they have; null otherwise.
  RecurrentStack* stack() { return layers_.size() == 1 ? std::get_if<RecurrentStack>(&layers_[0]) : nullptr; }

 private:
  EncoderOptions options_;
  std::vector<Layer> layers_;
};

// Runs a chain a step at a time. After construction a step allocates nothing, locks nothing and throws nothing. The weights
// are packed once, at construction; the encoder may then change or go. A stream is for one thread.
class EncoderStream {
 public:
  // In the encoder's precision. Throws Error for a layer that is not causal, and for attention without a window.
  explicit EncoderStream(const Encoder& encoder, size_t rows = 1);
  ~EncoderStream();
  EncoderStream(EncoderStream&&) noexcept;

  // input [B, D] -> output [B, output_width()], valid until the next call.
  std::span<const Real> Step(const Real* input) noexcept;

  // A value: keep it, and put it back to come to this point again.
  size_t state_size() const;
  void SaveState(std::span<Real> to);  // [state_size()]; throws Error for any other size
  void LoadState(std::span<const Real> from);
  void Reset();  // back to the initial state

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy
EDDY_API_END
