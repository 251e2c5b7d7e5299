#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/chart.h"
#include "report/chart_frame.h"
#include "report/html_text.h"

namespace eddy {
namespace {

std::vector<double> Positions(size_t from, size_t count) {
  std::vector<double> positions(count);
  std::iota(positions.begin(), positions.end(), static_cast<double>(from));
  return positions;
}

void DrawValues(Svg& svg, std::string_view style, size_t from, const std::vector<double>& values, const Axis& x,
                const Axis& y) {
  for (const auto& run : VisibleRuns(Positions(from, values.size()), values, x, y)) {
    if (run.size() == 1) {
      svg.Dot("dot " + std::string(style), run[0], 2, "");
    } else {
      svg.Polyline("line " + std::string(style), run);
    }
  }
}

// There and back again: along the lower edge, then along the upper.
void DrawBand(Svg& svg, const ForecastChart& chart, const Axis& x, const Axis& y) {
  std::vector<Svg::Point> outline;
  const size_t count = std::min(chart.low.size(), chart.high.size());
  const double from = static_cast<double>(chart.history.size());
  const auto add = [&](size_t i, double value) {
    if (y.Shows(value)) outline.emplace_back(x.Pixel(from + static_cast<double>(i)), y.Pixel(value));
  };
  for (size_t i = 0; i < count; ++i) add(i, chart.low[i]);
  for (size_t i = count; i-- > 0;) add(i, chart.high[i]);
  if (!outline.empty()) svg.Polygon("band", outline);
}

std::string TipAt(const ForecastChart& chart, size_t position) {
  const size_t from = chart.history.size();
  std::string tip = position < chart.times.size() ? chart.times[position] : fmt::format("{} {}", chart.x_label, position);
  const auto add = [&](std::string_view name, const std::vector<double>& values, size_t i) {
    if (i < values.size() && std::isfinite(values[i])) tip += fmt::format("\n{} {}", name, ShortNumber(values[i]));
  };
  if (position < from) {
    add("history", chart.history, position);
  } else {
    add("happened", chart.actual, position - from);
    add("median", chart.median, position - from);
    add("low", chart.low, position - from);
    add("high", chart.high, position - from);
  }
  return tip;
}

}  // namespace

std::string Draw(const ForecastChart& chart, std::string_view description) {
  Axis x, y;
  const size_t from = chart.history.size();
  const size_t count = from + std::max(chart.median.size(), chart.actual.size());
  x.Include(0);
  x.Include(static_cast<double>(count) - 1);
  for (const auto* values : {&chart.history, &chart.actual, &chart.median, &chart.low, &chart.high}) {
    for (const double value : *values) y.Include(value);
  }
  y.Pad(0.05);
  const ChartFrame frame;
  frame.Fit(x, y);

  Svg svg(frame.width, frame.height, description);
  frame.Draw(svg, x, y, chart.x_label, chart.y_label, chart.times);
  DrawBand(svg, chart, x, y);
  const double start = x.Pixel(static_cast<double>(from) - 0.5);
  svg.Line("start", {start, frame.top}, {start, frame.height - frame.bottom});
  DrawValues(svg, "past", 0, chart.history, x, y);
  DrawValues(svg, "past happened", from, chart.actual, x, y);
  DrawValues(svg, "c0", from, chart.median, x, y);
  const double width = (frame.width - frame.left - frame.right) / static_cast<double>(std::max<size_t>(count, 2) - 1);
  for (size_t i = 0; i < count; ++i) {
    svg.Rectangle("hit", {x.Pixel(static_cast<double>(i)) - width / 2, frame.top}, width,
                  frame.height - frame.top - frame.bottom, TipAt(chart, i));
  }

  std::vector<LegendEntry> legend = {{"line past", "history"}};
  if (!chart.actual.empty()) legend.push_back({"line past happened", "what happened"});
  legend.push_back({"line c0", "forecast (median)"});
  if (!chart.low.empty()) legend.push_back({"band", chart.band});
  return Legend(legend) + std::move(svg).Finish();
}

}  // namespace eddy
