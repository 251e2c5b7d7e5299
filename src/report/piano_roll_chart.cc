#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "report/chart.h"
#include "report/svg.h"

namespace eddy {
namespace {

constexpr double kRollLeft = 36, kRollTop = 6, kKeyHeight = 6, kBase = 24;
constexpr int kAround = 2;  // keys above and below the notes
constexpr const char* kNames[] = {"C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"};

// A MIDI number may stand outside 0 to 127 here, at the edge of the picture.
size_t NameOf(int key) { return static_cast<size_t>((key % 12 + 12) % 12); }
bool IsBlack(int key) { return kNames[NameOf(key)][1] == '#'; }
std::string NoteName(int key) { return fmt::format("{}{}", kNames[NameOf(key)], key / 12 - 1); }

std::string PlayButton(const PianoRollChart& chart) {
  std::string notes;
  for (const PianoRollChart::Note& note : chart.notes) {
    fmt::format_to(std::back_inserter(notes), "{},{:.4g},{:.4g} ", note.key, note.begin, note.length);
  }
  return fmt::format("<button type=\"button\" class=\"play\" data-seconds=\"{:.4g}\" data-notes=\"{}\">Play</button>\n",
                     chart.seconds, notes);
}

}  // namespace

std::string Draw(const PianoRollChart& chart, std::string_view description) {
  int low = 127, high = 0;
  for (const PianoRollChart::Note& note : chart.notes) {
    low = std::min(low, note.key);
    high = std::max(high, note.key);
  }
  if (chart.notes.empty()) low = high = 60;
  low -= kAround;
  high += kAround;
  const double quarter = std::clamp(1050.0 / std::max(1.0, chart.quarters), 8.0, 40.0);
  const double width = kRollLeft + quarter * chart.quarters + 8, base = kRollTop + kKeyHeight * (high - low + 1);
  const auto y_of = [&](int key) { return kRollTop + kKeyHeight * (high - key); };
  const auto x_of = [&](double time) { return kRollLeft + quarter * time; };
  Svg svg(width, base + kBase, description, true);
  for (int key = low; key <= high; ++key) {
    if (IsBlack(key)) svg.Rectangle("black", {kRollLeft, y_of(key)}, quarter * chart.quarters, kKeyHeight, "");
    if (NameOf(key) == 0) svg.Text("tick", {kRollLeft - 6, y_of(key) + kKeyHeight}, Svg::Anchor::kEnd, NoteName(key));
  }
  const double bar = std::max(chart.bar, 1.0 / 32);
  int number = 1;
  for (double at = 0; at <= chart.quarters && number <= 1000; at += bar, ++number) {
    svg.Line("grid", {x_of(at), kRollTop}, {x_of(at), base});
    if (at < chart.quarters) svg.Text("tick", {x_of(at) + 3, base + 15}, Svg::Anchor::kStart, fmt::format("{}", number));
  }
  for (const PianoRollChart::Note& note : chart.notes) {
    svg.Rectangle(
        "note", {x_of(note.begin), y_of(note.key) + 0.5}, std::max(1.5, quarter * note.length - 1), kKeyHeight - 1,
        fmt::format("{}, bar {:.0f}, {:.3g} quarters", NoteName(note.key), std::floor(note.begin / bar) + 1, note.length));
  }
  return PlayButton(chart) + "<div class=\"scroll\">" + std::move(svg).Finish() + "</div>\n";
}

}  // namespace eddy
