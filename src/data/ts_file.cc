#include "data/ts_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "data/csv.h"
#include "data/example_builder.h"
#include "data/excerpt.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::string_view kBlank = " \t\r";

// Takes what is before the first of `ends` off the front of `text`, and that character.
std::string_view TakeUntil(std::string_view& text, std::string_view ends) {
  const std::string_view taken = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(std::min(taken.size() + 1, text.size()));
  return taken;
}

std::string_view Trim(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(kBlank), text.size());
  return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

// What stands before @data.
struct Header {
  bool labelled = false;
  bool data = false;  // whether @data was reached

  void Read(std::string_view line, const std::string& place) {
    const std::string tag = Lower(TakeUntil(line, kBlank));
    std::string_view rest = Trim(line);
    const std::string value = Lower(TakeUntil(rest, kBlank));
    if (tag == "@data") data = true;
    if (tag == "@classlabel") labelled = value == "true";
    Require(tag != "@timestamps" || value != "true", "read", place, "series without time stamps", "with them");
    Require(tag != "@targetlabel" || value != "true", "read", place, "classes", "numbers to predict (@targetLabel)");
    Require(tag.starts_with('@'), "read", place, "a tag such as @data", Excerpt(tag));
  }
};

std::vector<double> Numbers(std::string_view column, const std::string& place) {
  std::vector<double> numbers;
  while (!column.empty()) {
    const std::string_view cell = Trim(TakeUntil(column, ","));
    const std::optional<double> number = ParseNumber(cell);
    if (!number && cell != "?" && !IsMissing(cell)) Fail("read", place, "of finite numbers", "with " + Excerpt(cell));
    numbers.push_back(number.value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return numbers;
}

ExampleRow ReadRow(std::string_view line, const std::string& place, bool labelled, bool wanted) {
  ExampleRow row;
  row.place = place;
  if (labelled) {
    const size_t colon = line.rfind(':');
    if (colon == std::string_view::npos) Fail("read", place, "with a label after the last colon", "without a colon");
    if (wanted) row.label = Trim(line.substr(colon + 1));
    line = line.substr(0, colon);
  }
  while (!line.empty()) row.values.push_back(Numbers(TakeUntil(line, ":"), place));
  return row;
}

// Columns of one example may differ in length in these archives: the shorter ones hold their last value.
void HoldLastValues(ExampleRow& row) {
  size_t steps = 0;
  for (const auto& column : row.values) steps = std::max(steps, column.size());
  for (auto& column : row.values) column.resize(steps, std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

ExampleSet ParseTsFile(std::string_view text, std::string_view source, const ExampleFields& fields) {
  if (const size_t wrong = InvalidUtf8(text); wrong < text.size()) {
    Fail("read", source, "UTF-8 text", fmt::format("not, on line {}", LineOf(text, wrong)));
  }
  Require(!fields.is_text(), "read", source, "read as series, without a column of text", "with one");
  Header header;
  ExampleBuilder builder(fields, source);
  for (size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = Trim(TakeUntil(text, "\n"));
    if (line.empty() || line.starts_with('#')) continue;
    const std::string place = fmt::format("{} line {}", source, number);
    if (!header.data) {
      header.Read(line, place);
      continue;
    }
    ExampleRow row = ReadRow(line, place, header.labelled, !fields.label.empty());
    Require(!row.values.empty(), "read", place, "with numbers", "without");
    HoldLastValues(row);
    builder.Add(std::move(row));
  }
  Require(header.data, "read", source, "a .ts file with @data", "without");
  return std::move(builder).Finish();
}

}  // namespace eddy
