#include "data/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/nearest.h"
#include "data/excerpt.h"
#include "data/read_file.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::string_view kSeparators = ",;\t|";  // the first of equals is taken

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// The separator that the first line has most of, outside quotes.
char SniffSeparator(std::string_view text) {
  std::array<size_t, kSeparators.size()> count = {};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    if (const size_t i = kSeparators.find(c); i != std::string_view::npos) ++count[i];
  }
  return kSeparators[static_cast<size_t>(std::max_element(count.begin(), count.end()) - count.begin())];
}

// Walks over the cells of a text.
class Cells {
 public:
  Cells(std::string_view text, char separator, std::string_view source)
      : rest_(text), separator_(separator), source_(source) {}

  bool done() const { return rest_.empty(); }
  uint32_t line() const { return line_; }

  // Appends the next cell to `out`; returns whether it is the last of its row.
  bool Next(std::string& out) {
    const size_t blank = std::min(rest_.find_first_not_of(' '), rest_.size());
    if (rest_.substr(blank).starts_with('"')) {
      rest_.remove_prefix(blank);
      Quoted(out);
    } else {
      const size_t end = std::min(rest_.find_first_of(Stops()), rest_.size());
      out += Trim(rest_.substr(0, end));
      rest_.remove_prefix(end);
    }
    return EndCell();
  }

 private:
  std::string_view Stops() const { return {stops_.data(), stops_.size()}; }

  void Quoted(std::string& out) {
    const uint32_t opened = line_;
    rest_.remove_prefix(1);
    while (true) {
      const size_t end = rest_.find('"');
      if (end == std::string_view::npos) {
        Fail("read", fmt::format("{} line {}", source_, opened), "closed where a quoted cell ends",
             "open to the end of the file");
      }
      const std::string_view part = rest_.substr(0, end);
      line_ += static_cast<uint32_t>(std::count(part.begin(), part.end(), '\n'));
      out += part;
      rest_.remove_prefix(end + 1);
      if (!rest_.starts_with('"')) break;
      out += '"';  // doubled: a quote in the cell
      rest_.remove_prefix(1);
    }
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    if (!rest_.empty() && Stops().find(rest_[0]) == std::string_view::npos) {
      Fail("read", fmt::format("{} line {}", source_, line_), "a separator or line end after a quoted cell",
           Excerpt(rest_.substr(0, 20)));
    }
  }

  bool EndCell() {
    if (rest_.empty()) return true;
    const char stop = rest_[0];
    rest_.remove_prefix(stop == '\r' && rest_.starts_with("\r\n") ? 2 : 1);
    if (stop == separator_) return false;
    ++line_;
    return true;
  }

  std::string_view rest_;
  char separator_;
  std::string_view source_;
  std::array<char, 3> stops_ = {separator_, '\n', '\r'};
  uint32_t line_ = 1;
};

void RequireTable(std::string_view text, std::string_view source) {
  Require(!text.empty(), "read", source, "a table with a header line", "empty");
  Require(text.size() <= kMostFileBytes, "read", source, "a table of at most 1 GiB", "larger");
  size_t wrong = std::min(text.find('\0'), InvalidUtf8(text));
  if (wrong < text.size()) {
    Fail("read", source, "UTF-8 text",
         fmt::format("byte 0x{:02X} on line {}", static_cast<uint8_t>(text[wrong]), LineOf(text, wrong)));
  }
}

// Names of columns, with the messages that a header which is none deserves.
void RequireNames(const std::vector<std::string>& names, std::string_view source) {
  if (std::all_of(names.begin(), names.end(), [](const std::string& name) { return name.empty(); })) {
    Fail("read", fmt::format("{} line 1", source), "a header with the names of columns", "blank");
  }
  if (std::all_of(names.begin(), names.end(), [](const std::string& name) { return ParseNumber(name); })) {
    Fail("read", fmt::format("{} line 1", source), "a header with the names of columns",
         fmt::format("numbers, such as {}", Excerpt(names[0])));
  }
}

}  // namespace

bool IsMissing(std::string_view cell) {
  constexpr std::array<std::string_view, 20> kMissing = {"na",    "n/a",   "n.a.",    "nan",     "nat",    "null",  "none",
                                                         "<na>",  "#n/a",  "#na",     "?",       ".",      "-",     "--",
                                                         "#num!", "#ref!", "#value!", "#div/0!", "#name?", "#null!"};
  if (cell.empty()) return true;
  if (cell.size() > 7) return false;
  std::string lower(cell);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::find(kMissing.begin(), kMissing.end(), lower) != kMissing.end();
}

