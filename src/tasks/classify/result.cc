#include "tasks/classify/result.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/counted.h"
#include "data/utf8.h"
#include "tasks/classify/costs.h"

namespace eddy {
namespace {

constexpr size_t kMostShownClasses = 20;
constexpr size_t kShownLetters = 14;  // of a class's name, or as many as tell it from others
constexpr size_t kShownConfusions = 10;

std::string Number(double value) { return std::isfinite(value) ? fmt::format("{:.4f}", value) : "-"; }

std::string Row(const std::string& name, const ClassScores& s) {
  return fmt::format("{:<40}{:>10}{:>10}{:>10}{:>13}\n", name, Number(s.accuracy), Number(s.macro_f1), Number(s.log_loss),
                     Number(s.calibration_error));
}

// What is said in place of a table where there are too many classes for one.
std::string MostFrequentConfusions(const ClassifierResult& result) {
  std::string text = "The most frequent confusions (all are in the output of --json), right, said, examples:";
  for (const Confused& c : MostConfused(result.network.confusion, result.classes.size(), kShownConfusions)) {
    text += fmt::format("\n  {}  {}  {}", result.classes[c.right], result.classes[c.said], c.examples);
  }
  return text + "\n";
}

// The beginnings of names, long enough to tell them apart.
std::vector<std::string> ShortNames(const std::vector<std::string>& names) {
  for (size_t letters = kShownLetters;; letters *= 2) {
    std::vector<std::string> shown;
    for (const std::string& name : names) shown.emplace_back(FirstCodePoints(name, letters));
    if (shown == names || std::set(shown.begin(), shown.end()).size() == names.size()) return shown;
  }
}

// A row for each right class, a column for each predicted one.
std::string ConfusionTable(const ClassifierResult& result) {
  const size_t classes = result.classes.size();
  if (classes > kMostShownClasses) return MostFrequentConfusions(result);
  const std::vector<std::string> names = ShortNames(result.classes);
  size_t width = 7, first = 16;
  for (const std::string& name : names) {
    width = std::max(width, fmt::formatted_size("{}", name) + 1);
    first = std::max(first, fmt::formatted_size("{}", name) + 1);
  }
  std::string text = fmt::format("{:<{}}", "right \\ said", first);
  for (const std::string& name : names) text += fmt::format("{:>{}}", name, width);
  for (size_t row = 0; row < classes; ++row) {
    text += fmt::format("\n{:<{}}", names[row], first);
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
  OrderedJson json = {{"accuracy", s.accuracy},
                      {"macro_f1", s.macro_f1},
                      {"log_loss", s.log_loss},
                      {"calibration_error", s.calibration_error},
                      {"confusion", confusion}};
  if (!s.binary) return json;
  json["auc"] = s.binary->auc;
  json["ks"] = s.binary->ks;
  json["brier"] = s.binary->brier;
  json["reliability"] = OrderedJson::array();
  for (const ReliabilityBin& bin : s.binary->reliability) {
    json["reliability"].push_back({{"said", bin.said}, {"share", bin.share}, {"examples", bin.examples}});
  }
  return json;
}

// Of two classes, how well the probability of the second orders the examples.
std::string BinaryTable(const ClassifierResult& result) {
  if (!result.network.binary) return {};
  const std::string head = "probability of " + std::string(FirstCodePoints(result.classes[1], kShownLetters));
  std::string text = fmt::format("\n{:<40}{:>10}{:>10}{:>10}\n", head, "AUC", "KS", "Brier");
  const auto add = [&](const std::string& name, const ClassScores& s) {
    if (!s.binary) return;
    text += fmt::format("{:<40}{:>10}{:>10}{:>10}\n", name, Number(s.binary->auc), Number(s.binary->ks),
                        Number(s.binary->brier));
  };
  add(NetworkName(result), result.network);
  for (const ClassFloor& floor : result.floors) add(floor.name, floor.scores);
  return text;
}

}  // namespace

std::string DescribeResult(const ClassifierResult& result) {
  std::string text = fmt::format("{:<40}{:>10}{:>10}{:>10}{:>13}\n", Counted(result.network.examples, "example"), "accuracy",
                                 "macro F1", "log loss", "calibration");
  text += Row(NetworkName(result), result.network);
  if (result.alone) text += Row("network alone", *result.alone);
  for (const ClassFloor& floor : result.floors) text += Row(floor.name, floor.scores);
  text += BinaryTable(result) + DescribeCosts(result);
  return text + "\n" + ConfusionTable(result) + "\n" + JudgeClassifier(result).sentence;
}

void AddResult(OrderedJson& json, const ClassifierResult& result) {
  json["examples"] = result.network.examples;
  json["classes"] = result.classes;
  json.update(ToJson(result.network, result.classes.size()));
  if (result.alone) json["network_alone"] = ToJson(*result.alone, result.classes.size());
  json["floors"] = OrderedJson::array();
  for (const ClassFloor& floor : result.floors) {
    OrderedJson entry = {{"name", floor.name}};
    entry.update(ToJson(floor.scores, result.classes.size()));
    json["floors"].push_back(entry);
  }
  AddCosts(json, result);
  AddVerdict(json, JudgeClassifier(result));
}

}  // namespace eddy
