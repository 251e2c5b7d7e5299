#include "report/verdict.h"

#include <fmt/format.h>

#include <cmath>

#include "base/counted.h"
#include "metrics/normal.h"

namespace eddy {
namespace {

std::string IntervalOf(const PairedDifference& d) {
  return fmt::format("95% interval of the difference: {:.3g} to {:.3g}", d.low, d.high);
}

// What follows the two figures.
std::string Told(const PairedDifference& d, const JudgedFigure& figure) {
  const std::string by = Counted(d.parts, figure.part);
  const bool better = figure.higher ? d.first > d.second : d.first < d.second;
  if (!std::isfinite(d.low)) return fmt::format("; {} cannot tell whether that is more than chance.", by);
  if (d.unlike < kLeastUnlike && d.unlike < d.parts && (d.low > 0 || d.high < 0)) {
    return fmt::format(": they cannot be told apart by {}, of which {} differ{} ({}).", by, d.unlike,
                       d.unlike == 1 ? "s" : "", IntervalOf(d));
  }
  if (!d.certain()) return fmt::format(": they cannot be told apart by {} ({}).", by, IntervalOf(d));
  const std::string certainly = fmt::format("{}, by {}", IntervalOf(d), by);
  if (!better) return fmt::format(". The network loses: what costs next to nothing is better ({}).", certainly);
  if (figure.higher) return fmt::format(": the network is {:.2f} higher ({}).", d.first - d.second, certainly);
  return fmt::format(": the network is {:.1f}% lower ({}).", 100 * (1 - d.first / d.second), certainly);
}

const JudgedMethod* BestOn(const std::vector<JudgedMethod>& floors, const JudgedFigure& figure,
                           const std::vector<size_t>& places) {
  const JudgedMethod* best = nullptr;
  double lowest = 0;
  for (const JudgedMethod& floor : floors) {
    if (floor.parts.size() == 0) continue;
    const double value = (figure.higher ? -1 : 1) * figure.of(Total(Chosen(floor.parts, places)));
    if (!std::isfinite(value) || (best != nullptr && value >= lowest)) continue;
    best = &floor;
    lowest = value;
  }
  return best;
}

}  // namespace

Verdict JudgeByParts(const JudgedMethod& network, const std::vector<JudgedMethod>& floors, const JudgedFigure& figure,
                     const Halves& halves) {
  const PartSums judged = Chosen(network.parts, halves.judging);
  const double reached = judged.size() > 0 ? figure.of(Total(judged)) : std::nan("");
  if (!std::isfinite(reached)) return {"The network has no finite figure: it did not learn.", true};
  std::string text = fmt::format("The {} reaches {:.4g} {}", network.name, reached, figure.unit);
  if (!halves.choosing.empty() && halves.apart()) {
    text = fmt::format("Of the {} that chose nothing: the {} reaches {:.4g} {}", Counted(judged.size(), figure.part),
                       network.name, reached, figure.unit);
  }
  const JudgedMethod* best = BestOn(floors, figure, halves.choosing.empty() ? halves.judging : halves.choosing);
  if (best == nullptr) return {text + ".", false};
  const PairedDifference difference =
      CompareByParts(judged, Chosen(best->parts, halves.judging), figure.of, figure.of_shares);
  text += fmt::format("; {} reaches {:.4g}{}", best->name, difference.second, Told(difference, figure));
  const bool worse = figure.higher ? difference.first < difference.second : difference.first > difference.second;
  return {std::move(text), difference.certain() && worse, best->name, difference};
}

Verdict JudgeByError(double network, const NamedFigure& floor, double error, size_t stretches, const std::string& unit) {
  if (!std::isfinite(network)) return {"The network has no finite figure: it did not learn.", true};
  PairedDifference d{network, floor.value, 0, 0, stretches, stretches};
  const double middle = network - floor.value;
  const double margin =
      stretches < kLeastUnlike ? std::nan("") : StudentQuantile(0.975, static_cast<double>(stretches) - 1) * error;
  d.low = middle - margin;
  d.high = middle + margin;
  JudgedFigure figure{{}, unit, "stretch"};
  return {fmt::format("The network reaches {:.4g} {}; {} reaches {:.4g}{}", network, unit, floor.name, floor.value,
                      Told(d, figure)),
          d.certain() && middle > 0, floor.name, d};
}

void AddVerdict(OrderedJson& json, const Verdict& verdict) {
  json["verdict"] = verdict.sentence;
  json["judged"] = OrderedJson();
  if (!verdict.difference) return;
  const PairedDifference& d = *verdict.difference;
  json["judged"] = {{"floor", verdict.floor},           {"parts", d.parts}, {"network", d.first}, {"floor_figure", d.second},
                    {"difference", d.first - d.second}, {"low", d.low},     {"high", d.high},     {"certain", d.certain()}};
}

}  // namespace eddy
