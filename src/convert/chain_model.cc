// A chain of converted layers as a model on disk: each link with its options in the description, and its arrays.
#include <algorithm>
#include <cmath>

#include "convert/chain_link.h"
#include "eddy/error.h"
#include "eddy/layers/conv1d.h"
#include "eddy/layers/recurrent.h"
#include "model/fields_json.h"
#include "model/stack_fits.h"

namespace eddy {
namespace {

constexpr size_t kGoldenSteps = 16, kGoldenRows = 2;
constexpr int64_t kMostTokens = 1 << 24, kMostWidth = 1 << 20;

struct ToJsonOf {
  Json json;

  void operator()(const TokenTable& table) {
    json["kind"] = "table";
    json["tokens"] = table.weight->value.dim(0);
    json["width"] = table.weight->value.dim(1);
  }
  void operator()(const RecurrentStack& stack) { OfKind<RecurrentKind>(stack.options()); }
  void operator()(const Conv1d& convolution) { OfKind<Conv1dKind>(convolution.options()); }
  void operator()(const LinearLayer& linear) {
    json["kind"] = "linear";
    json["input"] = linear.options().input;
    json["output"] = linear.options().output;
    json["bias"] = linear.options().bias;
  }
  void operator()(ChainOperation) { json["kind"] = "operation"; }

 private:
  template <class Kind>
  void OfKind(const auto& options) {
    json["kind"] = Kind::kInfo.kind;
    FieldsToJson fields(json);
    Kind::Fields(fields, options);
  }
};

size_t WholeField(const Json& json, const char* name, int64_t most) {
  return static_cast<size_t>(IntegerField(json, name, 1, most));
}

template <class Kind>
typename Kind::Options OptionsOf(const Json& json, double& weights) {
  typename Kind::Options options;
  FieldsFromJson fields(json);
  Kind::Fields(fields, options);
  weights += Kind::LeastWeights(options);
  return options;
}

// A link whose arrays are not yet filled. `weights` becomes the number of them that all links so far have at least, which is
// to be proved before any is made.
ChainLink LinkFrom(const Json& json, const NamedTensors& tensors, double& weights) {
  const std::string& name = StringField(json, "name");
  const std::string& kind = StringField(json, "kind");
  const std::string conventions = "Eddy's own arrays";
  Random random(0);
  if (kind == "operation") {
    for (const auto& each : kChainOperationNames) {
      if (name == each.name) return {name, each.value, ""};
    }
    Fail("read", "an operation", "one that Eddy has", Quoted(name));
  }
  if (kind == "table") {
    const size_t tokens = WholeField(json, "tokens", kMostTokens), width = WholeField(json, "width", kMostWidth);
    RequireStored(weights += static_cast<double>(tokens) * static_cast<double>(width), tensors);
    return {name, TokenTable{Parameter(name + ".weight", Tensor({tokens, width}))}, conventions};
  }
  if (kind == "linear") {
    const LinearOptions options{WholeField(json, "input", kMostWidth), WholeField(json, "output", kMostWidth),
                                BoolField(json, "bias")};
    RequireStored(weights += static_cast<double>(options.input) * static_cast<double>(options.output), tensors);
    return {name, LinearLayer(options, name, random), conventions};
  }
  if (kind == RecurrentKind::kInfo.kind) {
    const StackOptions options = OptionsOf<RecurrentKind>(json, weights);
    RequireStored(weights, tensors);
    return {name, RecurrentStack(options, name, random), conventions};
  }
  if (kind == Conv1dKind::kInfo.kind) {
    const Conv1dOptions options = OptionsOf<Conv1dKind>(json, weights);
    RequireStored(weights, tensors);
    return {name, Conv1d(options, name, random), conventions};
  }
  Fail("read", "the kind of a link", "table, recurrent, convolution, linear or operation", Quoted(kind));
}

Tensor OwnInput(const ConvertedChain& chain) {
  const auto* table = std::get_if<TokenTable>(&chain.links().front().layer);
  if (table != nullptr) {
    const Tensor tokens({kGoldenSteps, kGoldenRows});
    const size_t V = table->weight->value.dim(0);
    for (size_t i = 0; i < tokens.size(); ++i) tokens[i] = static_cast<Real>(i * V / tokens.size());
    return tokens;
  }
  const Tensor x({kGoldenSteps, kGoldenRows, chain.input_width()});
  constexpr uint64_t kKey = 23;
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(2 * RandomAt(kKey, i) - 1);
  return x;
}

// The model of a chain, without its golden.
Model ModelOf(const ConvertedChain& chain) {
  Model model;
  model.task = kChainTask;
  Json& links = model.description["links"] = Json::array();
  for (const ChainLink& link : chain.links()) {
    ToJsonOf to;
    to.json["name"] = link.name;
    std::visit(to, link.layer);
    links.push_back(std::move(to.json));
    for (const Parameter* parameter : ParametersOf(link)) model.tensors.emplace_back(parameter->name, parameter->value);
  }
  return model;
}

Model ModelWith(const ConvertedChain& chain, const ChainGolden& golden) {
  Model model = ModelOf(chain);
  model.golden_input = golden.input;
  model.golden_output = golden.output;
  ChainFromModel(model);  // whoever reads it does the same
  return model;
}

Model ModelWithOwn(const ConvertedChain& chain) {
  const Tensor input = OwnInput(chain);
  return ModelWith(chain, {input, chain.Run(input)});
}

}  // namespace

ConvertedChain ChainFromModel(const Model& model) {
  RequireTask(model, kChainTask);
  std::vector<ChainLink> links;
  double weights = 0;
  for (const Json& json : ArrayField(model.description, "links")) links.push_back(LinkFrom(json, model.tensors, weights));
  std::vector<Parameter*> parameters;
  for (ChainLink& link : links) {
    const std::vector<Parameter*> more = ParametersOf(link);  // which stay where they are when the link is moved
    parameters.insert(parameters.end(), more.begin(), more.end());
  }
  ConvertedChain chain(std::move(links));
  RestoreNetwork(model, parameters, [&](const Tensor& input) { return chain.Run(input); });
  return chain;
}

void ConvertedChain::Save(const std::string& path) const { SaveModel(path, ModelWithOwn(*this)); }
void ConvertedChain::Save(const std::string& path, const ChainGolden& golden) const {
  SaveModel(path, ModelWith(*this, golden));
}
std::string ConvertedChain::Serialize() const { return SerializeModel(ModelWithOwn(*this)); }
std::string ConvertedChain::Serialize(const ChainGolden& golden) const { return SerializeModel(ModelWith(*this, golden)); }

ConvertedChain ConvertedChain::Load(const std::string& path) { return ChainFromModel(LoadModel(path, kChainTask)); }
ConvertedChain ConvertedChain::Parse(std::string_view bytes) { return ChainFromModel(ParseModel(bytes)); }

}  // namespace eddy
