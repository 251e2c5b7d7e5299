// An inline SVG picture as it is drawn. Texts are escaped here; colours and fonts are classes of the page's style sheet.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eddy {

class Svg {
 public:
  using Point = std::pair<double, double>;
  enum class Anchor { kStart, kMiddle, kEnd };

  // `description` is read out in place of the picture. One with `natural_size` is shown at its size (and scrolled on a small
  // screen); others fill the width they are given.
  Svg(double width, double height, std::string_view description, bool natural_size = false);

  void Line(std::string_view style, Point from, Point to);
  void Polyline(std::string_view style, const std::vector<Point>& points);
  void Polygon(std::string_view style, const std::vector<Point>& points);
  // A dot or a rectangle, with a text that is shown when it is pointed at, unless that is empty.
  void Dot(std::string_view style, Point at, double radius, std::string_view tip);
  void Rectangle(std::string_view style, Point corner, double width, double height, std::string_view tip);
  void Text(std::string_view style, Point at, Anchor anchor, std::string_view text);
  void TextUpwards(std::string_view style, Point at, std::string_view text);  // turned by 90 degrees, centred
  void Raw(std::string_view markup);                                          // trusted markup

  std::string Finish() &&;  // the whole element

 private:
  void Points(const std::vector<Point>& points);
  void Tip(std::string_view element, std::string_view tip);

  std::string out_;
};

}  // namespace eddy
