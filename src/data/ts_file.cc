#include "data/ts_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "base/ascii.h"
#include "data/csv.h"
#include "data/example_builder.h"
#include "data/excerpt.h"
#include "data/tokenizer.h"
#include "eddy/error.h"

namespace eddy {
namespace {

// Takes what is before the first of `ends` off the front of `text`, and that character.
std::string_view TakeUntil(std::string_view& text, std::string_view ends) {
  const std::string_view taken = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(std::min(taken.size() + 1, text.size()));
  return taken;
}

size_t Count(std::string_view value, std::string_view tag, const std::string& place) {
  size_t count = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
  if (error != std::errc() || end != value.data() + value.size() || count == 0) {
    Fail("read", place, fmt::format("{} and a whole number above 0", tag), Excerpt(value));
  }
  return count;
}

// What stands before @data.
struct Header {
  bool labelled = false;
  bool data = false;  // whether @data was reached
  bool missing = true, equal = false;
  std::set<std::string, std::less<>> classes;  // none where they are not told
  size_t columns = 0, steps = 0;               // 0 where they are not told

  void Read(std::string_view line, const std::string& place) {
    const std::string tag = Lower(TakeUntil(line, kBlank));
    std::string_view rest = Trim(line);
    const std::string value = Lower(TakeUntil(rest, kBlank));
    if (tag == "@data") data = true;
    if (tag == "@classlabel") labelled = value == "true";
    if (tag == "@classlabel") ReadClasses(rest);
    if (tag == "@univariate" && value == "true") columns = 1;
    if (tag == "@dimensions" || tag == "@dimension") columns = Count(value, tag, place);
    if (tag == "@equallength") equal = value == "true";
    if (tag == "@serieslength") steps = Count(value, tag, place);
    if (tag == "@missing") missing = value != "false";
    Require(tag != "@timestamps" || value != "true", "read", place, "series without time stamps", "with them");
    Require(tag != "@targetlabel" || value != "true", "read", place, "classes",
            "numbers to predict (@targetLabel), which is regression");
    Require(tag.starts_with('@'), "read", place, "a tag such as @data", Excerpt(tag));
  }

  void ReadClasses(std::string_view names) {
    for (names = Trim(names); !names.empty(); names = Trim(names)) classes.emplace(TakeUntil(names, kBlank));
  }

  // Throws Error for an example that is not as told; takes up what the first one decides.
  void Check(const ExampleRow& row) {
    const auto require = [&](size_t found, size_t told, std::string_view what) {
      if (told > 0 && found != told) {
        Fail("read", row.place, fmt::format("of {} {}, as the header says", told, what), fmt::format("of {}", found));
      }
    };
    require(row.values.size(), columns, "columns");
    if (equal || steps > 0) {
      for (const std::vector<double>& column : row.values) require(column.size(), steps, "steps");
    }
    if (equal && steps == 0) steps = row.values.front().size();
    if (!row.label.empty() && !classes.empty() && !classes.contains(row.label)) {
      Fail("read", row.place, fmt::format("of one of the {} classes of the header", classes.size()), Excerpt(row.label));
    }
  }
};

bool HasMissing(const ExampleRow& row) {
  return std::any_of(row.values.begin(), row.values.end(), [](const std::vector<double>& column) {
    return std::any_of(column.begin(), column.end(), [](double x) { return std::isnan(x); });
  });
}

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
  Require(!fields.is_text(), "read", source, "read as series, without a column of text", "with one");
  Header header;
  ExampleBuilder builder(fields, source);
  size_t first_missing = 0;  // the line, where @missing is false
  for (size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = Trim(TakeUntil(text, "\n"));
    if (line.empty() || line.starts_with('#')) continue;
    const std::string place = fmt::format("{} line {}", source, number);
    if (!header.data) {
      RequireText(line, TextUnit::kCharacters, place);
      header.Read(line, place);
      continue;
    }
    builder.sieve().Take([&] {
      RequireText(line, TextUnit::kCharacters, place);
      ExampleRow row = ReadRow(line, place, header.labelled, !fields.label.empty());
      Require(!row.values.empty(), "read", place, "with numbers", "without");
      header.Check(row);
      if (first_missing == 0 && !header.missing && HasMissing(row)) first_missing = number;
      HoldLastValues(row);
      builder.Add(row);
    });
  }
  Require(header.data, "read", source, "a .ts file with @data", "without");
  ExampleSet set = std::move(builder).Finish("a .ts file");
  if (first_missing > 0) {
    set.reading.notes.push_back(
        fmt::format("line {} has missing values, though the header says @missing false", first_missing));
  }
  return set;
}

}  // namespace eddy
