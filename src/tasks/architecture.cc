#include "tasks/architecture.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "eddy/cell.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kTaps = 3;
constexpr size_t kMostBlocks = 8;
constexpr size_t kAttentionBlocks = 4, kGriffinBlocks = 3, kRecurrentBlocks = 2;
constexpr const char *kConvolution = "conv", *kTcn = "tcn", *kAttention = "attention", *kGriffin = "griffin",
                     *kHeads = "heads";
constexpr const char *kWindowed = "windowed", *kAttentive = "attentive", *kBlocks = "blocks";
constexpr size_t kAttentionStep = 4;  // of which widths are a multiple, so that there is more than one head
constexpr double kMostDropout = 0.1;  // within a block, which has it several times

std::string Counted(size_t count, const char* noun) { return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s"); }

// Rotary positions turn pairs of a head's channels.
size_t HeadsFor(size_t hidden) { return hidden % 8 == 0 ? 4 : hidden % 4 == 0 ? 2 : 1; }

size_t BlocksFor(size_t span) {
  TcnOptions tcn{.kernel = kTaps};
  while (tcn.blocks < kMostBlocks && 1 + 2 * (kTaps - 1) * ((size_t{1} << tcn.blocks) - 1) < span) ++tcn.blocks;
  return tcn.blocks;
}

// What stands before the colon, or nothing, and the cell.
std::pair<std::string, std::string> SplitHybrid(const std::string& part) {
  const size_t colon = part.find(':');
  if (colon == std::string::npos) return {"", part};
  return {part.substr(0, colon), part.substr(colon + 1)};
}

std::string Describe(const StackOptions& stack) {
  return fmt::format("{} of {} {}{}", Counted(stack.layers, "layer"), stack.layer.hidden, stack.layer.cell,
                     stack.bidirectional ? " in both directions" : "");
}

std::string Describe(const Conv1dOptions& o) {
  return fmt::format("convolution to {} channels, each sees {}", o.output,
                     Counted((o.kernel - 1) * o.convolution.dilation + 1, "step"));
}

std::string Describe(const TcnOptions& tcn) {
  return fmt::format("tcn, {} of {} channels and {} taps", Counted(tcn.blocks, "block"), tcn.hidden, tcn.kernel);
}

std::string Sight(size_t window) { return window == 0 ? "all steps" : Counted(window, "step"); }

std::string Describe(const TransformerOptions& o) {
  return fmt::format("attention, {} of {} channels and {}, each sees {}", Counted(o.blocks, "block"), o.hidden,
                     Counted(o.heads, "head"), Sight(o.window));
}

std::string Describe(const GriffinOptions& o) {
  return fmt::format("griffin, {} of {} channels and {}, every third sees {}", Counted(o.blocks, "block"), o.hidden,
                     Counted(o.heads, "head"), Sight(o.window));
}

std::string Describe(const RecurrentBlocksOptions& o) {
  return fmt::format("{} of {} {}", Counted(o.blocks, "residual block"), o.hidden, o.cell);
}

std::string Describe(const WindowedRecurrentOptions& o) {
  return fmt::format("1 layer of {} {}, each sees {}", o.recurrent.hidden, o.recurrent.cell, Sight(o.kernel));
}

std::string Describe(const AttentiveRecurrentOptions& o) {
  return fmt::format("{} with attention to {}", Describe(o.recurrent), Sight(o.attention.window));
}

std::string Describe(const MultiHeadAttentionOptions& o) {
  return fmt::format("attention of {} with {} channels, each sees {}", Counted(o.attention.heads, "head"), o.hidden,
                     Sight(o.attention.window));
}

// The options of a layer of cells; null for others.
const RecurrentOptions* RecurrentOf(const LayerOptions& layer) {
  if (const auto* stack = std::get_if<StackOptions>(&layer)) return &stack->layer;
  if (const auto* windowed = std::get_if<WindowedRecurrentOptions>(&layer)) return &windowed->recurrent;
  if (const auto* attentive = std::get_if<AttentiveRecurrentOptions>(&layer)) return &attentive->recurrent.layer;
  return nullptr;
}

void SetHidden(StackOptions& o, size_t hidden) { o.layer.hidden = hidden; }
void SetHidden(WindowedRecurrentOptions& o, size_t hidden) { o.recurrent.hidden = hidden; }
void SetHidden(AttentiveRecurrentOptions& o, size_t hidden) { o.recurrent.layer.hidden = hidden; }
void SetHidden(Conv1dOptions& o, size_t hidden) { o.output = hidden; }
void SetHidden(TcnOptions& o, size_t hidden) { o.hidden = hidden; }
void SetHidden(MultiHeadAttentionOptions& o, size_t hidden) {
  o.hidden = hidden;
  o.attention.heads = HeadsFor(hidden);
}
void SetHidden(TransformerOptions& o, size_t hidden) {
  o.hidden = hidden;
  o.heads = HeadsFor(hidden);
  o.feed_forward_width = 0;
}
void SetHidden(GriffinOptions& o, size_t hidden) {
  o.hidden = hidden;
  o.heads = HeadsFor(hidden);
  o.feed_forward_width = 0;
}
void SetHidden(RecurrentBlocksOptions& o, size_t hidden) {
  o.hidden = hidden;
  o.groups = HeadsFor(hidden);
  o.feed_forward_width = 0;
}

// Of a width that layers give their feed forwards where they are not told.
void Widen(size_t& width, size_t usual, ptrdiff_t by) {
  width = static_cast<size_t>(std::max<ptrdiff_t>(1, static_cast<ptrdiff_t>(usual) + by));
}
void WidenFeedForwards(TransformerOptions& o, ptrdiff_t by) { Widen(o.feed_forward_width, (8 * o.hidden + 2) / 3, by); }
void WidenFeedForwards(GriffinOptions& o, ptrdiff_t by) { Widen(o.feed_forward_width, 3 * o.hidden, by); }
void WidenFeedForwards(RecurrentBlocksOptions& o, ptrdiff_t by) { Widen(o.feed_forward_width, (4 * o.hidden + 2) / 3, by); }
void WidenFeedForwards(auto&, ptrdiff_t) {}

size_t StepOf(const TransformerOptions&) { return kAttentionStep; }
size_t StepOf(const GriffinOptions&) { return kAttentionStep; }
size_t StepOf(const RecurrentBlocksOptions&) { return kAttentionStep; }
size_t StepOf(const MultiHeadAttentionOptions&) { return kAttentionStep; }
size_t StepOf(const auto&) { return 1; }

void RemoveDropout(RecurrentOptions& o) { o.variational_dropout = o.recurrent_dropout = 0; }
void RemoveDropout(StackOptions& o) {
  o.dropout = 0;
  RemoveDropout(o.layer);
}
void RemoveDropout(Conv1dOptions&) {}
void RemoveDropout(MultiHeadAttentionOptions&) {}
void RemoveDropout(WindowedRecurrentOptions& o) { RemoveDropout(o.recurrent); }
void RemoveDropout(AttentiveRecurrentOptions& o) { RemoveDropout(o.recurrent); }
void RemoveDropout(auto& o) { o.dropout = 0; }

// The layers that a part of a name stands for.
std::vector<LayerOptions> Layers(const std::string& part, const StackOptions& given, size_t span,
                                 std::optional<size_t> layers) {
  StackOptions stack = given;
  const size_t hidden = stack.layer.hidden, window = stack.bidirectional ? 0 : span;
  const double dropout = std::min(stack.dropout, kMostDropout);
  if (part == kConvolution) {
    ConvolutionOptions convolution;
    if (stack.bidirectional) convolution.padding = Padding::kSame;
    return {Conv1dOptions{.output = hidden, .kernel = kTaps, .convolution = convolution}};
  }
  if (part == kTcn) {
    return {TcnOptions{.hidden = hidden, .blocks = layers.value_or(BlocksFor(span)), .kernel = kTaps, .dropout = dropout}};
  }
  if (part == kAttention) {
    return {TransformerOptions{.hidden = hidden,
                               .blocks = layers.value_or(kAttentionBlocks),
                               .heads = HeadsFor(hidden),
                               .window = window,
                               .dropout = dropout,
                               .causal = !stack.bidirectional}};
  }
  if (part == kGriffin) {
    return {GriffinOptions{.hidden = hidden,
                           .blocks = layers.value_or(kGriffinBlocks),
                           .heads = HeadsFor(hidden),
                           .window = std::max<size_t>(span, 1),
                           .dropout = dropout}};
  }
  if (part == kHeads) {
    const AttentionOptions attention{
        .heads = HeadsFor(hidden), .causal = !stack.bidirectional, .window = window, .positions = Positions::kRotary};
    return {MultiHeadAttentionOptions{.hidden = hidden, .attention = attention}};
  }
  const auto& [hybrid, cell] = SplitHybrid(part);
  FindCell(cell);
  stack.layer.cell = cell;
  if (hybrid == kBlocks) {
    return {RecurrentBlocksOptions{.hidden = hidden,
                                   .blocks = layers.value_or(kRecurrentBlocks),
                                   .cell = cell,
                                   .groups = HeadsFor(hidden),
                                   .dropout = dropout}};
  }
  if (hybrid == kWindowed) return std::vector<LayerOptions>(stack.layers, WindowedRecurrentOptions{stack.layer, 2});
  if (hybrid == kAttentive) return {AttentiveRecurrentOptions{stack, {.causal = !stack.bidirectional, .window = window}}};
  Require(hybrid.empty(), "compose", "a layer", kLayerNames, part);
  return {stack};
}

}  // namespace

