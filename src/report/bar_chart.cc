#include <fmt/format.h>

#include <algorithm>

#include "report/chart.h"
#include "report/chart_frame.h"
#include "report/html_text.h"

namespace eddy {
namespace {

constexpr double kBars = 420, kRow = 24, kBar = 14;
constexpr double kRight = 20, kBarsTop = 6, kBottom = 40;
constexpr double kBarLetter = 7.3;  // width of a character of a name
constexpr size_t kMostLetters = 40;

double Total(const BarChart::Bar& bar) {
  double total = 0;
  for (const double value : bar.values) total += value;
  return total;
}

}  // namespace

std::string Draw(const BarChart& chart, std::string_view description) {
  size_t letters = 14;
  for (const auto& bar : chart.bars) letters = std::max(letters, CountCharacters(bar.name));
  const double left = 16 + kBarLetter * static_cast<double>(std::min(letters, kMostLetters)), width = left + kBars + kRight;
  Axis x;
  x.Include(0);
  x.Include(chart.limit);
  if (chart.limit == 0) {
    for (const auto& bar : chart.bars) x.Include(Total(bar));
  }
  x.SetPixels(left, width - kRight);

  const double height = kBarsTop + kRow * static_cast<double>(chart.bars.size()) + kBottom;
  Svg svg(width, height, description);
  for (const double tick : x.Ticks(5)) {
    svg.Line("grid", {x.Pixel(tick), kBarsTop}, {x.Pixel(tick), height - kBottom});
    svg.Text("tick", {x.Pixel(tick), height - kBottom + 16}, Svg::Anchor::kMiddle, ShortNumber(tick));
  }
  svg.Text("label", {(left + width - kRight) / 2, height - 6}, Svg::Anchor::kMiddle, chart.label);

  double y = kBarsTop + (kRow - kBar) / 2;
  for (const auto& bar : chart.bars) {
    svg.Text("name", {left - 8, y + kBar - 3}, Svg::Anchor::kEnd, Shortened(bar.name, kMostLetters));
    double from = 0;
    for (size_t i = 0; i < bar.values.size(); ++i) {
      const double to = from + bar.values[i];
      svg.Rectangle(fmt::format("bar c{}", i), {x.Pixel(from), y}, x.Pixel(to) - x.Pixel(from), kBar,
                    fmt::format("{}, {}: {}", bar.name, chart.parts[i], ShortNumber(bar.values[i])));
      from = to;
    }
    y += kRow;
  }
  std::vector<LegendEntry> legend;
  for (const std::string& part : chart.parts) legend.push_back({fmt::format("bar c{}", legend.size()), part});
  return Legend(legend) + std::move(svg).Finish();
}

}  // namespace eddy
