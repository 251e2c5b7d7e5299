// The charts of a report as HTML: an SVG picture, with its legend above where it needs one.
#pragma once

#include <string>
#include <string_view>

#include "report/report.h"

namespace eddy {

// `description` is read out in place of the picture.
std::string Draw(const LineChart& chart, std::string_view description);
std::string Draw(const ForecastChart& chart, std::string_view description);
std::string Draw(const BarChart& chart, std::string_view description);
std::string Draw(const HeatMap& map, std::string_view description);
std::string Draw(const AlignmentMap& map, std::string_view description);
std::string Draw(const PianoRollChart& chart, std::string_view description);  // with a button that plays it

}  // namespace eddy