std::vector<std::string> SplitArchitecture(const std::string& name) {
  std::vector<std::string> parts(1);
  for (const char c : name) {
    if (c == '+') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

const std::vector<std::string>& CellNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const CellType* cell : Cells()) all.emplace_back(CellName(*cell));
    return all;
  }();
  return names;
}

const std::vector<std::string>& OtherLayerNames() {
  static const std::vector<std::string> names = {kConvolution, kTcn, kAttention, kGriffin, kHeads};
  return names;
}

const std::vector<std::string>& HybridNames() {
  static const std::vector<std::string> names = {kWindowed, kAttentive, kBlocks};
  return names;
}

void Compose(EncoderOptions& encoder, const std::string& name, size_t span, std::optional<size_t> layers) {
  const StackOptions* given = encoder.stack();
  Require(given != nullptr, "compose", "the layers", "recurrent", "others");
  const StackOptions stack = *given;
  encoder.layers.clear();
  for (const std::string& part : SplitArchitecture(name)) {
    for (LayerOptions& layer : Layers(part, stack, span, layers)) encoder.layers.push_back(std::move(layer));
  }
}

bool HasRecurrent(const EncoderOptions& options) {
  return std::any_of(options.layers.begin(), options.layers.end(),
                     [](const LayerOptions& layer) { return RecurrentOf(layer) != nullptr; });
}

