#include "eddy/encoder.h"

#include <algorithm>

#include "eddy/error.h"
#include "nn/run_segment.h"

namespace eddy {
namespace {

// The layer that options of each kind are of.
template <class Options>
struct LayerOf;
template <>
struct LayerOf<StackOptions> : std::type_identity<RecurrentStack> {};
template <>
struct LayerOf<Conv1dOptions> : std::type_identity<Conv1d> {};
template <>
struct LayerOf<TcnOptions> : std::type_identity<Tcn> {};
template <>
struct LayerOf<TransformerOptions> : std::type_identity<Transformer> {};
template <>
struct LayerOf<GriffinOptions> : std::type_identity<Griffin> {};
template <>
struct LayerOf<RecurrentBlocksOptions> : std::type_identity<RecurrentBlocks> {};
template <>
struct LayerOf<WindowedRecurrentOptions> : std::type_identity<WindowedRecurrent> {};
template <>
struct LayerOf<AttentiveRecurrentOptions> : std::type_identity<AttentiveRecurrent> {};
template <>
struct LayerOf<MultiHeadAttentionOptions> : std::type_identity<MultiHeadAttention> {};

Encoder::Layer Make(const LayerOptions& options, const std::string& name, Random& random) {
  return std::visit(
      [&](const auto& each) -> Encoder::Layer {
        return typename LayerOf<std::decay_t<decltype(each)>>::type(each, name, random);
      },
      options);
}

size_t& Input(StackOptions& o) { return o.layer.input; }
size_t& Input(WindowedRecurrentOptions& o) { return o.recurrent.input; }
size_t& Input(AttentiveRecurrentOptions& o) { return o.recurrent.layer.input; }
size_t& Input(auto& o) { return o.input; }

size_t Width(const RecurrentOptions& o) { return o.projection > 0 ? o.projection : o.hidden; }
size_t Width(const StackOptions& o) { return Width(o.layer) * (o.bidirectional ? 2 : 1); }
size_t Width(const Conv1dOptions& o) { return o.output; }
size_t Width(const WindowedRecurrentOptions& o) { return Width(o.recurrent); }
size_t Width(const AttentiveRecurrentOptions& o) { return Width(o.recurrent); }
size_t Width(const MultiHeadAttentionOptions& o) { return o.input; }
size_t Width(const auto& o) { return o.hidden; }

bool Causal(const StackOptions& o) { return !o.bidirectional && !o.layer.reverse; }
bool Causal(const Conv1dOptions& o) { return o.convolution.padding == Padding::kCausal; }
bool Causal(const TransformerOptions& o) { return o.causal; }
bool Causal(const AttentiveRecurrentOptions& o) { return o.attention.causal && Causal(o.recurrent); }
bool Causal(const MultiHeadAttentionOptions& o) { return o.attention.causal; }
bool Causal(const auto&) { return true; }

size_t Back(size_t window) { return window > 0 ? window - 1 : kAllSteps; }
size_t Back(const StackOptions&) { return 0; }
size_t Back(const Conv1dOptions& o) { return (o.kernel - 1) * o.convolution.dilation; }
size_t Back(const TcnOptions& o) { return 2 * (o.kernel - 1) * ((size_t{1} << o.blocks) - 1); }
size_t Back(const TransformerOptions& o) { return std::min(kAllSteps, o.blocks * Back(o.window)); }
size_t Back(const GriffinOptions& o) { return o.blocks / 3 * Back(o.window) + (o.blocks - o.blocks / 3) * (o.kernel - 1); }
size_t Back(const RecurrentBlocksOptions& o) { return o.blocks * (o.kernel - 1); }
size_t Back(const WindowedRecurrentOptions& o) { return o.kernel - 1; }
size_t Back(const AttentiveRecurrentOptions& o) { return Back(o.attention.window); }
size_t Back(const MultiHeadAttentionOptions& o) { return Back(o.attention.window); }

Var Run(const RecurrentStack& layer, Tape& tape, Var x, const Sequence& sequence, Segment* segment) {
  return RunSegment(layer, tape, x, sequence, segment);
}
Var Run(const auto& layer, Tape& tape, Var x, const Sequence& sequence, Segment* segment) {
  return layer.Forward(tape, x, sequence, segment);
}

std::vector<size_t> Widths(const RecurrentStack& layer) { return StateWidths(layer); }
std::vector<size_t> Widths(const auto& layer) { return layer.state_widths(); }

}  // namespace

size_t& InputOf(LayerOptions& layer) {
  return std::visit([](auto& each) -> size_t& { return Input(each); }, layer);
}

size_t OutputWidth(const LayerOptions& layer) {
  return std::visit([](const auto& each) { return Width(each); }, layer);
}

bool IsCausal(const LayerOptions& layer) {
  return std::visit([](const auto& each) { return Causal(each); }, layer);
}

bool IsCausal(const EncoderOptions& options) {
  return std::all_of(options.layers.begin(), options.layers.end(),
                     [](const LayerOptions& layer) { return IsCausal(layer); });
}

size_t StepsBack(const LayerOptions& layer) {
  return std::visit([](const auto& each) { return Back(each); }, layer);
}

size_t StepsBack(const EncoderOptions& options) {
  size_t steps = 0;
  for (const LayerOptions& layer : options.layers) steps = std::min(kAllSteps, steps + StepsBack(layer));
  return steps;
}

Encoder::Encoder(const EncoderOptions& options, const std::string& name, Random& random) : options_(options) {
  Require(!options.layers.empty(), "encoder", "layers", "at least one", "none");
  size_t input = options.input;
  for (size_t i = 0; i < options.layers.size(); ++i) {
    LayerOptions& layer = options_.layers[i];
    InputOf(layer) = input;
    if (const auto* heads = std::get_if<MultiHeadAttentionOptions>(&layer)) {
      const bool itself = heads->memory == 0 || heads->memory == input;
      Require(itself, "encoder", "the memory of attention", "what it reads itself, 0 wide or " + std::to_string(input),
              std::to_string(heads->memory));
    }
    if (const auto* conv = std::get_if<Conv1dOptions>(&layer)) {
      const bool keeps = conv->convolution.stride == 1 && conv->convolution.padding != Padding::kNone;
      Require(keeps, "encoder", "a convolution", "one that keeps the number of steps", "another");
    }
    layers_.push_back(Make(layer, options.layers.size() == 1 ? name : name + std::to_string(i + 1), random));
    input = OutputWidth(layer);
  }
}

Var Encoder::Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment) const {
  Require(!layers_.empty(), "encoder", "its layers", "there", "gone with the encoder it was moved to");
  if (segment != nullptr && !segment->before().empty()) {
    const std::vector<size_t> widths = state_widths();
    bool fits = segment->before().size() == widths.size();
    for (size_t i = 0; fits && i < widths.size(); ++i) {
      fits = tape.Value(segment->before()[i]).shape() == Shape({sequence.rows, widths[i]});
    }
    Require(fits, "encoder", "what the segment goes on from", std::to_string(widths.size()) + " values of its layers",
            std::to_string(segment->before().size()) + " of others");
  }
  for (const Layer& layer : layers_) {
    x = std::visit([&](const auto& each) { return Run(each, tape, x, sequence, segment); }, layer);
  }
  return x;
}

std::vector<size_t> Encoder::state_widths() const {
  std::vector<size_t> widths;
  for (const Layer& layer : layers_) {
    widths = Joined(std::move(widths), std::visit([](const auto& each) { return Widths(each); }, layer));
  }
  return widths;
}

size_t Encoder::output_width() const { return OutputWidth(options_.layers.back()); }

std::vector<Parameter*> Encoder::parameters() {
  std::vector<Parameter*> all;
  for (Layer& layer : layers_) {
    for (Parameter* parameter : std::visit([](auto& each) { return each.parameters(); }, layer)) all.push_back(parameter);
  }
  return all;
}

}  // namespace eddy
