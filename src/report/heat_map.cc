#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "report/chart.h"
#include "report/chart_frame.h"
#include "report/html_text.h"

namespace eddy {
namespace {

constexpr double kMapLeft = 24, kMapTop = 4, kCell = 7;
constexpr double kColumnLetter = 7.3;  // width of a character under the columns
constexpr int kShades = 10;            // of either sign: cells of a shade are one path

// How many columns apart names must be so that they do not run into each other.
size_t NameStride(const HeatMap& map, double column_width) {
  size_t longest = 1;
  for (const std::string& name : map.column_names) longest = std::max(longest, CountCharacters(name));
  const double wanted = longest == 1 ? kColumnLetter : static_cast<double>(longest + 1) * kColumnLetter;
  return static_cast<size_t>(std::ceil(wanted / column_width));
}

// From -kShades to kShades; 0 is not drawn.
int ShadeOf(double value, double limit) {
  if (!std::isfinite(value)) return 0;
  return static_cast<int>(std::lround(std::clamp(value / limit, -1.0, 1.0) * kShades));
}

std::string ShadePath(const HeatMap& map, int shade, double column_width) {
  std::string path;
  for (size_t row = 0; row < map.rows; ++row) {
    for (size_t column = 0; column < map.columns;) {
      size_t end = column;
      while (end < map.columns && ShadeOf(map.values[row * map.columns + end], map.limit) == shade) ++end;
      if (end > column) {
        fmt::format_to(std::back_inserter(path), "M{:.4g} {:.4g}h{:.4g}v{}h{:.4g}z",
                       kMapLeft + column_width * static_cast<double>(column), kMapTop + kCell * static_cast<double>(row),
                       column_width * static_cast<double>(end - column), kCell,
                       -column_width * static_cast<double>(end - column));
      }
      column = end + 1;
    }
  }
  return path;
}

}  // namespace

std::string Draw(const HeatMap& map, std::string_view description) {
  const double column_width =
      map.columns > 80 ? 9 : std::min(16.0, 640.0 / static_cast<double>(std::max<size_t>(map.columns, 1)));
  const double width = kMapLeft + column_width * static_cast<double>(map.columns) + 8;
  const double base = kMapTop + kCell * static_cast<double>(map.rows);
  Svg svg(width, base + 40, description, true);
  for (int shade = -kShades; shade <= kShades; ++shade) {
    if (shade == 0) continue;
    svg.Raw(fmt::format("<path class=\"{}\" fill-opacity=\"{:.2g}\" d=\"{}\"/>\n", shade < 0 ? "cold" : "warm",
                        std::abs(shade) / static_cast<double>(kShades), ShadePath(map, shade, column_width)));
  }
  const size_t stride = NameStride(map, column_width);
  for (size_t i = 0; i < map.column_names.size(); ++i) {
    const double x = kMapLeft + column_width * static_cast<double>(i);
    if (i % stride == 0) svg.Text("step", {x + column_width / 2, base + 14}, Svg::Anchor::kMiddle, map.column_names[i]);
    svg.Rectangle("hit", {x, kMapTop}, column_width, base - kMapTop,
                  fmt::format("{} {}: {}", map.column_label, i + 1, map.column_names[i]));
  }
  svg.Text("label", {kMapLeft, base + 33}, Svg::Anchor::kStart, map.column_label + " \u2192");
  svg.TextUpwards("label", {14, base / 2}, map.row_label);
  return Legend({{"warm", fmt::format("towards {}", ShortNumber(map.limit))},
                 {"cold", fmt::format("towards {}", ShortNumber(-map.limit))}}) +
         "<div class=\"scroll\">" + std::move(svg).Finish() + "</div>\n";
}

}  // namespace eddy
