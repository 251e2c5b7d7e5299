#include "class_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

constexpr size_t kMostShownClasses = 20;
constexpr size_t kMostShownLetters = 14;  // of a class's name

std::string Number(double value) { return std::isfinite(value) ? fmt::format("{:.4f}", value) : "-"; }

std::string Row(const std::string& name, const ClassScores& s) {
  return fmt::format("{:<40}{:>10}{:>10}{:>10}{:>13}\n", name, Number(s.accuracy), Number(s.macro_f1), Number(s.log_loss),
                     Number(s.calibration_error));
}

// A row for each right class, a column for each predicted one.
std::string ConfusionTable(const ClassifierResult& result) {
  const size_t classes = result.classes.size();
  if (classes > kMostShownClasses) {
    return fmt::format("The confusion matrix of {} classes is in the output of --json.\n", classes);
  }
  size_t width = 7;
  for (const std::string& name : result.classes) width = std::max(width, std::min(name.size(), kMostShownLetters) + 1);
  const auto shown = [](const std::string& name) { return name.substr(0, kMostShownLetters); };
  std::string text = fmt::format("{:<16}", "right \\ said");
  for (const std::string& name : result.classes) text += fmt::format("{:>{}}", shown(name), width);
  for (size_t row = 0; row < classes; ++row) {
    text += fmt::format("\n{:<16}", shown(result.classes[row]));
    for (size_t column = 0; column < classes; ++column) {
      text += fmt::format("{:>{}}", result.network.confusion[row * classes + column], width);
    }
  }
  return text + "\n";
}

OrderedJson ToJson(const ClassScores& s, size_t classes) {
  OrderedJson confusion = OrderedJson::array();
  for (size_t row = 0; row < classes; ++row) {
    const auto begin = s.confusion.begin() + static_cast<ptrdiff_t>(row * classes);
    confusion.push_back(std::vector<size_t>(begin, begin + static_cast<ptrdiff_t>(classes)));
  }
  return {{"accuracy", s.accuracy},
          {"macro_f1", s.macro_f1},
          {"log_loss", s.log_loss},
          {"calibration_error", s.calibration_error},
          {"confusion", confusion}};
}

}  // namespace

std::string DescribeResult(const ClassifierResult& result) {
  std::string text = fmt::format("{:<40}{:>10}{:>10}{:>10}{:>13}\n", fmt::format("{} examples", result.network.examples),
                                 "accuracy", "macro F1", "log loss", "calibration");
  text += Row(NetworkName(result), result.network);
  for (const ClassFloor& floor : result.floors) text += Row(floor.name, floor.scores);
  return text + "\n" + ConfusionTable(result) + "\n" + JudgeClassifier(result).sentence;
}

void AddResult(OrderedJson& json, const ClassifierResult& result) {
  json["examples"] = result.network.examples;
  json["classes"] = result.classes;
  json.update(ToJson(result.network, result.classes.size()));
  json["floors"] = OrderedJson::array();
  for (const ClassFloor& floor : result.floors) {
    OrderedJson entry = {{"name", floor.name}};
    entry.update(ToJson(floor.scores, result.classes.size()));
    json["floors"].push_back(entry);
  }
  json["verdict"] = JudgeClassifier(result).sentence;
}

}  // namespace eddy
