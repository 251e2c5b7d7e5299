// PyTorch's LSTM, GRU and RNN, and their cells, by the names of a state_dict. Gates have Eddy's order. b_ih and b_hh of LSTM
// and RNN are added, their sum being Eddy's b; GRU's stay apart, b and c, since the reset gate multiplies c. Going out, b is
// b_ih and b_hh is 0: a layer that comes and goes computes the same, bit for bit.
#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "convert/conventions.h"
#include "convert/stack_weights.h"
#include "eddy/convert.h"
#include "eddy/error.h"
#include "model/json.h"

namespace eddy {
namespace {

constexpr std::string_view kTorchCells[] = {"lstm", "gru", "rnn_tanh", "rnn_relu"};

using ByName = std::map<std::string, Tensor>;

// How the arrays of a layer are called: PREFIX weight _ih _l0.
struct Names {
  std::string prefix, weight, bias;  // "weight" and "bias", or "w" and "b"
  bool numbered;                     // whether "_l0" follows, which is not so with a cell
};

// Of the first array of a layer; none for another name.
std::optional<Names> NamesFrom(const std::string& name) {
  std::string_view rest = name;
  const bool numbered = rest.ends_with("_l0");
  if (numbered) rest.remove_suffix(3);
  if (!rest.ends_with("_ih")) return std::nullopt;
  rest.remove_suffix(3);
  for (const auto& [weight, bias] : {std::pair("weight", "bias"), std::pair("w", "b")}) {
    if (!rest.ends_with(weight)) continue;
    const std::string_view prefix = rest.substr(0, rest.size() - std::string_view(weight).size());
    if (*bias == 'b' && bias[1] == 0 && !prefix.empty() && std::islower(static_cast<unsigned char>(prefix.back()))) continue;
    return Names{std::string(prefix), weight, bias, numbered};
  }
  return std::nullopt;
}

std::string CalledAfter(const Names& names, const std::set<std::string>& taken) {
  std::string called = names.prefix;
  while (!called.empty() && (called.back() == '.' || called.back() == '_')) called.pop_back();
  if (called.empty()) called = "layer";
  while (taken.contains(called)) called += '_';
  return called;
}

// A direction with both its biases, zeros where there are none, and what was used of the arrays. None where it is not there.
std::optional<DirectionWeights> ReadDirection(const ByName& arrays, const Names& names, const std::string& place,
                                              std::set<std::string>& used) {
  const std::pair<std::string, std::string> parts[] = {{"W", names.weight + "_ih"},
                                                       {"U", names.weight + "_hh"},
                                                       {"b", names.bias + "_ih"},
                                                       {"c", names.bias + "_hh"},
                                                       {"P", names.weight + "_hr"}};
  DirectionWeights direction;
  std::set<std::string> found;
  for (const auto& [part, middle] : parts) {
    const std::string name = names.prefix + middle + place;
    if (!arrays.contains(name)) continue;
    direction[part] = arrays.at(name);
    found.insert(name);
  }
  if (!direction.contains("W") || !direction.contains("U")) return std::nullopt;
  for (const char* bias : {"b", "c"}) {
    if (!direction.contains(bias)) direction[bias] = Tensor({direction["W"].dim(0)});
  }
  used.merge(found);
  return direction;
}

StackWeights ReadWeights(const ByName& arrays, const Names& names, std::set<std::string>& used) {
  StackWeights weights;
  do {
    const std::string place = names.numbered ? "_l" + std::to_string(weights.size()) : "";
    std::vector<DirectionWeights> directions;
    for (const std::string& way : {place, place + "_reverse"}) {
      if (auto direction = ReadDirection(arrays, names, way, used)) directions.push_back(std::move(*direction));
    }
    if (directions.empty()) break;
    weights.push_back(std::move(directions));
  } while (names.numbered);
  return weights;
}

std::string CellFrom(const std::string& called, const DirectionWeights& first, const TorchOptions& options) {
  const Tensor& W = first.at("W");
  const size_t hidden = first.contains("P") ? first.at("P").dim(1) : first.at("U").dim(1);
  const size_t gates = hidden == 0 || W.dim(0) % hidden != 0 ? 0 : W.dim(0) / hidden;
  if (gates == 4) return "lstm";
  if (gates == 3) return "gru";
  if (gates == 1) return "rnn_" + options.nonlinearity;
  Fail("convert " + called, "weight_ih", "of 1, 3 or 4 rows a unit",
       W.shape().ToString() + " beside weight_hh " + first.at("U").shape().ToString());
}

// b becomes the sum of both biases.
void AddBiases(const std::string& called, DirectionWeights& direction) {
  const Tensor b = direction.at("b").Clone(), c = direction.at("c");
  if (b.shape() != c.shape()) Fail("convert " + called, "bias_hh", "of shape " + b.shape().ToString(), c.shape().ToString());
  for (size_t i = 0; i < b.size(); ++i) b[i] += c[i];
  direction["b"] = b;
  direction.erase("c");
}

std::string FromTorchConventions(const std::string& cell) {
  const std::string gates = Joined(GatesOf(cell));
  return "gates of PyTorch " + gates + ", of Eddy " + gates + "; " +
         (cell == "gru" ? "b = bias_ih, c = bias_hh, reset after the product" : "b = bias_ih + bias_hh");
}

}  // namespace

ConvertedLayers LayersFromTorch(const NamedArrays& arrays, const TorchOptions& options) {
  Require(options.nonlinearity == "tanh" || options.nonlinearity == "relu", "convert from PyTorch", "nonlinearity",
          "tanh or relu", options.nonlinearity);
  const ByName by_name(arrays.begin(), arrays.end());
  ConvertedLayers read;
  std::set<std::string> used, taken;
  for (const auto& [name, array] : arrays) {
    const std::optional<Names> names = NamesFrom(name);
    if (!names || used.contains(name)) continue;
    StackWeights weights = ReadWeights(by_name, *names, used);
    if (weights.empty()) continue;
    const std::string called = CalledAfter(*names, taken);
    taken.insert(called);
    const std::string shown = Quoted(called);  // in errors, which have one line
    const std::string cell = CellFrom(shown, weights[0][0], options);
    for (std::vector<DirectionWeights>& directions : weights) {
      for (DirectionWeights& direction : directions) {
        if (cell != "gru") AddBiases(shown, direction);
      }
    }
    const StackOptions found = OptionsFor(shown, cell, weights);
    read.layers.push_back({called, StackFrom(shown, found, weights), FromTorchConventions(cell)});
  }
  for (const auto& [name, array] : arrays) {
    if (used.contains(name)) continue;
    read.left.push_back(name);
    read.rest.emplace_back(name, array);
  }
  return read;
}

NamedArrays ToTorch(const RecurrentStack& stack, std::string_view prefix) {
  const StackOptions& options = stack.options();
  Require(!options.layer.reverse, "convert to PyTorch", "reverse", "off, which PyTorch has not alone", "on");
  if (options.layer.cell != "lstm") {
    Require(options.layer.projection == 0, "convert to PyTorch", "projection", "0 but of an lstm",
            std::to_string(options.layer.projection));
  }
  const StackWeights weights = WeightsOf(stack, "PyTorch", kTorchCells);
  NamedArrays arrays;
  for (size_t layer = 0; layer < weights.size(); ++layer) {
    for (size_t way = 0; way < weights[layer].size(); ++way) {
      const DirectionWeights& direction = weights[layer][way];
      const std::string at = "_l" + std::to_string(layer) + (way == 1 ? "_reverse" : "");
      const auto add = [&](const char* name, const Tensor& value) {
        arrays.emplace_back(std::string(prefix) + name + at, value);
      };
      add("weight_ih", direction.at("W").Clone());
      add("weight_hh", direction.at("U").Clone());
      add("bias_ih", direction.at("b").Clone());
      add("bias_hh", direction.contains("c") ? direction.at("c").Clone() : Tensor(direction.at("b").shape()));
      if (direction.contains("P")) add("weight_hr", direction.at("P").Clone());
    }
  }
  return arrays;
}

std::string ToTorchConventions(const std::string& cell) {
  const std::string gates = Joined(GatesOf(cell));
  return "gates of Eddy " + gates + ", of PyTorch " + gates + "; bias_ih = b, " +
         (cell == "gru" ? "bias_hh = c, reset after the product" : "bias_hh = 0");
}

}  // namespace eddy
