#include "model/encoder_json.h"

#include <cmath>

#include "eddy/error.h"
#include "model/stack_fits.h"
#include "model/stack_json.h"

namespace eddy {
namespace {

constexpr int64_t kMostWidth = int64_t{1} << 24;
constexpr int64_t kMostBlocks = 1024;
constexpr int64_t kMostTaps = 1 << 20;
constexpr size_t kMostLayers = 64;

template <class Value>
using Names = std::vector<std::pair<const char*, Value>>;
const Names<Positions> kPositions = {
    {"none", Positions::kNone}, {"rotary", Positions::kRotary}, {"linear_bias", Positions::kLinearBias}};
const Names<Padding> kPaddings = {{"causal", Padding::kCausal}, {"same", Padding::kSame}};
const Names<Normalization> kNorms = {{"rms", Normalization::kRms}, {"layer", Normalization::kLayer}};
const Names<FeedForwardKind> kFeedForwards = {
    {"gelu", FeedForwardKind::kGelu}, {"swiglu", FeedForwardKind::kSwiGlu}, {"geglu", FeedForwardKind::kGeGlu}};

template <class Value>
const char* NameOf(const Names<Value>& names, Value value) {
  for (const auto& [name, each] : names) {
    if (each == value) return name;
  }
  return "";
}

template <class Value>
Value ByName(const Names<Value>& names, const Json& json, const char* key) {
  const std::string& given = StringField(json, key);
  std::string all;
  for (const auto& [name, value] : names) {
    if (given == name) return value;
    all += (all.empty() ? "" : ", ") + std::string(name);
  }
  Fail("stored description", Quoted(key), "one of " + all, Quoted(given));
}

size_t Size(const Json& json, const char* key, int64_t most = kMostWidth) {
  return static_cast<size_t>(IntegerField(json, key, 1, most));
}

Json ToJson(const Conv1dOptions& options) {
  return {{"kind", "convolution"},
          {"input", options.input},
          {"output", options.output},
          {"kernel", options.kernel},
          {"dilation", options.convolution.dilation},
          {"groups", options.convolution.groups},
          {"padding", NameOf(kPaddings, options.convolution.padding)},
          {"bias", options.bias},
          {"weight_norm", options.weight_norm}};
}

Conv1dOptions ConvolutionFromJson(const Json& json) {
  Conv1dOptions options;
  options.input = Size(json, "input");
  options.output = Size(json, "output");
  options.kernel = Size(json, "kernel", kMostTaps);
  options.convolution.dilation = Size(json, "dilation", kMostTaps);
  options.convolution.groups = Size(json, "groups");
  options.convolution.padding = ByName(kPaddings, json, "padding");
  options.bias = BoolField(json, "bias");
  options.weight_norm = BoolField(json, "weight_norm");
  return options;
}

Json ToJson(const TcnOptions& options) {
  return {{"kind", "tcn"},
          {"input", options.input},
          {"hidden", options.hidden},
          {"blocks", options.blocks},
          {"kernel", options.kernel},
          {"dropout", options.dropout}};
}

Json ToJson(const TransformerOptions& options) {
  return {{"kind", "attention"},
          {"input", options.input},
          {"hidden", options.hidden},
          {"blocks", options.blocks},
          {"heads", options.heads},
          {"window", options.window},
          {"causal", options.causal},
          {"positions", NameOf(kPositions, options.positions)},
          {"norm", NameOf(kNorms, options.norm)},
          {"feed_forward", NameOf(kFeedForwards, options.feed_forward)},
          {"feed_forward_width", options.feed_forward_width},
          {"dropout", options.dropout}};
}

TransformerOptions TransformerFromJson(const Json& json) {
  TransformerOptions options;
  options.input = Size(json, "input");
  options.hidden = Size(json, "hidden");
  options.blocks = Size(json, "blocks", kMostBlocks);
  options.heads = Size(json, "heads");
  options.window = static_cast<size_t>(IntegerField(json, "window", 0, kMostWidth));
  options.causal = BoolField(json, "causal");
  options.positions = ByName(kPositions, json, "positions");
  options.norm = ByName(kNorms, json, "norm");
  options.feed_forward = ByName(kFeedForwards, json, "feed_forward");
  options.feed_forward_width = static_cast<size_t>(IntegerField(json, "feed_forward_width", 0, kMostWidth));
  options.dropout = NumberField(json, "dropout");
  return options;
}

Json ToJson(const GriffinOptions& options) {
  return {{"kind", "griffin"},        {"input", options.input},     {"hidden", options.hidden},
          {"blocks", options.blocks}, {"heads", options.heads},     {"window", options.window},
          {"kernel", options.kernel}, {"dropout", options.dropout}, {"feed_forward_width", options.feed_forward_width}};
}

GriffinOptions GriffinFromJson(const Json& json) {
  return {.input = Size(json, "input"),
          .hidden = Size(json, "hidden"),
          .blocks = Size(json, "blocks", kMostBlocks),
          .heads = Size(json, "heads"),
          .window = Size(json, "window"),
          .kernel = Size(json, "kernel", kMostTaps),
          .dropout = NumberField(json, "dropout"),
          .feed_forward_width = static_cast<size_t>(IntegerField(json, "feed_forward_width", 0, kMostWidth))};
}

Json ToJson(const RecurrentBlocksOptions& options) {
  return {{"kind", "blocks"},         {"input", options.input},     {"hidden", options.hidden},
          {"blocks", options.blocks}, {"cell", options.cell},       {"groups", options.groups},
          {"kernel", options.kernel}, {"dropout", options.dropout}, {"feed_forward_width", options.feed_forward_width}};
}

RecurrentBlocksOptions RecurrentBlocksFromJson(const Json& json) {
  return {.input = Size(json, "input"),
          .hidden = Size(json, "hidden"),
          .blocks = Size(json, "blocks", kMostBlocks),
          .cell = StringField(json, "cell"),
          .groups = Size(json, "groups"),
          .kernel = Size(json, "kernel", kMostTaps),
          .dropout = NumberField(json, "dropout"),
          .feed_forward_width = static_cast<size_t>(IntegerField(json, "feed_forward_width", 0, kMostWidth))};
}

Json ToJson(const WindowedRecurrentOptions& options) {
  return {{"kind", "windowed"}, {"recurrent", ToJson(StackOptions{options.recurrent})}, {"kernel", options.kernel}};
}

WindowedRecurrentOptions WindowedFromJson(const Json& json) {
  return {StackOptionsFromJson(ObjectField(json, "recurrent")).layer, Size(json, "kernel", kMostTaps)};
}

void AddAttention(Json& json, const AttentionOptions& options) {
  json["heads"] = options.heads;
  json["scale"] = options.scale;
  json["window"] = options.window;
  json["causal"] = options.causal;
  json["positions"] = NameOf(kPositions, options.positions);
}

AttentionOptions AttentionFromJson(const Json& json) {
  return {.heads = Size(json, "heads"),
          .scale = NumberField(json, "scale"),
          .causal = BoolField(json, "causal"),
          .window = static_cast<size_t>(IntegerField(json, "window", 0, kMostWidth)),
          .positions = ByName(kPositions, json, "positions")};
}

Json ToJson(const AttentiveRecurrentOptions& options) {
  Json json = {{"kind", "attentive"}, {"recurrent", ToJson(options.recurrent)}};
  AddAttention(json, options.attention);
  return json;
}

AttentiveRecurrentOptions AttentiveFromJson(const Json& json) {
  return {StackOptionsFromJson(ObjectField(json, "recurrent")), AttentionFromJson(json)};
}

Json ToJson(const MultiHeadAttentionOptions& options) {
  Json json = {{"kind", "heads"}, {"input", options.input}, {"hidden", options.hidden}};
  AddAttention(json, options.attention);
  return json;
}

MultiHeadAttentionOptions HeadsFromJson(const Json& json) {
  return {.input = Size(json, "input"),
          .hidden = static_cast<size_t>(IntegerField(json, "hidden", 0, kMostWidth)),
          .attention = AttentionFromJson(json)};
}

LayerOptions LayerFromJson(const Json& json) {
  const std::string& kind = StringField(json, "kind");
  if (kind == "recurrent") return StackOptionsFromJson(json);
  if (kind == "convolution") return ConvolutionFromJson(json);
  if (kind == "griffin") return GriffinFromJson(json);
  if (kind == "blocks") return RecurrentBlocksFromJson(json);
  if (kind == "windowed") return WindowedFromJson(json);
  if (kind == "attentive") return AttentiveFromJson(json);
  if (kind == "heads") return HeadsFromJson(json);
  if (kind == "tcn") {
    return TcnOptions{.input = Size(json, "input"),
                      .hidden = Size(json, "hidden"),
                      .blocks = Size(json, "blocks", 20),
                      .kernel = Size(json, "kernel", kMostTaps),
                      .dropout = NumberField(json, "dropout")};
  }
  if (kind == "attention") return TransformerFromJson(json);
  Fail("stored description", "the kind of a layer",
       "recurrent, convolution, tcn, attention, griffin, blocks, windowed, attentive or heads", Quoted(kind));
}

// At least so many weights.
double LeastWeights(const Conv1dOptions& o) {
  return static_cast<double>(o.kernel) * static_cast<double>(o.output) *
         std::floor(static_cast<double>(o.input) / static_cast<double>(o.convolution.groups));
}

double LeastWeights(const TcnOptions& o) {
  const auto input = static_cast<double>(o.input), hidden = static_cast<double>(o.hidden);
  const auto blocks = static_cast<double>(o.blocks);
  return static_cast<double>(o.kernel) * hidden * (input + (2 * blocks - 1) * hidden);
}

double LeastWeights(const TransformerOptions& o) {
  const auto hidden = static_cast<double>(o.hidden), inner = static_cast<double>(o.feed_forward_width);
  return static_cast<double>(o.blocks) * (4 * hidden * hidden + 2 * hidden * (inner > 0 ? inner : 4 * hidden));
}

double LeastWeights(const GriffinOptions& o) {
  const auto hidden = static_cast<double>(o.hidden), kernel = static_cast<double>(o.kernel);
  const auto inner = static_cast<double>(o.feed_forward_width > 0 ? o.feed_forward_width : 3 * o.hidden);
  const auto recurrent = static_cast<double>(o.blocks - o.blocks / 3);
  return static_cast<double>(o.blocks) * (4 * hidden + 3 * inner) * hidden + recurrent * (hidden + kernel) * hidden;
}

double LeastWeights(const RecurrentBlocksOptions& o) {
  const auto hidden = static_cast<double>(o.hidden), kernel = static_cast<double>(o.kernel);
  const auto inner = static_cast<double>(o.feed_forward_width > 0 ? o.feed_forward_width : o.hidden);
  StackOptions cell;
  cell.layer.cell = o.cell;
  cell.layer.input = cell.layer.hidden = o.hidden;
  return static_cast<double>(o.blocks) * (LeastWeights(cell) + (3 * inner + kernel) * hidden);
}

double LeastWeights(const WindowedRecurrentOptions& o) {
  StackOptions stack{o.recurrent};
  stack.layer.input *= o.kernel;  // at most 2^44
  return LeastWeights(stack);
}

double LeastWeights(const AttentiveRecurrentOptions& o) {
  const auto width = static_cast<double>(OutputWidth(o));
  return LeastWeights(o.recurrent) + 6 * width * width;
}

double LeastWeights(const MultiHeadAttentionOptions& o) {
  return 4 * static_cast<double>(o.input) * static_cast<double>(o.hidden > 0 ? o.hidden : o.input);
}

double LeastWeights(const LayerOptions& layer) {
  return std::visit([](const auto& options) { return LeastWeights(options); }, layer);
}

}  // namespace

void AddEncoder(Json& description, const EncoderOptions& options) {
  if (const StackOptions* only = options.stack()) {
    StackOptions stack = *only;
    stack.layer.input = options.input;
    stack.precision = options.precision;
    description["recurrent"] = ToJson(stack);
    return;
  }
  Json& layers = description["layers"] = Json::array();
  for (const LayerOptions& layer : options.layers) {
    Json json = std::visit([](const auto& each) { return ToJson(each); }, layer);
    if (std::holds_alternative<StackOptions>(layer)) {
      json["kind"] = "recurrent";
      json.erase("precision");
    }
    layers.push_back(std::move(json));
  }
  description["precision"] = PrecisionName(options.precision);
}

EncoderOptions EncoderFromJson(const Json& description) {
  EncoderOptions options;
  if (!description.contains("layers")) {
    const StackOptions stack = StackOptionsFromJson(ObjectField(description, "recurrent"));
    return {stack.layer.input, {stack}, stack.precision};
  }
  const Json& layers = ArrayField(description, "layers");
  Require(!layers.empty() && layers.size() <= kMostLayers, "stored description", "the layers",
          "1 to " + std::to_string(kMostLayers), std::to_string(layers.size()));
  options.layers.clear();
  for (const Json& layer : layers) {
    options.layers.push_back(LayerFromJson(layer));
    const size_t before = options.layers.size() == 1 ? 0 : OutputWidth(options.layers[options.layers.size() - 2]);
    Require(before == 0 || InputOf(options.layers.back()) == before, "stored description", "a layer's input",
            "the width of the layer before it, " + std::to_string(before), std::to_string(InputOf(options.layers.back())));
  }
  options.input = InputOf(options.layers[0]);
  options.precision = PrecisionFromName(StringField(description, "precision"));
  return options;
}

void RequireFits(const EncoderOptions& options, const NamedTensors& tensors) {
  double needed = 0;
  for (const LayerOptions& layer : options.layers) needed += LeastWeights(layer);
  RequireStored(needed, tensors);
}

}  // namespace eddy
