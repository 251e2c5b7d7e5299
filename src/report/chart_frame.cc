#include "report/chart_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html_text.h"

namespace eddy {
namespace {

constexpr double kLetter = 6.6;  // width of a character of a tick's name

size_t LettersIn(double pixels) { return static_cast<size_t>(pixels / (1.1 * kLetter)); }

// How many names have room side by side, also where the last one ends at its tick.
int NamesThatFit(const std::vector<std::string>& names, double pixels) {
  size_t longest = 1;
  for (const std::string& name : names) longest = std::max(longest, CountCharacters(name));
  return std::clamp(static_cast<int>(pixels / (1.5 * kLetter * static_cast<double>(longest) + 14)), 1, 6);
}

}  // namespace

void ChartFrame::Fit(Axis& x, Axis& y) const {
  x.SetPixels(left, width - right);
  y.SetPixels(height - bottom, top);
}

void ChartFrame::Draw(Svg& svg, const Axis& x, const Axis& y, std::string_view x_label, std::string_view y_label,
                      const std::vector<std::string>& x_names) const {
  const double base = height - bottom;
  for (const double tick : y.Ticks(5)) {
    svg.Line("grid", {left, y.Pixel(tick)}, {width - right, y.Pixel(tick)});
    svg.Text("tick", {left - 6, y.Pixel(tick) + 4}, Svg::Anchor::kEnd, ShortNumber(tick));
  }
  const int ticks = x_names.empty() ? 6 : NamesThatFit(x_names, width - left - right);
  for (const double tick : x.Ticks(ticks)) {
    const bool named = tick >= 0 && tick < static_cast<double>(x_names.size()) && tick == std::floor(tick);
    if (!x_names.empty() && !named) continue;
    const std::string name = named ? x_names[static_cast<size_t>(tick)] : ShortNumber(tick);
    const Svg::Anchor anchor = x.Pixel(tick) + kLetter / 2 * static_cast<double>(CountCharacters(name)) > width
                                   ? Svg::Anchor::kEnd
                                   : Svg::Anchor::kMiddle;
    svg.Line("axis", {x.Pixel(tick), base}, {x.Pixel(tick), base + 4});
    svg.Text("tick", {x.Pixel(tick), base + 17}, anchor, name);
  }
  svg.Line("axis", {left, base}, {width - right, base});
  svg.Text("label", {(left + width - right) / 2, height - 8}, Svg::Anchor::kMiddle, Shortened(x_label, LettersIn(width)));
  svg.TextUpwards("label", {14, (top + base) / 2}, Shortened(y_label, LettersIn(base)));
}

std::string Legend(const std::vector<LegendEntry>& entries) {
  std::string out = "<ul class=\"legend\">\n";
  for (const LegendEntry& entry : entries) {
    out += fmt::format("<li><i class=\"{}\"></i>{}</li>\n", entry.style, EscapeHtml(entry.name));
  }
  return out + "</ul>\n";
}

std::vector<std::vector<Svg::Point>> VisibleRuns(const std::vector<double>& x, const std::vector<double>& y,
                                                 const Axis& x_axis, const Axis& y_axis) {
  std::vector<std::vector<Svg::Point>> runs;
  bool inside = false;
  for (size_t i = 0; i < x.size() && i < y.size(); ++i) {
    const bool shown = x_axis.Shows(x[i]) && y_axis.Shows(y[i]);
    if (shown && !inside) runs.emplace_back();
    if (shown) runs.back().emplace_back(x_axis.Pixel(x[i]), y_axis.Pixel(y[i]));
    inside = shown;
  }
  return runs;
}

}  // namespace eddy
