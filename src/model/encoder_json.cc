#include "model/encoder_json.h"

#include "eddy/error.h"
#include "model/fields_json.h"
#include "model/stack_fits.h"

namespace eddy {
namespace {

constexpr size_t kMostLayers = 64;

Json LayerToJson(const LayerOptions& layer) {
  return WithKind(layer, [](auto kind, const auto& options) {
    Json json = {{"kind", kind.kInfo.kind}};
    FieldsToJson fields(json);
    kind.Fields(fields, options);
    return json;
  });
}

LayerOptions LayerFromJson(const Json& json) {
  const std::string& name = StringField(json, "kind");
  std::optional<LayerOptions> layer;
  std::string all;
  LayerKinds::ForEach([&](auto kind) {
    all += (all.empty() ? "" : ", ") + std::string(kind.kInfo.kind);
    if (name != kind.kInfo.kind) return;
    typename decltype(kind)::Options options;
    FieldsFromJson fields(json);
    kind.Fields(fields, options);
    layer = std::move(options);
  });
  if (!layer) Fail("stored description", "the kind of a layer", "one of " + all, Quoted(name));
  return *std::move(layer);
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
  for (const LayerOptions& layer : options.layers) layers.push_back(LayerToJson(layer));
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
  for (const LayerOptions& layer : options.layers) {
    needed += WithKind(layer, [](auto kind, const auto& each) { return kind.LeastWeights(each); });
  }
  RequireStored(needed, tensors);
}

}  // namespace eddy
