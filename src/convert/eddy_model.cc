#include "convert/eddy_model.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "convert/stack_weights.h"
#include "eddy/cell.h"
#include "eddy/error.h"
#include "model/stack_json.h"

namespace eddy {
namespace {

constexpr size_t kMostLayers = 1000;  // of a stack

// A stack that the description tells of, and the key under which it does: "encoder".
struct Described {
  std::string key;
  StackOptions options;
  bool any_input;  // a layer of a chain reads what the one before it puts out: its own description does not say how much
};

bool IsStack(const Json& json) {
  const auto kind = json.find("kind");
  return json.contains("cell") && json.contains("hidden") && json.contains("bidirectional") &&
         (kind == json.end() || *kind == "recurrent");
}

// Layers within layers, those of what has a kind of its own, are no stacks.
void Collect(const Json& json, const std::string& key, std::vector<Described>& found) {
  if (json.is_object() && IsStack(json)) {
    Json described = json;
    const bool any_input = json.value("input", Json()) == 0;
    if (any_input) described["input"] = 1;
    found.push_back({key, StackOptionsFromJson(described), any_input});
  } else if (json.is_object() && !json.contains("kind")) {
    for (const auto& [name, value] : json.items()) Collect(value, name == "recurrent" ? key : name, found);
  } else if (json.is_array()) {
    for (const Json& value : json) Collect(value, key, found);
  }
}

// Arrays by what stands behind the name of their stack: "0r.W".
using Group = std::map<std::string, Tensor>;

// "memberN.0r.W" as "memberN" and "0r.W". None for a name that is no layer's.
std::optional<std::pair<std::string, std::string>> Split(const std::string& name) {
  const size_t last = name.rfind('.');
  if (last == std::string::npos || last == 0) return std::nullopt;
  const size_t dot = name.rfind('.', last - 1);
  if (dot == std::string::npos || dot == 0) return std::nullopt;
  const std::string number = name.substr(dot + 1, last - dot - 1);
  const size_t digits = std::min(number.find_first_not_of("0123456789"), number.size());
  if (digits == 0 || (digits != number.size() && number.substr(digits) != "r")) return std::nullopt;
  return std::pair(name.substr(0, dot), name.substr(dot + 1));
}

// Whether the arrays are just those of such a stack.
bool Fits(const StackOptions& options, const Group& group) {
  if (options.layers == 0 || options.layers > kMostLayers) return false;
  const std::vector<RecurrentOptions> layers = LayerOptionsOf(options);
  const size_t ways = options.bidirectional ? 2 : 1;
  size_t fitting = 0;
  for (size_t i = 0; i < layers.size(); ++i) {
    const std::string at = std::to_string(i / ways) + (i % ways == 1 ? "r" : "");
    for (const auto& [name, shape] : Recurrent::ParameterShapes(layers[i])) {
      const auto found = group.find(at + name);
      if (found == group.end() || found->second.shape() != shape) return false;
      ++fitting;
    }
  }
  return fitting == group.size();
}

// The stack that a group is: the only one that fits, or among several the one that is called as the group.
std::optional<StackOptions> Find(const std::vector<Described>& stacks, const std::string& name, const Group& group) {
  std::optional<StackOptions> fitting;
  bool several = false;
  for (const Described& stack : stacks) {
    StackOptions options = stack.options;
    const auto first = group.find("0.W");
    if (stack.any_input && first != group.end()) options.layer.input = first->second.dim(1);
    if (!Fits(options, group)) continue;
    if (!stack.key.empty() && name.starts_with(stack.key)) return options;
    several = several || (fitting && ToJson(*fitting) != ToJson(options));
    fitting = options;
  }
  return several ? std::nullopt : fitting;
}

RecurrentStack StackOf(const StackOptions& options, const Group& group) {
  Random random(0);
  RecurrentStack stack(options, "stack", random);
  for (Parameter* parameter : stack.parameters()) {
    const Tensor& from = group.at(parameter->name.substr(std::string_view("stack.").size()));
    std::copy_n(from.data(), from.size(), parameter->value.data());
  }
  return stack;
}

}  // namespace

ConvertedLayers LayersFromModel(const Model& model) {
  std::vector<Described> stacks;
  Collect(model.description, "", stacks);
  std::vector<std::string> order;
  std::map<std::string, Group> groups;
  for (const auto& [name, tensor] : model.tensors) {
    const auto parts = Split(name);
    if (!parts) continue;
    if (!groups.contains(parts->first)) order.push_back(parts->first);
    groups[parts->first][parts->second] = tensor;
  }
  ConvertedLayers read;
  std::set<std::string> used;
  for (const std::string& name : order) {
    const Group& group = groups[name];
    const std::optional<StackOptions> stack = Find(stacks, name, group);
    if (!stack) continue;
    const std::string gates = Joined(GatesOf(stack->layer.cell));
    read.layers.push_back({name, StackOf(*stack, group), "Eddy's own arrays, gates " + gates});
    for (const auto& [part, tensor] : group) used.insert(name + "." + part);
  }
  for (const auto& [name, tensor] : model.tensors) {
    if (used.contains(name)) continue;
    read.left.push_back(name);
    read.rest.emplace_back(name, tensor);
  }
  return read;
}

}  // namespace eddy
