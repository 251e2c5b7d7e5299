// What charts with two axes share: the frame with grid, ticks and labels, and the legend.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/axis.h"
#include "report/svg.h"

namespace eddy {

struct ChartFrame {
  double width = 560, height = 300;
  double left = 68, right = 14, top = 12, bottom = 44;

  // Gives the axes their pixels.
  void Fit(Axis& x, Axis& y) const;
  // `x_names`, where not empty, replace the numbers 0, 1, 2 ... under the x axis.
  void Draw(Svg& svg, const Axis& x, const Axis& y, std::string_view x_label, std::string_view y_label,
            const std::vector<std::string>& x_names = {}) const;
};

struct LegendEntry {
  std::string style;  // class of its sample: "line c0", "level c1", "band"
  std::string name;
};
std::string Legend(const std::vector<LegendEntry>& entries);

// Runs of consecutive points that both axes show.
std::vector<std::vector<Svg::Point>> VisibleRuns(const std::vector<double>& x, const std::vector<double>& y,
                                                 const Axis& x_axis, const Axis& y_axis);

}  // namespace eddy
