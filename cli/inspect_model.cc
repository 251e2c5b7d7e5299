#include "inspect_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/printable.h"
#include "report/html_text.h"

namespace eddy {
namespace {

constexpr size_t kShownTokens = 40;
constexpr size_t kSurvivalSteps[] = {1, 2, 5, 10, 20, 50, 100};

OrderedJson ArrayJson(const std::string& name, const Tensor& array) {
  OrderedJson shape = OrderedJson::array();
  for (size_t i = 0; i < array.rank(); ++i) shape.push_back(array.dim(i));
  double squares = 0, largest = 0;
  for (const Real value : array.values()) {
    squares += static_cast<double>(value) * static_cast<double>(value);
    largest = std::max(largest, std::abs(static_cast<double>(value)));
  }
  return {{"name", name}, {"shape", shape}, {"norm", std::sqrt(squares)}, {"largest", largest}};
}

// A long list by its size and its beginning.
Json Shortened(const Json& list) {
  Json first = Json::array();
  for (const Json& item : list) {
    if (first.size() == kShownTokens) break;
    first.push_back(item);
  }
  return {{"size", list.size()}, {"first", first}};
}

// Lists and SentencePiece's models, at any depth.
void ShortenVocabularies(Json& part) {
  if (!part.is_object()) return;
  for (auto& [key, value] : part.items()) {
    if ((key == "vocabulary" || key == "characters") && value.is_array()) {
      value = Shortened(value);
    } else if (key == "pieces" && value.is_string()) {
      value = fmt::format("{} bytes", value.get_ref<const std::string&>().size() / 4 * 3);
    } else {
      ShortenVocabularies(value);
    }
  }
}

// Off, none or empty: not worth a line to people.
bool IsOff(const OrderedJson& json) {
  return json.is_null() || json == false || json == 0 || (json.is_string() && json.get_ref<const std::string&>().empty()) ||
         (json.is_array() && json.empty());
}

// "key.sub  value", one a line; lists on the line.
void Flatten(std::string& out, const std::string& key, const OrderedJson& json) {
  if (json.is_object()) {
    for (const auto& [name, value] : json.items()) Flatten(out, key.empty() ? name : key + "." + name, value);
  } else if (!IsOff(json)) {
    const std::string value = json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
    out += fmt::format("  {:<26} {}\n", Printable(key), Printable(value));
  }
}

std::string Part(const char* title, const OrderedJson& json) {
  if (json.empty()) return "";
  std::string out = fmt::format("\n{}\n", Printable(title));
  Flatten(out, "", json);
  return out;
}

std::string SurvivalTable(const Inside& inside) {
  std::string out = "gradient left, of the loss of the last step, after\n";
  out += fmt::format("{:<10}", "steps back");
  for (const size_t steps : kSurvivalSteps) out += fmt::format("{:>10}", steps);
  out += fmt::format("{:>12}\n", "half gone");
  for (const LayerInside& layer : inside.layers) {
    out += fmt::format("{:<10}", layer.name);
    for (const size_t steps : kSurvivalSteps) {
      out += fmt::format("{:>10}", steps <= layer.survival.size() ? fmt::format("{:.3g}", layer.survival[steps - 1]) : "-");
    }
    const std::optional<size_t> half = GradientHalfLife(layer.survival);
    out += fmt::format("{:>12}\n", half ? fmt::format("at {}", *half) : "never");
  }
  return out;
}

std::string UnitTable(const Inside& inside) {
  std::string out =
      fmt::format("{:<10}{:<18}{:>8}{:>10}{:>8}{:>11}\n", "units", "cell", "units", "mean |h|", "dead", "saturated");
  for (const LayerInside& layer : inside.layers) {
    out += fmt::format("{:<10}{:<18}{:>8}{:>10.3f}{:>8}{:>11}\n", layer.name, layer.cell, layer.hidden, layer.mean_magnitude,
                       layer.dead, layer.saturated);
  }
  return out;
}

std::string ActivationTable(const Inside& inside) {
  std::string out = fmt::format("{:<10}{:<18}{:>16}{:>16}\n", "gates", "", "near low limit", "near high limit");
  for (const LayerInside& layer : inside.layers) {
    for (const auto& activation : layer.activations) {
      out += fmt::format("{:<10}{:<18}{:>15.1f}%{:>15.1f}%\n", layer.name, activation.name, 100 * activation.low,
                         100 * activation.high);
    }
  }
  return out;
}

}  // namespace

void AddModel(OrderedJson& json, const Model& model) {
  size_t weights = 0;
  OrderedJson arrays = OrderedJson::array();
  for (const auto& [name, array] : model.tensors) {
    weights += array.size();
    arrays.push_back(ArrayJson(name, array));
  }
  json["weights"] = weights;
  json["precision"] = PrecisionName(model.precision);
  json["arrays"] = arrays;
  for (const auto& [key, value] : model.description.items()) {
    Json part = value;
    ShortenVocabularies(part);
    json[key] = part;
  }
}

std::string DescribeModel(const OrderedJson& json) {
  std::string out = fmt::format("{}: a {} model, {} weights in {} arrays, in {}\n\n", json["model"].get<std::string>(),
                                Printable(json["task"].get<std::string>()), json["weights"].get<size_t>(),
                                json["arrays"].size(), json["precision"].get<std::string>());
  out += fmt::format("{:<30} {:>18} {:>10} {:>10}\n", "array", "shape", "norm", "largest");
  for (const OrderedJson& array : json["arrays"]) {
    out += fmt::format("{:<30} {:>18} {:>10} {:>10}\n", Printable(array["name"].get<std::string>()), array["shape"].dump(),
                       ShortNumber(array["norm"]), ShortNumber(array["largest"]));
  }
  for (const auto& [key, value] : json.items()) {
    OrderedJson part = value;
    if (key == "training" && part.contains("options")) part["options"].erase("network");  // it has a part of its own
    if (value.is_object()) out += Part(key.c_str(), part);
  }
  return out;
}

std::string DescribeInside(const Inside& inside) {
  const bool gates = std::any_of(inside.layers.begin(), inside.layers.end(),
                                 [](const LayerInside& layer) { return !layer.activations.empty(); });
  return SurvivalTable(inside) + "\n" + UnitTable(inside) + (gates ? "\n" + ActivationTable(inside) : "");
}

}  // namespace eddy
