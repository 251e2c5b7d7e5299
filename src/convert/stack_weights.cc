#include "convert/stack_weights.h"

#include <algorithm>
#include <sstream>

#include "eddy/cell.h"
#include "eddy/error.h"

namespace eddy {
namespace {

// Each parameter of a layer with the part of the weights that it is: U and U2 are the rows of one array.
template <class Take>
void ForEachPart(const RecurrentOptions& options, const Take& take) {
  size_t taken = 0;  // rows of U
  for (const auto& [suffix, shape] : Recurrent::ParameterShapes(options)) {
    const std::string name = suffix.substr(1);
    take(name == "U2" ? "U" : name, shape, name == "U2" ? taken : 0);
    if (name == "U") taken = shape[0];
  }
}

std::string Described(const DirectionWeights& weights, const std::string& part) {
  const auto found = weights.find(part);
  return found == weights.end() ? "none" : found->second.shape().ToString();
}

void RequireParts(const std::string& at, const RecurrentOptions& options, const DirectionWeights& weights) {
  std::map<std::string, Shape> wanted;
  ForEachPart(options, [&](const std::string& part, Shape shape, size_t first) {
    shape.Resize(shape[0] + first);
    wanted[part] = shape;
  });
  for (const auto& [part, shape] : wanted) {
    const bool fits = weights.contains(part) && weights.at(part).shape() == shape;
    if (!fits) Fail("convert", at + "." + part, "of shape " + shape.ToString(), Described(weights, part));
  }
  for (const auto& [part, array] : weights) {
    if (!wanted.contains(part)) Fail("convert", at + "." + part, "none, which a " + options.cell + " has not", "there");
  }
}

void RequireOff(bool off, const std::string& where, const char* option) {
  if (!off) Fail("convert to " + where, option, "off, which " + where + " has not", "on");
}

}  // namespace

std::vector<std::string> GatesOf(std::string_view cell) {
  std::istringstream words{std::string(InfoOf(FindCell(cell)).gates)};
  std::vector<std::string> gates;
  for (std::string gate; words >> gate;) gates.push_back(gate);
  return gates;
}

std::string Joined(const std::vector<std::string>& words, const char* between) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : between) + word;
  return joined;
}

Tensor Reordered(const Tensor& blocks, const std::vector<std::string>& given, const std::vector<std::string>& wanted) {
  const Tensor result = Tensor::Uninitialized(blocks.shape());
  const size_t block = blocks.size() / given.size();
  for (size_t i = 0; i < wanted.size(); ++i) {
    const auto at = static_cast<size_t>(std::find(given.begin(), given.end(), wanted[i]) - given.begin());
    std::copy_n(blocks.data() + at * block, block, result.data() + i * block);
  }
  return result;
}

std::vector<RecurrentOptions> LayerOptionsOf(const StackOptions& options) {
  std::vector<RecurrentOptions> layers;
  RecurrentOptions layer = options.layer;
  const size_t width = layer.projection > 0 ? layer.projection : layer.hidden;
  for (size_t i = 0; i < options.layers; ++i) {
    layer.reverse = options.layer.reverse;
    layers.push_back(layer);
    if (options.bidirectional) {
      layer.reverse = !layer.reverse;
      layers.push_back(layer);
    }
    layer.input = width * (options.bidirectional ? 2 : 1);
  }
  return layers;
}

StackOptions OptionsFor(const std::string& name, const std::string& cell, const StackWeights& weights) {
  const DirectionWeights& first = weights.at(0).at(0);
  for (const char* part : {"W", "U", "P"}) {
    if (!first.contains(part) && *part == 'P') continue;
    const bool matrix = first.contains(part) && first.at(part).rank() == 2;
    if (!matrix) Fail("convert", name + ", " + part, "a matrix", Described(first, part));
  }
  StackOptions options;
  options.layer.cell = cell;
  options.layer.input = first.at("W").dim(1);
  options.layer.hidden = first.at("W").dim(0) / GatesOf(cell).size();
  options.layer.projection = first.contains("P") ? first.at("P").dim(0) : 0;
  options.layers = weights.size();
  options.bidirectional = weights[0].size() == 2;
  return options;
}

RecurrentStack StackFrom(const std::string& name, const StackOptions& options, const StackWeights& weights) {
  const std::vector<RecurrentOptions> layers = LayerOptionsOf(options);
  const size_t ways = options.bidirectional ? 2 : 1;
  for (size_t layer = 0; layer < options.layers; ++layer) {
    const std::string at = name + ", layer " + std::to_string(layer);
    if (weights[layer].size() != ways) {
      Fail("convert", at, "in " + std::to_string(ways) + " directions as the first", std::to_string(weights[layer].size()));
    }
    for (size_t way = 0; way < ways; ++way) RequireParts(at, layers[layer * ways + way], weights[layer][way]);
  }
  Random random(0);
  RecurrentStack stack(options, "stack", random);
  for (size_t i = 0; i < layers.size(); ++i) {
    const DirectionWeights& direction = weights[i / ways][i % ways];
    const std::vector<Parameter*> parameters = stack.layers()[i].parameters();
    size_t place = 0;
    ForEachPart(layers[i], [&](const std::string& part, const Shape&, size_t first) {
      const Tensor& to = parameters[place++]->value;
      const Tensor& from = direction.at(part);
      std::copy_n(from.data() + first * (from.size() / from.dim(0)), to.size(), to.data());
    });
  }
  return stack;
}

StackWeights WeightsOf(const RecurrentStack& stack, const std::string& where, std::span<const std::string_view> cells) {
  const StackOptions& o = stack.options();
  if (std::find(cells.begin(), cells.end(), o.layer.cell) == cells.end()) {
    const std::vector<std::string> names(cells.begin(), cells.end());
    Fail("convert to " + where, "cell", "one of " + Joined(names, ", "), o.layer.cell);
  }
  RequireOff(!o.layer.layer_norm, where, "layer_norm");
  RequireOff(!o.residual, where, "residual");
  RequireOff(!o.layer.learned_state, where, "learned_state");
  RequireOff(o.layer.state_clip == 0, where, "state_clip");
  RequireOff(o.layer.zoneout == 0, where, "zoneout");  // whose expectation is part of inference
  RequireOff(!(o.bidirectional && o.layer.reverse), where, "reverse in both directions");

  const size_t ways = o.bidirectional ? 2 : 1;
  StackWeights weights(o.layers);
  for (size_t i = 0; i < stack.layers().size(); ++i) {
    const Recurrent& layer = stack.layers()[i];
    const std::vector<const Parameter*> parameters = layer.parameters();
    DirectionWeights direction;
    size_t place = 0;
    ForEachPart(layer.options(), [&](const std::string& part, const Shape&, size_t first) {
      const Tensor& value = parameters[place++]->value;
      if (first == 0) {
        direction[part] = value;
        return;
      }
      const Tensor one = direction.at(part);
      const Tensor both = Tensor::Uninitialized({first + value.dim(0), value.dim(1)});
      std::copy_n(one.data(), one.size(), both.data());
      std::copy_n(value.data(), value.size(), both.data() + one.size());
      direction[part] = both;
    });
    weights[i / ways].push_back(std::move(direction));
  }
  return weights;
}

}  // namespace eddy
