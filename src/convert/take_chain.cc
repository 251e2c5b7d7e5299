// A chain out of layers and arrays that were read: which array is what layer, by its name, its dimensions and its place.
#include <algorithm>
#include <optional>
#include <set>

#include "convert/chain_link.h"
#include "convert/stack_weights.h"
#include "eddy/error.h"
#include "model/json.h"

namespace eddy {
namespace {

void Fill(Parameter& parameter, const Tensor& from) { std::copy_n(from.data(), from.size(), parameter.value.data()); }

void RequireBias(const std::string& name, const Tensor& weight, const Tensor& bias) {
  const Shape expected = {weight.dim(0)};
  const bool fits = bias.empty() || bias.shape() == expected;
  if (!fits) Fail("chain", "the bias of " + Quoted(name), "of shape " + expected.ToString(), bias.shape().ToString());
}

void RequireRank(const std::string& name, const Tensor& weight, size_t rank) {
  if (weight.rank() == rank) return;
  Fail("chain", "the weight of " + Quoted(name), "of " + std::to_string(rank) + " dimensions", weight.shape().ToString());
}

// [N, A, B] -> [N, B, A]
Tensor LastTwoTurned(const Tensor& x) {
  const size_t N = x.dim(0), A = x.dim(1), B = x.dim(2);
  const Tensor turned = Tensor::Uninitialized({N, B, A});
  for (size_t n = 0; n < N; ++n) {
    for (size_t a = 0; a < A; ++a) {
      for (size_t b = 0; b < B; ++b) turned[(n * B + b) * A + a] = x[(n * A + a) * B + b];
    }
  }
  return turned;
}

// What is asked for at a place: "smooth:causal".
struct Wanted {
  std::string name;
  std::optional<Padding> padding;
};

Wanted Parsed(const ConvertedLayers& read, const std::string& text) {
  const bool layer =
      std::any_of(read.layers.begin(), read.layers.end(), [&](const auto& each) { return each.name == text; });
  const size_t colon = text.rfind(':');
  if (layer || colon == std::string::npos) return {text, {}};
  for (const auto& each : kPaddingNames) {
    if (text.substr(colon + 1) == each.name) return {text.substr(0, colon), each.value};
  }
  Fail("chain", "the padding of " + Quoted(text.substr(0, colon)), "causal or same", Quoted(text.substr(colon + 1)));
}

// What of `read` becomes part of a chain.
class Taking {
 public:
  explicit Taking(ConvertedLayers& read) : read_(read) {}

  // `width`: of what comes before, 0 at the beginning.
  ChainLink Take(const std::string& text, size_t width) {
    const Wanted wanted = Parsed(read_, text);
    for (const ConvertedLayer& layer : read_.layers) {
      if (layer.name == wanted.name && !wanted.padding) return Copied(layer);
    }
    for (const auto& [ending, bias] : {std::pair(".weight", ".bias"), std::pair(".W", ".b")}) {
      const Tensor* weight = Find(wanted.name + ending);
      if (weight == nullptr) continue;
      used_.insert(wanted.name + ending);
      const Tensor* found = Find(wanted.name + bias);
      if (found != nullptr) used_.insert(wanted.name + bias);
      return OfArrays(wanted, *weight, found == nullptr ? Tensor() : *found, std::string_view(ending) == ".W", width);
    }
    for (const auto& each : kChainOperationNames) {
      if (text == each.name) return {text, each.value, ""};
    }
    Fail("chain", "a link", "one of " + Names(), Quoted(text));
  }

  // Nothing fails any more: what has been used goes.
  void Finish() {
    std::erase_if(read_.layers, [&](const ConvertedLayer& layer) { return used_layers_.contains(layer.name); });
    std::erase_if(read_.rest, [&](const auto& array) { return used_.contains(array.first); });
    std::erase_if(read_.left, [&](const std::string& name) { return used_.contains(name); });
  }

 private:
  const Tensor* Find(const std::string& name) const {
    for (const auto& [each, array] : read_.rest) {
      if (each == name) return &array;
    }
    return nullptr;
  }

