#include <fmt/format.h>

#include <string_view>

#include "data/base64.h"
#include "model/atomic_file.h"
#include "report/chart.h"
#include "report/html_text.h"
#include "report/report.h"
#include "report/report_page.h"

namespace eddy {
namespace {

std::string Draw(const TextSample& sample, std::string_view) {
  return fmt::format("<pre><b>{}</b>{}</pre>\n", EscapeHtml(sample.prompt), EscapeHtml(sample.text));
}

std::string Draw(const TaggedText& text, std::string_view) {
  std::string out;
  for (const auto& sequence : text.sequences) {
    out += "<p class=\"tagged\">";
    for (const TaggedText::Token& token : sequence) {
      const std::string said = EscapeHtml(token.tag);
      const std::string tag = token.right.empty() ? said : fmt::format("<del>{}</del> {}", said, EscapeHtml(token.right));
      const std::string colour = tag.empty() ? "" : fmt::format(" class=\"c{}\"", token.colour % 8);
      out += fmt::format("<span{}>{}<sub>{}</sub></span> ", colour, EscapeHtml(token.text), tag);
    }
    out += "</p>\n";
  }
  return out;
}

std::string Draw(const SoundSample& sound, std::string_view description) {
  return fmt::format("<audio controls aria-label=\"{}\" src=\"data:audio/wav;base64,{}\"></audio>\n",
                     EscapeHtml(std::string(description)), EncodeBase64(sound.wav));
}

std::string Draw(const Table& table, std::string_view) {
  std::string out = "<div class=\"scroll\"><table>\n<tr>";
  for (const std::string& column : table.columns) out += "<th>" + EscapeHtml(column) + "</th>";
  out += "</tr>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (const std::string& cell : row) out += "<td>" + EscapeHtml(cell) + "</td>";
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

// Whether a panel needs the whole width of the page.
bool IsWide(const Panel& panel) {
  return std::holds_alternative<HeatMap>(panel.content) || std::holds_alternative<PianoRollChart>(panel.content) ||
         std::holds_alternative<Table>(panel.content) || std::holds_alternative<TextSample>(panel.content) ||
         std::holds_alternative<TaggedText>(panel.content);
}

std::string RenderPanel(const Panel& panel, const std::string& section) {
  std::string out = fmt::format("<figure class=\"panel{}\">\n", IsWide(panel) ? " wide" : "");
  if (!panel.caption.empty()) out += fmt::format("<h3>{}</h3>\n", EscapeHtml(panel.caption));
  const std::string description = panel.caption.empty() ? section : section + ", " + panel.caption;
  out += std::visit([&](const auto& content) { return Draw(content, description); }, panel.content);
  return out + "</figure>\n";
}

// A single chart stands beside its lesson where the page is wide enough.
std::string RenderSection(const Section& section) {
  const bool beside = section.panels.size() == 1 && !IsWide(section.panels[0]);
  std::string out =
      fmt::format("<section{}>\n<div>\n<h2>{}</h2>\n<p class=\"lesson\">{}</p>\n</div>\n<div class=\"panels\">\n",
                  beside ? " class=\"beside\"" : "", EscapeHtml(section.title), EscapeHtml(section.lesson));
  for (const Panel& panel : section.panels) out += RenderPanel(panel, section.title);
  return out + "</div>\n</section>\n";
}

std::string RenderFacts(const char* style, const std::vector<Fact>& facts) {
  if (facts.empty()) return "";
  std::string out = fmt::format("<dl class=\"{}\">\n", style);
  for (const Fact& fact : facts) {
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", EscapeHtml(fact.label), EscapeHtml(fact.value));
  }
  return out + "</dl>\n";
}

}  // namespace

// The policy forbids the browser to fetch anything, whatever the texts of the user's data hold.
std::string RenderHtml(const Report& report) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
      "'unsafe-inline'; media-src data:\">\n<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n",
      EscapeHtml(report.title), kReportStyle);
  if (!report.verdict.empty()) {
    out += fmt::format("<p class=\"verdict{}\">{}</p>\n", report.lost ? " lost" : "", EscapeHtml(report.verdict));
  }
  out += RenderFacts("figures", report.figures);
  out += RenderFacts("facts", report.facts);
  for (const Section& section : report.sections) out += RenderSection(section);
  out += "<footer>Made by eddy. Point at a chart to read its values.</footer>\n</main>\n<div id=\"tip\" hidden></div>\n";
  return out + fmt::format("<script>{}</script>\n</body>\n</html>\n", kReportScript);
}

void WriteReport(const std::string& path, const Report& report) {
  AtomicFile file(path);
  file.Write(RenderHtml(report));
  file.Commit();
}

}  // namespace eddy
