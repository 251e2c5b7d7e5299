#include "data/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/ascii.h"
#include "base/counted.h"
#include "base/nearest.h"
#include "data/encoding.h"
#include "data/excerpt.h"
#include "data/read_file.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::string_view kSeparators = ",;\t|";  // the first of equals is taken

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
    if (rest_.substr(blank).starts_with('"') && (separator_ != '\t' || IsQuoted(rest_.substr(blank)))) {
      rest_.remove_prefix(blank);
      Quoted(out);
    } else {
      const size_t end = std::min(rest_.find_first_of(Stops()), rest_.size());
      out += Trim(rest_.substr(0, end));
      rest_.remove_prefix(end);
    }
    return EndCell();
  }

  // Goes on behind the line at the front.
  void SkipLine() {
    rest_.remove_prefix(std::min(rest_.find_first_of("\r\n"), rest_.size()));
    if (!rest_.empty()) EndCell();
  }

 private:
  std::string_view Stops() const { return {stops_.data(), stops_.size()}; }

  // Whether the quote at the front of `text` is closed where a cell between tabs ends. A cell may have line ends in it, but
  // not behind a tab: the quote would rather be the first letter of a cell on one line.
  bool IsQuoted(std::string_view text) const {
    bool tab = false;
    for (size_t i = 1; i < text.size(); ++i) {
      tab |= text[i] == '\t';
      if (text[i] == '\n' && tab) return false;
      if (text[i] != '"') continue;
      if (i + 1 < text.size() && text[i + 1] == '"') {
        ++i;  // doubled
        continue;
      }
      const size_t end = std::min(text.find_first_not_of(' ', i + 1), text.size());
      return end == text.size() || Stops().find(text[end]) != std::string_view::npos;
    }
    return false;
  }

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

std::string NotUtf8(std::string_view text, size_t wrong) {
  return fmt::format("byte 0x{:02X} on line {}", static_cast<uint8_t>(text[wrong]), LineOf(text, wrong));
}

// Returns whether the text is UTF-8 throughout.
bool RequireTable(std::string_view text, std::string_view source, bool strict) {
  Require(!text.empty(), "read", source, "a table with a header line", "empty");
  Require(text.size() <= kMostFileBytes, "read", source, "a table of at most 1 GiB", "larger");
  RequireNoZero(text, source);
  const size_t wrong = InvalidUtf8(text);
  if (strict && wrong < text.size()) Fail("read", source, "UTF-8 text", NotUtf8(text, wrong));
  return wrong == text.size();
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

// Of the columns without a name, such as that of an index.
void NameByNumber(std::vector<std::string>& names) {
  for (size_t i = 0; i < names.size(); ++i) {
    std::string number = std::to_string(i + 1);
    const bool taken = std::find(names.begin(), names.end(), number) != names.end();
    if (names[i].empty() && !taken) names[i] = std::move(number);
  }
}

}  // namespace

bool IsMissing(std::string_view cell) {
  constexpr std::array<std::string_view, 20> kMissing = {"na",    "n/a",   "n.a.",    "nan",     "nat",    "null",  "none",
                                                         "<na>",  "#n/a",  "#na",     "?",       ".",      "-",     "--",
                                                         "#num!", "#ref!", "#value!", "#div/0!", "#name?", "#null!"};
  if (cell.empty()) return true;
  if (cell.size() > 7) return false;
  const std::string lower = Lower(cell);
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
  const bool valid = RequireTable(text, source, format.bad.strict);

  CsvTable table(format.bad, source);
  table.separator_ = format.separator != '\0' ? format.separator : SniffSeparator(text);
  Cells cells(text, table.separator_, source);
  for (bool last = false; !last;) last = cells.Next(table.names_.emplace_back());
  for (const std::string& name : table.names_) {
    if (!valid && InvalidUtf8(name) < name.size()) Fail("read", fmt::format("{} line 1", source), "UTF-8 text", "not");
  }
  if (format.header) {
    RequireNames(table.names_, source);
    NameByNumber(table.names_);
  } else {
    for (size_t i = 0; i < table.names_.size(); ++i) table.names_[i] = std::to_string(i + 1);
    cells = Cells(text, table.separator_, source);  // the first line again, as a row
  }

  const size_t columns = table.columns();
  table.text_.reserve(text.size());
  const auto lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  table.lines_.reserve(lines);
  table.cells_.reserve(lines * columns);
  while (!cells.done()) {
    const Cells row = cells;
    const size_t first = table.cells_.size(), begin = table.text_.size();
    const auto read = [&] {
      for (bool last = false; !last;) {
        last = cells.Next(table.text_);
        table.cells_.push_back(static_cast<uint32_t>(table.text_.size()));
      }
      const size_t found = table.cells_.size() - first;
      const bool blank = found == 1 && columns > 1 && table.text_.size() == begin;
      if (found != columns && !blank) {
        Fail("read", fmt::format("{} line {}", source, row.line()),
             fmt::format("of {}, as the header", Counted(columns, "cell")), fmt::format("of {}", found));
      }
      if (!valid && InvalidUtf8(std::string_view(table.text_).substr(begin)) < table.text_.size() - begin) {
        Fail("read", fmt::format("{} line {}", source, row.line()), "UTF-8 text", "something else");
      }
    };
    if (!table.sieve_.Take(read)) {  // the lines behind its first may be good
      cells = row;
      cells.SkipLine();
      table.cells_.resize(first);
      table.text_.resize(begin);
    } else if (table.cells_.size() == first + 1 && columns > 1) {  // a blank line
      table.cells_.pop_back();
      table.sieve_.Forget();
    } else {
      table.lines_.push_back(row.line());
    }
  }
  while (columns == 1 && table.rows() > 0 && table.cell(table.rows() - 1, 0).empty()) {
    table.lines_.pop_back();
    table.cells_.pop_back();
    table.sieve_.Forget();
  }
  if (table.rows() == 0) table.sieve_.Finish();  // which says why, where there were any
  Require(table.rows() > 0, "read", source, "a table with rows below its header", "without");
  return table;
}

CsvTable ReadCsv(const std::string& path) { return ParseCsv(ReadDecoded(path).text, path); }

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
