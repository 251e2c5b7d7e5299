// The sections of a report that are the same for every task.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "eddy/train.h"
#include "inspect/inside.h"
#include "report/report.h"
#include "report/verdict.h"

namespace eddy {

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
