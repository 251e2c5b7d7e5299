#include "model/encoder_json.h"

#include "eddy/error.h"
#include "model/stack_fits.h"
#include "model/stack_json.h"

namespace eddy {
namespace {

constexpr int64_t kMostWidth = int64_t{1} << 24;
constexpr size_t kMostLayers = 64;

size_t Size(const Json& json, const char* key, int64_t most = kMostWidth) {
  return static_cast<size_t>(IntegerField(json, key, 1, most));
}

Json ToJson(const TcnOptions& options) {
  return {{"kind", "tcn"},
          {"input", options.input},
          {"hidden", options.hidden},
          {"blocks", options.blocks},
          {"kernel", options.kernel},
          {"dropout", options.dropout}};
}

LayerOptions LayerFromJson(const Json& json) {
  const std::string& kind = StringField(json, "kind");
  if (kind == "recurrent") return StackOptionsFromJson(json);
  if (kind == "tcn") {
    return TcnOptions{.input = Size(json, "input"),
                      .hidden = Size(json, "hidden"),
                      .blocks = Size(json, "blocks", 20),
                      .kernel = Size(json, "kernel", 1 << 20),
                      .dropout = NumberField(json, "dropout")};
  }
  Fail("stored description", "the kind of a layer", "recurrent or tcn", Quoted(kind));
}

size_t InputOf(const LayerOptions& layer) {
  if (const auto* tcn = std::get_if<TcnOptions>(&layer)) return tcn->input;
  return std::get<StackOptions>(layer).layer.input;
}

// At least so many weights.
double LeastWeights(const TcnOptions& o) {
  const auto input = static_cast<double>(o.input), hidden = static_cast<double>(o.hidden);
  const auto blocks = static_cast<double>(o.blocks);
  return static_cast<double>(o.kernel) * hidden * (input + (2 * blocks - 1) * hidden);
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
