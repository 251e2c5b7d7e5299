#include "report/svg.h"

#include <fmt/format.h>

#include <iterator>

#include "report/html_text.h"

namespace eddy {

Svg::Svg(double width, double height, std::string_view description, bool natural_size) {
  out_ = fmt::format("<svg viewBox=\"0 0 {0:.5g} {1:.5g}\" role=\"img\" aria-label=\"{2}\"", width, height,
                     EscapeHtml(description));
  if (natural_size) out_ += fmt::format(" width=\"{:.5g}\" height=\"{:.5g}\"", width, height);
  out_ += ">\n";
}

void Svg::Line(std::string_view style, Point from, Point to) {
  fmt::format_to(std::back_inserter(out_), "<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                 style, from.first, from.second, to.first, to.second);
}

void Svg::Points(const std::vector<Point>& points) {
  for (const auto& [x, y] : points) fmt::format_to(std::back_inserter(out_), "{:.1f},{:.1f} ", x, y);
}

void Svg::Polyline(std::string_view style, const std::vector<Point>& points) {
  out_ += fmt::format("<polyline class=\"{}\" points=\"", style);
  Points(points);
  out_ += "\"/>\n";
}

void Svg::Polygon(std::string_view style, const std::vector<Point>& points) {
  out_ += fmt::format("<polygon class=\"{}\" points=\"", style);
  Points(points);
  out_ += "\"/>\n";
}

void Svg::Tip(std::string_view element, std::string_view tip) {
  out_ += tip.empty() ? "/>\n" : fmt::format("><title>{}</title></{}>\n", EscapeHtml(tip), element);
}

void Svg::Dot(std::string_view style, Point at, double radius, std::string_view tip) {
  out_ += fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.3g}\"", style, at.first, at.second, radius);
  Tip("circle", tip);
}

void Svg::Rectangle(std::string_view style, Point corner, double width, double height, std::string_view tip) {
  out_ += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"", style, corner.first,
                      corner.second, width, height);
  Tip("rect", tip);
}

void Svg::Text(std::string_view style, Point at, Anchor anchor, std::string_view text) {
  constexpr std::string_view kAnchors[] = {"start", "middle", "end"};
  out_ += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", style, at.first,
                      at.second, kAnchors[static_cast<int>(anchor)], EscapeHtml(text));
}

void Svg::TextUpwards(std::string_view style, Point at, std::string_view text) {
  out_ += fmt::format(
      "<text class=\"{0}\" x=\"{1:.1f}\" y=\"{2:.1f}\" text-anchor=\"middle\" transform=\"rotate(-90 {1:.1f} "
      "{2:.1f})\">{3}</text>\n",
      style, at.first, at.second, EscapeHtml(text));
}

void Svg::Raw(std::string_view markup) { out_ += markup; }

std::string Svg::Finish() && {
  out_ += "</svg>\n";
  return std::move(out_);
}

}  // namespace eddy
