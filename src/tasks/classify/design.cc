#include "tasks/classify/design.h"

#include <set>

#include "data/class_split.h"
#include "eddy/error.h"
#include "model/encoder_json.h"

namespace eddy {
namespace {

constexpr int64_t kMostEmbedding = 1 << 20;
constexpr int64_t kMostLabelCell = int64_t{1} << 30;
constexpr int64_t kMostFrame = 1 << 16;
constexpr int64_t kMostSpan = 1 << 24, kMostThresholds = 1 << 12;  // of convolutions

Json ToJson(const ExampleFields& fields) {
  Json json = {{"text", fields.text},
               {"columns", fields.columns},
               {"label", fields.label},
               {"series", fields.series},
               {"header", fields.header},
               {"time", fields.time},
               {"along_rows", fields.along_rows},
               {"label_cell", fields.label_cell}};
  for (const std::vector<std::string>& columns : fields.steps) json["steps"].push_back({{"columns", columns}});
  return json;
}

std::vector<std::vector<std::string>> StepsFromJson(const Json& json, size_t columns) {
  std::vector<std::vector<std::string>> steps;
  for (const Json& each : json) {
    steps.push_back(StringsField(each, "columns"));
    Require(!steps.back().empty(), "model", "the steps of a column", "at least one", "none");
  }
  Require(steps.size() == columns, "model", "the steps", "of each column", "of others");
  return steps;
}

ExampleFields ExampleFieldsFromJson(const Json& json) {
  ExampleFields fields = {StringField(json, "text"), StringsField(json, "columns"), StringField(json, "label"),
                          StringField(json, "series"), BoolField(json, "header")};
  if (json.contains("along_rows")) {  // which older models do not have
    fields.time = StringField(json, "time");
    fields.along_rows = BoolField(json, "along_rows");
    fields.label_cell = static_cast<size_t>(IntegerField(json, "label_cell", 0, kMostLabelCell));
  }
  if (json.contains("steps")) fields.steps = StepsFromJson(ArrayField(json, "steps"), fields.columns.size());
  return fields;
}

Json ToJson(const std::vector<Scaling>& scalings) {
  Json json = Json::array();
  for (const Scaling& scaling : scalings) json.push_back({{"shift", scaling.shift}, {"scale", scaling.scale}});
  return json;
}

std::vector<Scaling> ScalingsFromJson(const Json& json) {
  std::vector<Scaling> scalings;
  for (const Json& each : json) {
    scalings.push_back({NumberField(each, "shift"), NumberField(each, "scale")});
    Require(scalings.back().scale > 0, "model", "a scale", "above 0", "not");
  }
  return scalings;
}

}  // namespace

void RequireValid(const ClassifierDesign& design) {
  const size_t classes = design.classes.size();
  Require(classes >= 2 && classes <= kMostClasses, "classifier", "the classes", "2 to 10000", std::to_string(classes));
  const std::set<std::string> different(design.classes.begin(), design.classes.end());
  Require(different.size() == classes, "classifier", "the classes", "different from each other", "not");
  Require(design.inputs() >= 1, "classifier", "its inputs", "at least one number a step", "none");
  Require(design.dropout >= 0 && design.dropout < 1, "classifier", "dropout", "in [0, 1)", std::to_string(design.dropout));
  const MixedIn& mixed_in = design.mixed_in;
  Require(mixed_in.share > 0, "classifier", "the network's share", "above 0", std::to_string(mixed_in.share));
  Require(mixed_in.bias.empty() || mixed_in.bias.size() == classes, "classifier", "the regression's bias",
          "of a number a class", std::to_string(mixed_in.bias.size()));
  if (design.is_text()) {
    Require(design.sentences.vocabulary.unknown() != kNoToken, "classifier", "the vocabulary", "with the unknown token",
            "without");
  } else {
    Require(design.scalings.size() == design.fields.columns.size(), "classifier", "the scalings", "one a column", "not");
  }
}

Json ToJson(const ClassifierDesign& design) {
  Json read = {{"fields", ToJson(design.fields)}, {"classes", design.classes}};
  if (design.is_text()) {
    read["unit"] = TextUnitName(design.sentences.unit);
    read["vocabulary"] = design.sentences.vocabulary.tokens();
    if (design.ngrams.size() > 0) read["ngrams"] = design.ngrams.names();
  } else {
    read["scalings"] = ToJson(design.scalings);
    if (design.convolutions) {
      read["convolutions"] = {{"span", design.convolutions->span}, {"thresholds", design.convolutions->per_kernel}};
    }
  }
  Json network = {{"embedding", design.embedding}, {"dropout", design.dropout}};
  if (design.frame > 1) network["frame"] = design.frame;
  if (design.mixed_in.share != 1) network["share"] = design.mixed_in.share;
  if (!design.mixed_in.bias.empty()) network["regression_bias"] = design.mixed_in.bias;
  AddEncoder(network, design.encoder);
  return {{"classify", read}, {"network", network}};
}

ClassifierDesign ClassifierDesignFromJson(const Json& description) {
  const Json &read = ObjectField(description, "classify"), &network = ObjectField(description, "network");
  ClassifierDesign design;
  design.fields = ExampleFieldsFromJson(ObjectField(read, "fields"));
  design.classes = StringsField(read, "classes");
  if (design.is_text()) {
    design.sentences.unit = ParseTextUnit(StringField(read, "unit"));
    design.sentences.vocabulary = Vocabulary(StringsField(read, "vocabulary"));
    if (read.contains("ngrams")) design.ngrams = Ngrams(StringsField(read, "ngrams"));
  } else {
    design.scalings = ScalingsFromJson(ArrayField(read, "scalings"));
    if (read.contains("convolutions")) {
      const Json& convolutions = ObjectField(read, "convolutions");
      design.convolutions = {design.scalings.size(), static_cast<size_t>(IntegerField(convolutions, "span", 1, kMostSpan)),
                             static_cast<size_t>(IntegerField(convolutions, "thresholds", 2, kMostThresholds))};
    }
  }
  design.embedding = static_cast<size_t>(IntegerField(network, "embedding", 0, kMostEmbedding));
  design.dropout = NumberField(network, "dropout");
  if (network.contains("frame")) design.frame = static_cast<size_t>(IntegerField(network, "frame", 1, kMostFrame));
  if (network.contains("share")) design.mixed_in.share = NumberField(network, "share");
  if (network.contains("regression_bias")) design.mixed_in.bias = NumbersField(network, "regression_bias");
  design.encoder = EncoderFromJson(network);
  RequireValid(design);
  return design;
}

}  // namespace eddy
