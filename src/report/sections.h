// The sections of a report that are the same for every task.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "eddy/train.h"
#include "inspect/inside.h"
#include "report/report.h"

namespace eddy {

// Figures that people compare, lower being better.
struct NamedFigure {
  std::string name;  // such as "the best 5-gram (Witten-Bell)"
  double value = 0;
};

struct Verdict {
  std::string sentence;
  bool lost = false;  // whether any floor is as low as the network
};

// "The network reaches 1.482 nats a character; the best 5-gram 1.713: 13.5% better." or that it loses. `unit` follows a
// number. The floor compared with is the lowest that is finite.
Verdict CompareWithFloors(double network, const std::vector<NamedFigure>& floors, const std::string& unit,
                          const std::string& name = "network");
// What to say of a network that is no better than a floor.
std::string LosesAgainstFloor(const std::string& against, bool as_good);

// Training and validation loss over steps, with floors as dashed lines. `unit` is that of the loss ("nats a character").
Section LossSection(const History& history, const std::vector<NamedFigure>& floors, const std::string& unit);

// The gradient's norm by layer over training.
Section GradientSection(const History& history);

// Gradient survival, saturation (of cells with gates or a tanh) and the hidden states over the sample.
std::vector<Section> InsideSections(const Inside& inside);

// Generated text, and forecasts against what happened.
Section TextSection(const std::vector<TextSample>& samples);
Section ForecastSection(std::vector<std::pair<std::string, ForecastChart>> forecasts);

}  // namespace eddy
