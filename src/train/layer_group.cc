#include "train/layer_group.h"

#include <algorithm>
#include <string_view>

namespace eddy {
namespace {

std::string LayerOf(const std::string& name) {
  constexpr std::string_view kMember = "member";
  const std::string layer = name.substr(0, name.rfind('.'));
  if (!layer.starts_with(kMember)) return layer;
  const size_t end = layer.find_first_not_of("0123456789", kMember.size());
  const bool numbered = end > kMember.size() && end < layer.size() && layer[end] == '.';
  return numbered ? layer.substr(end + 1) : layer;
}

}  // namespace

std::vector<LayerGroup> GroupByLayer(const std::vector<Parameter*>& parameters) {
  std::vector<LayerGroup> groups;
  for (Parameter* parameter : parameters) {
    const std::string name = LayerOf(parameter->name);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const LayerGroup& each) { return each.name == name; });
    if (group == groups.end()) group = groups.insert(groups.end(), {name, {}});
    group->parameters.push_back(parameter);
  }
  return groups;
}

}  // namespace eddy
