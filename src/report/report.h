// Report: what a training run was like and what the network does, as a person wants to see it. A task fills one, from its
// own figures and from the ready sections of report_sections.h; WriteReport makes one HTML file of it that needs nothing
// else: no network, no scripts from elsewhere.
//
//     Report report{.title = "Shakespeare", .figures = {{"network", "1.48"}, {"5-gram", "1.71"}}};
//     report.verdict = CompareToFloor(...);                    // one honest sentence
//     report.facts = {{"Cell", "lstm, 2 layers of 512"}, ...};
//     report.sections.push_back(LossSection(history, ...));
//     WriteReport("book.html", report);
//
// Texts are plain UTF-8: they are escaped when they are written, and bytes that are not UTF-8 are replaced.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace eddy {

struct Fact {
  std::string label;
  std::string value;
};

// Points joined by a line, in the order given; x and y have the same size. A point that is not finite, or not above 0 on a
// logarithmic axis, breaks the line.
struct Curve {
  std::string name;
  std::vector<double> x, y;
};

struct LineChart {
  std::string x_label, y_label;
  std::vector<Curve> curves;                           // more than 8, levels included, shade from blue to orange in order
  std::vector<std::pair<std::string, double>> levels;  // dashed horizontal lines, such as floors
  bool logarithmic = false;                            // the y axis
};

// A bar for each name, of parts one after another.
struct BarChart {
  std::string label;               // of the values
  std::vector<std::string> parts;  // names of the parts
  struct Bar {
    std::string name;
    std::vector<double> values;  // of the parts, each at least 0
  };
  std::vector<Bar> bars;
  double limit = 0;  // where the axis ends; 0 for the longest bar
};

// Values [rows, columns] as colours from -limit (one hue) over 0 (the background) to limit (another hue).
struct HeatMap {
  std::string row_label, column_label;
  size_t rows = 0, columns = 0;
  std::vector<double> values;
  std::vector<std::string> column_names;  // under the columns, one each or none at all
  double limit = 1;
};

// How much a token that was written (a row) attends to each that was read (a column).
struct AlignmentMap {
  std::vector<std::string> rows, columns;
  std::vector<double> weights;  // [rows, columns], from 0 to 1
};

// Text that a network wrote after a prompt.
struct TextSample {
  std::string caption;  // how it was made, such as "temperature 0.8"
  std::string prompt;
  std::string text;
};

// Sequences of tokens, each with the tag that it was given.
struct TaggedText {
  struct Token {
    std::string text;
    std::string tag;    // empty for one that is not worth showing
    size_t colour = 0;  // tags of one number have one colour, of which there are 8
    std::string right;  // the right tag where the given one is wrong; empty otherwise
  };
  std::vector<std::vector<Token>> sequences;
};

// The end of a series, what was forecast from there, and what then happened. Missing values are NaN. Position 0 is the first
// value of `history`; `actual` and the forecasts follow it.
struct ForecastChart {
  std::string x_label, y_label;
  std::vector<double> history;
  std::vector<double> actual;  // what happened, as far as it is known; may be empty
  std::vector<double> median, low, high;
  std::string band;                // such as "0.1 to 0.9 quantile"
  std::vector<std::string> times;  // of all positions, or none at all
};

// Sound, which the page plays.
struct SoundSample {
  std::string wav;  // the bytes of a wav file
};

// Notes over time, which the page plays.
struct PianoRollChart {
  struct Note {
    int key = 60;                  // as MIDI numbers them
    double begin = 0, length = 1;  // in quarter notes
  };
  std::vector<Note> notes;
  double quarters = 1;   // that are shown
  double bar = 4;        // quarters between two lines
  double seconds = 0.5;  // a quarter
};

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // each as wide as `columns`
};

struct Panel {
  std::string caption;  // such as "layer 1"; may be empty
  std::variant<LineChart, BarChart, HeatMap, AlignmentMap, TextSample, TaggedText, ForecastChart, PianoRollChart, Table,
               SoundSample>
      content;
};

struct Section {
  std::string title;
  std::string lesson;  // one plain sentence: what a person learns from it
  std::vector<Panel> panels;
};

struct Report {
  std::string title;
  std::string verdict;        // one sentence on the network and its floors
  bool lost = false;          // whether the verdict is that the network lost
  std::vector<Fact> figures;  // a few large numbers: the network's beside its floors
  std::vector<Fact> facts;    // model, data, training
  std::vector<Section> sections;
};

std::string RenderHtml(const Report& report);

// Writes RenderHtml(report) whole or not at all. Throws Error when it cannot.
void WriteReport(const std::string& path, const Report& report);

}  // namespace eddy
