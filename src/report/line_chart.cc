#include <fmt/format.h>

#include <algorithm>

#include "report/chart.h"
#include "report/chart_frame.h"
#include "report/html_text.h"

namespace eddy {
namespace {

constexpr size_t kColours = 8;
constexpr size_t kShades = 11;       // from one colour to another
constexpr size_t kManyPoints = 150;  // of a curve that is drawn finer
constexpr size_t kMostTips = 80;     // points of a curve that tell their values

// The class of line i of so many: a colour of its own, or where there are too many for that, one between two colours by its
// place among them.
std::string Colour(size_t i, size_t lines) {
  if (lines <= kColours) return fmt::format("c{}", i);
  return fmt::format("between{}", i * (kShades - 1) / (lines - 1));
}

void DrawCurve(Svg& svg, const Curve& curve, const std::string& colour, const Axis& x, const Axis& y) {
  for (const auto& run : VisibleRuns(curve.x, curve.y, x, y)) {
    if (run.size() == 1) {
      svg.Dot("dot " + colour, run[0], 3, "");
    } else {
      svg.Polyline((run.size() > kManyPoints ? "line fine " : "line ") + colour, run);
    }
  }
}

void DrawTips(Svg& svg, const LineChart& chart, const Axis& x, const Axis& y) {
  for (const Curve& curve : chart.curves) {
    const size_t stride = std::max<size_t>(1, (curve.x.size() + kMostTips - 1) / kMostTips);
    for (size_t i = 0; i < curve.x.size(); i += stride) {
      if (!x.Shows(curve.x[i]) || !y.Shows(curve.y[i])) continue;
      svg.Dot("hit", {x.Pixel(curve.x[i]), y.Pixel(curve.y[i])}, 6,
              fmt::format("{}: {} at {} {}", curve.name, ShortNumber(curve.y[i]), chart.x_label, ShortNumber(curve.x[i])));
    }
  }
}

}  // namespace

std::string Draw(const LineChart& chart, std::string_view description) {
  const size_t lines = chart.curves.size() + chart.levels.size();
  Axis x, y(chart.logarithmic);
  std::vector<LegendEntry> legend;
  for (const Curve& curve : chart.curves) {
    for (const double value : curve.x) x.Include(value);
    for (const double value : curve.y) y.Include(value);
    legend.push_back({"line " + Colour(legend.size(), lines), curve.name});
  }
  for (const auto& [name, value] : chart.levels) {
    y.Include(value);
    legend.push_back({"level " + Colour(legend.size(), lines), name});
  }
  y.Pad(0.04);
  const ChartFrame frame;
  frame.Fit(x, y);

  Svg svg(frame.width, frame.height, description);
  frame.Draw(svg, x, y, chart.x_label, chart.y_label);
  size_t colour = 0;
  for (const Curve& curve : chart.curves) DrawCurve(svg, curve, Colour(colour++, lines), x, y);
  for (const auto& [name, value] : chart.levels) {
    const std::string style = "level " + Colour(colour++, lines);
    if (!y.Shows(value)) continue;
    svg.Line(style, {frame.left, y.Pixel(value)}, {frame.width - frame.right, y.Pixel(value)});
    svg.Rectangle("hit", {frame.left, y.Pixel(value) - 4}, frame.width - frame.left - frame.right, 8,
                  fmt::format("{}: {}", name, ShortNumber(value)));
  }
  DrawTips(svg, chart, x, y);
  return Legend(legend) + std::move(svg).Finish();
}

}  // namespace eddy