std::optional<double> ParseNumber(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::string CsvCell(std::string_view text) {
  const bool plain = text.find_first_of(",;\t|\"\n\r") == std::string_view::npos && Trim(text) == text;
  if (plain) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) {
    cell += c;
    if (c == '"') cell += c;
  }
  return cell + '"';
}

CsvTable ParseCsv(std::string_view text, std::string_view source, const CsvFormat& format) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  RequireTable(text, source);

  CsvTable table;
  table.source_ = source;
  table.separator_ = format.separator != '\0' ? format.separator : SniffSeparator(text);
  Cells cells(text, table.separator_, source);
  for (bool last = false; !last;) last = cells.Next(table.names_.emplace_back());
  if (format.header) {
    RequireNames(table.names_, source);
  } else {
    for (size_t i = 0; i < table.names_.size(); ++i) table.names_[i] = std::to_string(i + 1);
    cells = Cells(text, table.separator_, source);  // the first line again, as a row
  }

  const size_t columns = table.columns();
  while (!cells.done()) {
    const uint32_t line = cells.line();
    const size_t first = table.cells_.size();
    const size_t begin = table.text_.size();
    for (bool last = false; !last;) {
      last = cells.Next(table.text_);
      table.cells_.push_back(static_cast<uint32_t>(table.text_.size()));
    }
    const size_t found = table.cells_.size() - first;
    if (found == 1 && columns > 1 && table.text_.size() == begin) {  // a blank line
      table.cells_.pop_back();
      continue;
    }
    if (found != columns) {
      Fail("read", fmt::format("{} line {}", source, line), fmt::format("of {} cells, as the header", columns),
           fmt::format("of {}", found));
    }
    table.lines_.push_back(line);
  }
  while (columns == 1 && table.rows() > 0 && table.cell(table.rows() - 1, 0).empty()) {
    table.lines_.pop_back();
    table.cells_.pop_back();
  }
  Require(table.rows() > 0, "read", source, "a table with rows below its header", "without");
  return table;
}

CsvTable ReadCsv(const std::string& path) { return ParseCsv(ReadFile(path), path); }

size_t FindColumn(const std::vector<std::string>& names, std::string_view name, std::string_view source) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<size_t>(found - names.begin());
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string nearest = Nearest(name, candidates);
  std::string listed;
  for (size_t i = 0; i < names.size() && i < 8; ++i) listed += (i > 0 ? ", " : "") + Excerpt(names[i]);
  if (names.size() > 8) listed += fmt::format(" and {} more", names.size() - 8);
  Fail("read", fmt::format("column {}", Excerpt(name)), fmt::format("a column of {} ({})", source, listed),
       nearest.empty() ? "none" : fmt::format("none (did you mean {}?)", Excerpt(nearest)));
}

size_t CsvTable::Find(std::string_view name) const {
  const size_t column = FindColumn(names_, name, source_);
  if (std::find(names_.begin() + static_cast<ptrdiff_t>(column) + 1, names_.end(), name) != names_.end()) {
    Fail("read", fmt::format("column {}", Excerpt(name)), fmt::format("one column of {}", source_), "the name of several");
  }
  return column;
}

std::string_view CsvTable::cell(size_t row, size_t column) const {
  const size_t i = row * columns() + column;
  const size_t begin = i == 0 ? 0 : cells_[i - 1];
  return std::string_view(text_).substr(begin, cells_[i] - begin);
}

double CsvTable::Number(size_t row, size_t column) const {
  const std::string_view text = Trim(cell(row, column));
  if (IsMissing(text)) return std::numeric_limits<double>::quiet_NaN();
  if (const std::optional<double> number = ParseNumber(text)) return *number;
  if (separator_ == ';' && text.find('.') == std::string_view::npos) {
    std::string point(text);
    std::replace(point.begin(), point.end(), ',', '.');
    if (const std::optional<double> number = ParseNumber(point)) return *number;
  }
  Fail("read", fmt::format("{} line {} column {}", source_, line(row), Excerpt(names_[column])), "a finite number",
       Excerpt(text));
}

}  // namespace eddy