void SetHidden(EncoderOptions& options, size_t hidden) {
  for (LayerOptions& layer : options.layers) {
    std::visit([=](auto& each) { SetHidden(each, hidden); }, layer);
  }
}

void WidenFeedForwards(EncoderOptions& options, ptrdiff_t by) {
  for (LayerOptions& layer : options.layers) {
    std::visit([=](auto& each) { WidenFeedForwards(each, by); }, layer);
  }
}

size_t HiddenStep(const EncoderOptions& options) {
  size_t step = 1;
  for (const LayerOptions& layer : options.layers) {
    step = std::max(step, std::visit([](const auto& each) { return StepOf(each); }, layer));
  }
  return step;
}

void SuitRate(ScheduleOptions& schedule, const EncoderOptions& options) {
  // On 180,000 characters, 250 steps of 512: 0.001 leaves 2.59 nats with a tcn and 2.58 with attention, 0.002 2.39 and 2.46,
  // 0.003 2.32 and 2.42.
  constexpr double kMostRate = 3e-3, kLongWarmup = 0.05;
  if (HasRecurrent(options)) return;
  schedule.rate = std::min(schedule.rate, kMostRate);
  schedule.warmup = std::max(schedule.warmup, kLongWarmup);
}

size_t CountWeights(const std::vector<Parameter*>& parameters) {
  size_t weights = 0;
  for (const Parameter* parameter : parameters) weights += parameter->value.size();
  return weights;
}

bool HasZoneout(const EncoderOptions& options) {
  return std::any_of(options.layers.begin(), options.layers.end(), [](const LayerOptions& layer) {
    const RecurrentOptions* recurrent = RecurrentOf(layer);
    return recurrent != nullptr && recurrent->zoneout > 0;
  });
}

void RemoveDropout(EncoderOptions& options) {
  Require(!HasZoneout(options), "explain", "the network", "trained without zoneout", "trained with it");
  for (LayerOptions& layer : options.layers) {
    std::visit([](auto& each) { RemoveDropout(each); }, layer);
  }
}

RecurrentStack& RequireStack(Encoder& encoder) {
  RecurrentStack* stack = encoder.stack();
  Require(stack != nullptr, "look inside", "the layers", "recurrent", Describe(encoder.options()));
  return *stack;
}

std::string Describe(const EncoderOptions& options) {
  std::vector<std::string> parts;
  for (const LayerOptions& layer : options.layers) {
    parts.push_back(std::visit([](const auto& each) { return Describe(each); }, layer));
  }
  return fmt::format("{}", fmt::join(parts, ", then "));
}

}  // namespace eddy