  ChainLink Copied(const ConvertedLayer& layer) {
    used_layers_.insert(layer.name);
    Random random(0);
    RecurrentStack stack(layer.stack.options(), layer.name, random);
    CopyWeights(layer.stack.parameters(), stack.parameters());
    return {layer.name, std::move(stack), layer.conventions};
  }

  // `ours`: of Eddy's layers, whose convolutions have the taps before the inputs.
  static ChainLink OfArrays(const Wanted& wanted, const Tensor& weight, const Tensor& bias, bool ours, size_t width) {
    if (weight.rank() != 3) {
      if (wanted.padding) Fail("chain", Quoted(wanted.name), "a convolution, which has a padding", "none");
      return width == 0 && bias.empty() ? TableLink(wanted.name, weight) : LinearLink(wanted.name, weight, bias);
    }
    if (!wanted.padding) {
      Fail("chain", "the convolution " + Quoted(wanted.name), "followed by its padding, " + wanted.name + ":causal or :same",
           "alone");
    }
    const Tensor theirs = ours ? LastTwoTurned(weight) : weight;
    ConvolutionOptions options;
    options.padding = *wanted.padding;
    options.groups = width > 0 && width % theirs.dim(1) == 0 ? width / theirs.dim(1) : 1;
    return ConvolutionLink(wanted.name, theirs, bias, options);
  }

  std::string Names() const {
    std::vector<std::string> names;
    for (const ConvertedLayer& layer : read_.layers) names.push_back(layer.name);
    for (const auto& [name, array] : read_.rest) {
      for (const std::string_view ending : {".weight", ".W"}) {
        const bool layer = name.ends_with(ending) && (array.rank() == 2 || array.rank() == 3);
        if (layer) names.push_back(name.substr(0, name.size() - ending.size()));
      }
    }
    for (const auto& each : kChainOperationNames) names.emplace_back(each.name);
    return Quoted(Joined(names, ", "));
  }

  ConvertedLayers& read_;
  std::set<std::string> used_, used_layers_;
};

}  // namespace

ChainLink TableLink(const std::string& name, const Tensor& weight) {
  RequireRank(name, weight, 2);
  return {name, TokenTable{Parameter(name + ".weight", weight.Clone())}, "a row a token"};
}

ChainLink LinearLink(const std::string& name, const Tensor& weight, const Tensor& bias) {
  RequireRank(name, weight, 2);
  RequireBias(name, weight, bias);
  Random random(0);
  LinearLayer linear({weight.dim(1), weight.dim(0), !bias.empty()}, name, random);
  const std::vector<Parameter*> parameters = linear.parameters();
  Fill(*parameters[0], weight);
  if (!bias.empty()) Fill(*parameters[1], bias);
  return {name, std::move(linear), "rows are outputs"};
}

ChainLink ConvolutionLink(const std::string& name, const Tensor& weight, const Tensor& bias,
                          const ConvolutionOptions& options) {
  RequireRank(name, weight, 3);
  RequireBias(name, weight, bias);
  Random random(0);
  Conv1d convolution({.input = weight.dim(1) * options.groups,
                      .output = weight.dim(0),
                      .kernel = weight.dim(2),
                      .convolution = options,
                      .bias = !bias.empty()},
                     name, random);
  const std::vector<Parameter*> parameters = convolution.parameters();
  Fill(*parameters[0], LastTwoTurned(weight));
  if (!bias.empty()) Fill(*parameters[1], bias);
  return {name, std::move(convolution),
          "taps before inputs; stride 1, dilation " + std::to_string(options.dilation) + ", groups " +
              std::to_string(options.groups)};
}

ConvertedChain TakeChain(ConvertedLayers& read, std::span<const std::string> order) {
  Taking taking(read);
  std::vector<ChainLink> links;
  size_t width = 0;
  for (const std::string& text : order) {
    links.push_back(taking.Take(text, width));
    if (const size_t output = WidthsOf(links.back()).output; output > 0) width = output;
  }
  ConvertedChain chain(std::move(links));
  taking.Finish();
  return chain;
}

}  // namespace eddy
