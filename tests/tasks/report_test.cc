#include "report/report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "data/utf8.h"
#include "eddy/error.h"
#include "report/axis.h"
#include "report/html_text.h"
#include "report/sections.h"

namespace eddy {
namespace report_test {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What an attacker would like to see unescaped, and bytes that are no text.
const std::string kHostile = "<script>alert(\"1\")</script>' onload='x\x01\xff\xc3&";

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

// Every element that is opened is closed, in order.
void ExpectBalanced(const std::string& html) {
  const std::vector<std::string> empty = {"meta", "!DOCTYPE"};
  std::vector<std::string> open;
  for (size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const size_t end = html.find('>', at);
    ASSERT_NE(end, std::string::npos);
    if (html[at + 1] == '/') {
      ASSERT_FALSE(open.empty());
      ASSERT_EQ(open.back(), html.substr(at + 2, end - at - 2));
      open.pop_back();
      continue;
    }
    const std::string name = html.substr(at + 1, html.find_first_of(" >/", at + 1) - at - 1);
    if (html[end - 1] == '/' || std::find(empty.begin(), empty.end(), name) != empty.end()) continue;
    open.push_back(name);
    if (name == "script" || name == "style") at = html.find("</" + name, at) - 1;
  }
  EXPECT_TRUE(open.empty());
}

History SomeHistory() {
  History history{.groups = {kHostile, "layer2"}, .training = {}, .validation = {}};
  for (int i = 1; i <= 300; ++i) {
    history.training.push_back(
        {.step = i, .loss = 1 + 1.0 / i, .rate = 1e-3, .gradient_norm = 1, .group_norms = {1.0 / i, 2}});
  }
  history.training[7].loss = kNan;
  history.training[9].group_norms = {0, kInfinity};
  history.validation = {{100, 1.2}, {200, kNan}, {300, 1.1}};
  return history;
}

Inside SomeInside() {
  Inside inside;
  for (int t = 0; t < 150; ++t) inside.steps.push_back(t % 3 == 0 ? " " : kHostile);
  LayerInside layer{.name = kHostile, .cell = "lstm", .hidden = 5, .survival = {}, .activations = {}, .states = {}};
  for (int t = 0; t < 150; ++t) {
    layer.survival.push_back(std::exp(-t));
    for (int unit = 0; unit < 5; ++unit) layer.states.push_back(unit == 0 ? 0.0f : std::sin(static_cast<float>(t * unit)));
  }
  layer.activations = {{kHostile, 0.2, 0.3}, {"tanh g", 0, 1}};
  inside.layers = {layer, layer};
  return inside;
}

Report WithSections(std::vector<Section> sections) {
  Report report;
  report.sections = std::move(sections);
  return report;
}

Report FullReport() {
  Report report = WithSections(InsideSections(SomeInside()));
  report.title = report.verdict = kHostile;
  report.lost = true;
  report.figures = report.facts = {{kHostile, kHostile}};
  report.sections.push_back(LossSection(SomeHistory(), {{kHostile, 1.5}, {"undefined", kNan}}, kHostile));
  report.sections.push_back(GradientSection(SomeHistory()));
  report.sections.push_back(TextSection({{kHostile, kHostile, kHostile}}));
  report.sections.push_back(
      {kHostile, kHostile, {{kHostile, PianoRollChart{.notes = {{60, 0, 1}, {0, 1.5, 0}, {127, 2, 1}}}}}});
  const ForecastChart chart{.x_label = kHostile,
                            .y_label = kHostile,
                            .history = {1, kNan, 3},
                            .actual = {4, kNan},
                            .median = {4, 5, 6},
                            .low = {3, 4, kNan},
                            .high = {5, 6, kInfinity},
                            .band = kHostile,
                            .times = std::vector<std::string>(6, kHostile)};
  report.sections.push_back(ForecastSection({{kHostile, chart}}));
  report.sections.push_back({kHostile, kHostile, {{kHostile, Table{{kHostile}, {{kHostile}}}}}});
  return report;
}

TEST(ReportTest, texts_of_the_data_never_become_markup) {
  const std::string html = RenderHtml(FullReport());
  EXPECT_EQ(Count(html, "<script"), 1u);  // the report's own
  EXPECT_EQ(Count(html, "alert(\""), 0u);
  EXPECT_EQ(Count(html, "' onload"), 0u);
  EXPECT_GT(Count(html, "&lt;script&gt;alert(&quot;1&quot;)"), 20u);
}

TEST(ReportTest, a_report_is_valid_utf8_whatever_the_data_holds) {
  const std::string html = RenderHtml(FullReport());
  EXPECT_EQ(InvalidUtf8(html), html.size());
  EXPECT_EQ(html.find('\x01'), std::string::npos);
}

TEST(ReportTest, every_element_is_closed) { ExpectBalanced(RenderHtml(FullReport())); }

TEST(ReportTest, an_empty_report_is_whole) {
  ExpectBalanced(RenderHtml({}));
  Report report =
      WithSections({LossSection({}, {}, "nats"), GradientSection({}), TextSection({}), ForecastSection({{"", {}}})});
  for (const Section& section : InsideSections({})) report.sections.push_back(section);
  report.sections.push_back(
      {"", "", {{"", HeatMap{}}, {"", BarChart{}}, {"", Table{}}, {"", LineChart{}}, {"", PianoRollChart{}}}});
  ExpectBalanced(RenderHtml(report));
}

TEST(ReportTest, a_report_refers_to_nothing_outside_itself) {
  const std::string html = RenderHtml(FullReport());
  for (const char* reference : {"http:", "https:", "//", "src=", "href=", "url(", "@import"})
    EXPECT_EQ(Count(html, reference), 0u) << reference;
}

TEST(ReportTest, no_coordinate_is_nan_or_infinite) {
  const std::string html = RenderHtml(FullReport());
  EXPECT_EQ(Count(html, "\"nan"), 0u);
  EXPECT_EQ(Count(html, "nan,"), 0u);
  EXPECT_EQ(Count(html, ",nan"), 0u);
  EXPECT_EQ(Count(html, "inf,"), 0u);
  EXPECT_EQ(Count(html, ",inf"), 0u);
}

TEST(ReportTest, every_section_says_what_to_learn_from_it) {
  for (const Section& section : FullReport().sections) EXPECT_FALSE(section.lesson.empty()) << section.title;
}

TEST(ReportTest, a_cell_without_gates_has_no_section_of_them) {
  Inside inside = SomeInside();
  EXPECT_EQ(InsideSections(inside).size(), 3u);
  for (LayerInside& layer : inside.layers) layer.activations.clear();
  EXPECT_EQ(InsideSections(inside).size(), 2u);
}

TEST(ReportTest, colours_do_not_begin_again_where_there_are_many_curves) {
  const auto html_of = [](size_t curves) {
    LineChart chart{.x_label = "x", .y_label = "y", .curves = {}, .levels = {}};
    for (size_t i = 0; i < curves; ++i) chart.curves.push_back({std::to_string(i), {0, 1}, {1, 2}});
    return RenderHtml(WithSections({{"", "", {{"", chart}}}}));
  };
  // In the picture and in its legend.
  EXPECT_EQ(Count(html_of(8), "\"line c0\""), 2u);
  EXPECT_EQ(Count(html_of(8), "\"line between"), 0u);
  const std::string many = html_of(24);
  EXPECT_EQ(Count(many, "\"line between"), 48u);
  EXPECT_LE(Count(many, "\"line between0\""), 6u);
  EXPECT_EQ(Count(many, "\"line between10\""), 2u);
}

TEST(ReportTest, a_missing_value_breaks_the_line) {
  const LineChart chart{
      .x_label = "x", .y_label = "y", .curves = {{"curve", {0, 1, 2, 3, 4}, {1, 2, kNan, 3, 4}}}, .levels = {}};
  EXPECT_EQ(Count(RenderHtml(WithSections({{"", "", {{"", chart}}}})), "<polyline"), 2u);
}

TEST(ReportTest, a_piano_roll_has_each_note_in_its_bar_and_a_button_that_plays_it) {
  const PianoRollChart chart{.notes = {{60, 0, 1.5}, {70, 7, 1}}, .quarters = 8, .bar = 3, .seconds = 0.4};
  const std::string html = RenderHtml(WithSections({{"", "", {{"", chart}}}}));
  EXPECT_EQ(Count(html, "<title>C4, bar 1, 1.5 quarters</title>"), 1u);
  EXPECT_EQ(Count(html, "<title>A#4, bar 3, 1 quarters</title>"), 1u);
  EXPECT_EQ(Count(html, "data-seconds=\"0.4\" data-notes=\"60,0,1.5 70,7,1 \""), 1u);
}

TEST(ReportTest, the_file_is_written_whole_or_an_error_names_it) {
  const std::string path = testing::TempDir() + "report_test.html";
  WriteReport(path, FullReport());
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  EXPECT_EQ(content.str(), RenderHtml(FullReport()));
  std::filesystem::remove(path);
  try {
    WriteReport("/no/such/directory/report.html", {});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("/no/such/directory/report.html"), std::string::npos) << error.what();
  }
}

TEST(AxisTest, ticks_are_round_and_within_the_axis) {
  for (const double low : {-1e6, -0.3, 0.0, 1e-9, 5.0}) {
    for (const double width : {1e-6, 0.7, 3.0, 12345.0}) {
      Axis axis;
      axis.Include(low);
      axis.Include(low + width);
      axis.SetPixels(0, 100);
      const auto ticks = axis.Ticks(5);
      EXPECT_GE(ticks.size(), 2u) << low << " " << width;
      EXPECT_LE(ticks.size(), 7u) << low << " " << width;
      for (const double tick : ticks) {
        EXPECT_GE(tick, low - 1e-6 * width);
        EXPECT_LE(tick, low + width * (1 + 1e-6));
      }
    }
  }
}

TEST(AxisTest, a_logarithmic_axis_has_powers_of_ten_and_shows_twelve_of_them) {
  Axis axis(true);
  for (const double value : {0.0, -1.0, kNan, kInfinity, 1e-30, 1.0}) axis.Include(value);
  axis.SetPixels(100, 0);
  EXPECT_TRUE(axis.Shows(1));
  EXPECT_FALSE(axis.Shows(0));
  EXPECT_FALSE(axis.Shows(1e-20));
  EXPECT_NEAR(axis.Pixel(1e-6), 50, 1e-6);
  for (const double tick : axis.Ticks(5)) EXPECT_NEAR(std::log10(tick), std::round(std::log10(tick)), 1e-9);
}

TEST(AxisTest, one_value_alone_stands_in_the_middle) {
  for (const double value : {0.0, 3.0, -1e9}) {
    Axis axis;
    axis.Include(value);
    axis.SetPixels(0, 100);
    EXPECT_NEAR(axis.Pixel(value), 50, 1e-6);
  }
}

TEST(ShortNumberTest, numbers_are_short) {
  EXPECT_EQ(ShortNumber(0), "0");
  EXPECT_EQ(ShortNumber(1.23456), "1.235");
  EXPECT_EQ(ShortNumber(45000), "45k");
  EXPECT_EQ(ShortNumber(-1234567), "-1.235M");
  EXPECT_EQ(ShortNumber(1e-5), "1e-5");
  EXPECT_EQ(ShortNumber(1e-12), "1e-12");
  EXPECT_EQ(ShortNumber(kNan), "none");
}

}  // namespace report_test
}  // namespace eddy
