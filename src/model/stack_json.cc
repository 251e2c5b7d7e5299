#include "model/stack_json.h"

namespace eddy {
namespace {

constexpr int64_t kMostWidth = int64_t{1} << 24;
constexpr int64_t kMostLayers = 1024;

size_t Width(const Json& json, const char* key, int64_t least) {
  return static_cast<size_t>(IntegerField(json, key, least, kMostWidth));
}

}  // namespace

Json ToJson(const StackOptions& options) {
  const RecurrentOptions& layer = options.layer;
  return {{"cell", layer.cell},
          {"input", layer.input},
          {"hidden", layer.hidden},
          {"layers", options.layers},
          {"projection", layer.projection},
          {"bidirectional", options.bidirectional},
          {"residual", options.residual},
          {"reverse", layer.reverse},
          {"layer_norm", layer.layer_norm},
          {"learned_state", layer.learned_state},
          {"forget_bias", layer.forget_bias},
          {"state_clip", layer.state_clip},
          {"dropout", options.dropout},
          {"variational_dropout", layer.variational_dropout},
          {"recurrent_dropout", layer.recurrent_dropout},
          {"zoneout", layer.zoneout},
          {"precision", PrecisionName(options.precision)}};
}

StackOptions StackOptionsFromJson(const Json& json) {
  StackOptions options;
  RecurrentOptions& layer = options.layer;
  layer.cell = StringField(json, "cell");
  layer.input = Width(json, "input", 1);
  layer.hidden = Width(json, "hidden", 1);
  options.layers = static_cast<size_t>(IntegerField(json, "layers", 1, kMostLayers));
  layer.projection = Width(json, "projection", 0);
  options.bidirectional = BoolField(json, "bidirectional");
  options.residual = BoolField(json, "residual");
  layer.reverse = BoolField(json, "reverse");
  layer.layer_norm = BoolField(json, "layer_norm");
  layer.learned_state = BoolField(json, "learned_state");
  layer.forget_bias = NumberField(json, "forget_bias");
  layer.state_clip = NumberField(json, "state_clip");
  options.dropout = NumberField(json, "dropout");
  layer.variational_dropout = NumberField(json, "variational_dropout");
  layer.recurrent_dropout = NumberField(json, "recurrent_dropout");
  layer.zoneout = NumberField(json, "zoneout");
  if (json.contains("precision")) options.precision = PrecisionFromName(StringField(json, "precision"));
  return options;
}

}  // namespace eddy
