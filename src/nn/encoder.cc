#include "eddy/encoder.h"

#include "eddy/error.h"
#include "nn/run_segment.h"

namespace eddy {
namespace {

Var Run(const RecurrentStack& layer, Tape& tape, Var x, const Sequence& sequence, Segment* segment) {
  return RunSegment(layer, tape, x, sequence, segment);
}
Var Run(const auto& layer, Tape& tape, Var x, const Sequence& sequence, Segment* segment) {
  return layer.Forward(tape, x, sequence, segment);
}

std::vector<size_t> Widths(const RecurrentStack& layer) { return StateWidths(layer); }
std::vector<size_t> Widths(const auto& layer) { return layer.state_widths(); }

}  // namespace

Encoder::Encoder(const EncoderOptions& options, const std::string& name, Random& random) : options_(options) {
  Require(!options.layers.empty(), "encoder", "layers", "at least one", "none");
  size_t input = options.input;
  for (size_t i = 0; i < options.layers.size(); ++i) {
    LayerOptions& layer = options_.layers[i];
    InputOf(layer) = input;
    const std::string own_name = options.layers.size() == 1 ? name : name + std::to_string(i + 1);
    WithKind(layer, [&](auto kind, const auto& each) {
      kind.RequireChainable(each);
      layers_.push_back(typename decltype(kind)::Layer(each, own_name, random));
    });
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
