// The sentence that says whether a network is better than what costs next to nothing, and whether that can be said.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/halves.h"
#include "metrics/bootstrap.h"
#include "model/json.h"

namespace eddy {

// Figures that people compare, lower being better.
struct NamedFigure {
  std::string name;  // such as "the best 5-gram (Witten-Bell)"
  double value = 0;
};

struct Verdict {
  std::string sentence;
  bool lost = false;       // whether a floor is certainly better than the network, or the network has no figure
  std::string floor = {};  // that the network is compared with; empty for none
  std::optional<PairedDifference> difference = {};  // the network's figure and the floor's
};

// How the figure of a verdict is made of sums, and called.
struct JudgedFigure {
  FigureOfSums of;
  std::string unit;              // follows a number: "% wrong"
  std::string part = "example";  // what is resampled
  bool higher = false;           // whether higher is better
  bool of_shares = false;        // CompareByParts
};

struct JudgedMethod {
  std::string name;  // "network", "majority class"
  PartSums parts;
};

// Compares the network with the best floor on the parts that judge. Which floor that is, the parts that choose say, so that
// the luck of the judging half does not choose it; where nothing chooses, all do. A figure that is better or worse is
// claimed where the 95% interval of the difference leaves 0 out; otherwise they cannot be told apart. Floors whose figure is
// not finite are left out.
Verdict JudgeByParts(const JudgedMethod& network, const std::vector<JudgedMethod>& floors, const JudgedFigure& figure,
                     const Halves& halves);

// Where the difference has a standard error alone (of a text, over its stretches): `error` of network - floor.
Verdict JudgeByError(double network, const NamedFigure& floor, double error, size_t stretches, const std::string& unit);

// The keys "verdict" and "judged" of docs/json.md.
void AddVerdict(OrderedJson& json, const Verdict& verdict);

}  // namespace eddy
