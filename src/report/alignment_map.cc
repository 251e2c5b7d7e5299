#include <fmt/format.h>

#include <algorithm>

#include "data/utf8.h"
#include "report/chart.h"
#include "report/svg.h"

namespace eddy {
namespace {

constexpr double kTokenCell = 20, kGap = 6, kNamesTop = 6;
constexpr double kNameLetter = 7;     // width of a character of a name, at most
constexpr double kLeastShown = 0.02;  // of a weight

double WidthOf(const std::vector<std::string>& names) {
  size_t longest = 1;
  for (const std::string& name : names) {
    size_t letters = 0;
    for (std::string_view rest = name; !rest.empty(); ++letters) {
      rest.remove_prefix(std::max<size_t>(1, CodePointBytes(rest)));
    }
    longest = std::max(longest, letters);
  }
  return kNameLetter * static_cast<double>(longest) + 2 * kGap;
}

}  // namespace

std::string Draw(const AlignmentMap& map, std::string_view description) {
  const double left = WidthOf(map.rows), base = kNamesTop + kTokenCell * static_cast<double>(map.rows.size());
  const double under = WidthOf(map.columns);  // the columns' names, upwards
  Svg svg(left + kTokenCell * static_cast<double>(map.columns.size()) + kGap, base + under, description, true);
  for (size_t r = 0; r < map.rows.size(); ++r) {
    const double y = kNamesTop + kTokenCell * static_cast<double>(r);
    svg.Text("step", {left - kGap, y + 0.7 * kTokenCell}, Svg::Anchor::kEnd, map.rows[r]);
    for (size_t c = 0; c < map.columns.size(); ++c) {
      const double weight = map.weights[r * map.columns.size() + c], x = left + kTokenCell * static_cast<double>(c);
      const std::string tip = fmt::format("{} \u2190 {}: {:.2f}", map.rows[r], map.columns[c], weight);
      if (weight >= kLeastShown) {
        svg.Raw(fmt::format("<g fill-opacity=\"{:.2f}\">", std::min(weight, 1.0)));
        svg.Rectangle("warm", {x, y}, kTokenCell - 1, kTokenCell - 1, "");
        svg.Raw("</g>");
      }
      svg.Rectangle("hit", {x, y}, kTokenCell - 1, kTokenCell - 1, tip);
    }
  }
  for (size_t c = 0; c < map.columns.size(); ++c) {
    svg.Raw(fmt::format("<g transform=\"translate({:.1f} {:.1f}) rotate(-90)\">",
                        left + kTokenCell * (static_cast<double>(c) + 0.7), base + kGap));
    svg.Text("step", {0, 0}, Svg::Anchor::kEnd, map.columns[c]);
    svg.Raw("</g>\n");
  }
  return "<div class=\"scroll\">" + std::move(svg).Finish() + "</div>\n";
}

}  // namespace eddy
