#include "eddy/encoder.h"

#include <algorithm>

#include "eddy/error.h"
#include "eddy/ops.h"

namespace eddy {
namespace {

void SetInput(LayerOptions& layer, size_t input) {
  if (auto* stack = std::get_if<StackOptions>(&layer)) stack->layer.input = input;
  if (auto* tcn = std::get_if<TcnOptions>(&layer)) tcn->input = input;
  if (auto* transformer = std::get_if<TransformerOptions>(&layer)) transformer->input = input;
}

Encoder::Layer Make(const LayerOptions& options, const std::string& name, Random& random) {
  if (const auto* tcn = std::get_if<TcnOptions>(&options)) return Tcn(*tcn, name, random);
  if (const auto* o = std::get_if<TransformerOptions>(&options)) return Transformer(*o, name, random);
  return RecurrentStack(std::get<StackOptions>(options), name, random);
}

// Steps [begin, end) of a batch.
Sequence Cut(const Sequence& sequence, size_t begin, size_t end) {
  Sequence part{end - begin, sequence.rows, {}, {}};
  for (const size_t length : sequence.lengths) part.lengths.push_back(std::clamp(length, begin, end) - begin);
  if (!sequence.resets.empty()) {
    const auto first = sequence.resets.begin();
    part.resets.assign(first + static_cast<ptrdiff_t>(begin * sequence.rows),
                       first + static_cast<ptrdiff_t>(end * sequence.rows));
  }
  return part;
}

// a [T, B, D], b [T', B, D] -> [T + T', B, D].
Var OneAfterAnother(Tape& tape, Var a, Var b) {
  const Shape first = tape.Value(a).shape(), second = tape.Value(b).shape();
  const Var flat = Concat(tape, Reshape(tape, a, {tape.Value(a).size()}), Reshape(tape, b, {tape.Value(b).size()}));
  return Reshape(tape, flat, {first[0] + second[0], first[1], first[2]});
}

RecurrentStack::Output Run(RecurrentStack& stack, Tape& tape, Var x, const Sequence& sequence, const std::vector<Var>& state,
                           size_t state_at) {
  if (state_at >= sequence.steps) return stack.Forward(tape, x, sequence, state);
  if (state_at == 0) return {stack.Forward(tape, x, sequence, state).y, state};
  const RecurrentStack::Output before = stack.Forward(tape, Slice(tape, x, 0, state_at), Cut(sequence, 0, state_at), state);
  const RecurrentStack::Output after =
      stack.Forward(tape, Slice(tape, x, state_at, sequence.steps), Cut(sequence, state_at, sequence.steps), before.state);
  return {OneAfterAnother(tape, before.y, after.y), before.state};
}

}  // namespace

size_t OutputWidth(const LayerOptions& layer) {
  if (const auto* tcn = std::get_if<TcnOptions>(&layer)) return tcn->hidden;
  if (const auto* transformer = std::get_if<TransformerOptions>(&layer)) return transformer->hidden;
  const StackOptions& stack = std::get<StackOptions>(layer);
  return (stack.layer.projection > 0 ? stack.layer.projection : stack.layer.hidden) * (stack.bidirectional ? 2 : 1);
}

bool IsCausal(const LayerOptions& layer) {
  if (const auto* transformer = std::get_if<TransformerOptions>(&layer)) return transformer->causal;
  const auto* stack = std::get_if<StackOptions>(&layer);
  return stack == nullptr || (!stack->bidirectional && !stack->layer.reverse);
}

bool IsCausal(const EncoderOptions& options) {
  return std::all_of(options.layers.begin(), options.layers.end(),
                     [](const LayerOptions& layer) { return IsCausal(layer); });
}

size_t ContextOf(const LayerOptions& layer) {
  if (const auto* o = std::get_if<TransformerOptions>(&layer))
    return o->window > 0 ? o->blocks * (o->window - 1) : kAllSteps;
  const auto* tcn = std::get_if<TcnOptions>(&layer);
  return tcn != nullptr ? 2 * (tcn->kernel - 1) * ((size_t{1} << tcn->blocks) - 1) : 0;
}

size_t ContextOf(const EncoderOptions& options) {
  size_t context = 0;
  for (const LayerOptions& layer : options.layers) context += ContextOf(layer);
  return context;
}

bool SplitsExactly(const EncoderOptions& options) {
  size_t context = 0;
  for (const LayerOptions& layer : options.layers) {
    if (context > 0 && std::holds_alternative<StackOptions>(layer)) return false;
    context += ContextOf(layer);
  }
  return true;
}

Encoder::Encoder(const EncoderOptions& options, const std::string& name, Random& random) : options_(options) {
  Require(!options.layers.empty(), "encoder", "layers", "at least one", "none");
  size_t input = options.input;
  for (size_t i = 0; i < options.layers.size(); ++i) {
    LayerOptions& layer = options_.layers[i];
    SetInput(layer, input);
    layers_.push_back(Make(layer, options.layers.size() == 1 ? name : name + std::to_string(i + 1), random));
    input = OutputWidth(layer);
  }
}

Encoder::Output Encoder::Forward(Tape& tape, Var x, const Sequence& sequence, const std::vector<Var>& state,
                                 size_t state_at) {
  const size_t states = state_widths().size();
  Require(state.empty() || state.size() == states, "encoder", "state", std::to_string(states) + " values",
          std::to_string(state.size()));
  Output output{x, {}};
  auto next = state.begin();
  for (Layer& layer : layers_) {
    if (auto* tcn = std::get_if<Tcn>(&layer)) output.y = tcn->Forward(tape, output.y, sequence);
    if (auto* transformer = std::get_if<Transformer>(&layer)) output.y = transformer->Forward(tape, output.y, sequence);
    if (auto* stack = std::get_if<RecurrentStack>(&layer)) {
      std::vector<Var> own;
      for (size_t i = 0; i < stack->layers().size() && next != state.end(); ++i) own.push_back(*next++);
      const RecurrentStack::Output made = Run(*stack, tape, output.y, sequence, own, state_at);
      output.y = made.y;
      output.state.insert(output.state.end(), made.state.begin(), made.state.end());
    }
  }
  return output;
}

std::vector<size_t> Encoder::state_widths() const {
  std::vector<size_t> widths;
  for (const Layer& layer : layers_) {
    const auto* stack = std::get_if<RecurrentStack>(&layer);
    if (stack == nullptr) continue;
    for (const Recurrent& each : stack->layers()) widths.push_back(each.state_width());
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
