#include "data/examples.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/ascii.h"
#include "data/class_folder.h"
#include "data/encoding.h"
#include "data/example_lines.h"
#include "data/example_table.h"
#include "data/label_lines.h"
#include "data/numbered_columns.h"
#include "data/row_table.h"
#include "data/ts_file.h"

namespace eddy {
namespace {

enum class ExampleFormat { kTs, kJson, kLabelLines, kTable };

bool IsJson(std::string_view text) {
  const auto next = [&] {
    text.remove_prefix(std::min(text.find_first_not_of(kJsonBlank), text.size()));
    const char first = text.empty() ? '\0' : text[0];
    text.remove_prefix(text.empty() ? 0 : 1);
    return first;
  };
  const char first = next(), second = next();
  return (first == '{' && (second == '"' || second == '}')) || (first == '[' && second == '{');
}

ExampleFormat FormatOf(std::string_view text, const std::string& path) {
  if (path.ends_with(".ts")) return ExampleFormat::kTs;
  const bool json = path.ends_with(".jsonl") || path.ends_with(".ndjson") || path.ends_with(".json");
  if (json || IsJson(text)) return ExampleFormat::kJson;
  const size_t begin = std::min(text.find_first_not_of(kJsonBlank), text.size());
  return text.substr(begin).starts_with(kLabelPrefix) ? ExampleFormat::kLabelLines : ExampleFormat::kTable;
}

bool IsRowTable(const ExampleFields& fields) {
  return fields.along_rows || (!fields.is_text() && fields.columns.empty() && fields.series.empty());
}

char SeparatorFor(const std::string& path) { return path.ends_with(".tsv") ? '\t' : '\0'; }

// The header and the row behind it, as a table; none where they are not one.
std::optional<CsvTable> BeginningOf(std::string_view text, const std::string& path) {
  size_t end = 0;
  for (int lines = 0; lines < 2 && end < text.size(); ++lines) end = std::min(text.find('\n', end), text.size() - 1) + 1;
  try {
    return ParseCsv(text.substr(0, end), path, {SeparatorFor(path), /*header=*/true, BadLines{.strict = true}});
  } catch (const Error&) {  // what is wrong is said where the table is read
    return std::nullopt;
  }
}

// All columns of numbers but the label, the numbered ones by their name.
std::vector<std::string> ColumnsOfNumbers(const CsvTable& table, const std::string& label,
                                          const std::vector<NumberedColumns>& numbered) {
  std::vector<std::string> columns;
  for (size_t i = 0; i < table.columns(); ++i) {
    std::string name = table.names()[i];
    if (name == label || !ParseNumber(table.cell(0, i))) continue;
    for (const NumberedColumns& each : numbered) {
      if (std::find(each.columns.begin(), each.columns.end(), name) != each.columns.end()) name = each.name;
    }
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
  }
  return columns;
}

// Of a table whose rows may be series with their steps in numbered columns.
ExampleFields CompleteSteps(std::string_view text, const std::string& path, ExampleFields fields) {
  if (!fields.header || fields.is_text() || !fields.series.empty()) return fields;
  const std::optional<CsvTable> table = BeginningOf(text, path);
  if (!table) return fields;
  std::vector<NumberedColumns> numbered = FindNumbered(table->names());
  std::erase_if(numbered, [&](const NumberedColumns& each) {
    return std::find(each.columns.begin(), each.columns.end(), fields.label) != each.columns.end();
  });
  std::vector<std::string> columns = fields.columns;
  const bool alike = std::all_of(numbered.begin(), numbered.end(), [&](const NumberedColumns& each) {
    return each.columns.size() == numbered.front().columns.size();
  });
  if (columns.empty() && numbered.size() >= 2 && alike) columns = ColumnsOfNumbers(*table, fields.label, numbered);
  if (columns.empty()) return fields;
  if (auto steps = StepsInColumns(columns, table->names(), fields.newest_first, path)) {
    fields.steps = std::move(*steps);
    fields.columns = std::move(columns);
  }
  return fields;
}

}  // namespace

std::string_view Example::text() const { return set_->texts_.empty() ? std::string_view() : set_->texts_[i_]; }
std::span<const double> Example::values() const {
  return set_->values_.empty() ? std::span<const double>() : set_->values_[i_];
}
std::string Example::label() const { return set_->labels_[i_]; }
std::string Example::place() const { return set_->places_[i_]; }

void ExampleSet::ReserveSentences(size_t count, size_t bytes) {
  texts_.Reserve(count, bytes);
  labels_.Reserve(count);
  places_.Reserve(count);
}

void ExampleSet::AddSentence(std::string_view text, std::string_view label, std::string_view place) {
  texts_.Add(text);
  labels_.Add(label);
  places_.Add(place);
}

void ExampleSet::AddSeries(std::span<const double> values, std::string_view label, std::string_view place) {
  values_.Add(values);
  labels_.Add(label);
  places_.Add(place);
}

ExampleSet ExampleSet::TakeOut(std::span<const size_t> places) {
  ExampleSet taken(source, columns);
  taken.reading = reading;
  taken.texts_ = texts_.TakeOut(places);
  taken.values_ = values_.TakeOut(places);
  taken.labels_ = labels_.TakeOut(places);
  taken.places_ = places_.TakeOut(places);
  return taken;
}

ExampleSet ReadExamples(const Data& data, const ExampleFields& fields) {
  const std::string& path = data.name();
  Require(fields.time.empty() || !fields.series.empty(), "read", "a column of time", "of series whose steps are rows",
          "without the column that tells them apart");
  std::error_code error;
  if (!data.in_memory() && std::filesystem::is_directory(path, error)) return ReadClassFolder(path, fields);
  DecodedText decoded = ReadDecoded(data);
  const auto read = [&](std::string_view text) {
    switch (FormatOf(text, path)) {
      case ExampleFormat::kTs:
        return ParseTsFile(text, path, fields);
      case ExampleFormat::kJson:
        return ParseExampleLines(text, path, fields);
      case ExampleFormat::kLabelLines:
        if (fields.is_text()) return ParseLabelLines(text, path, fields);
        break;
      case ExampleFormat::kTable:
        break;
    }
    if (IsRowTable(fields)) return ParseRowTable(text, path, fields.along_rows ? fields : CompleteRowFields(text, fields));
    const CsvTable table = ParseCsv(text, path, {SeparatorFor(path), fields.header, fields.bad_lines});
    std::string().swap(decoded.text);  // the table has it: no third copy
    return ExamplesOf(table, fields);
  };
  ExampleSet set = read(decoded.text);
  set.reading.encoding = decoded.encoding;
  return set;
}

ExampleFields CompleteFields(const Data& data, ExampleFields fields) {
  const std::string& path = data.name();
  const auto set_if_empty = [](std::string& field, const char* value) {
    if (field.empty()) field = value;
  };
  std::error_code error;
  if (!data.in_memory() && std::filesystem::is_directory(path, error)) {
    set_if_empty(fields.label, "class");
    if (fields.columns.empty()) set_if_empty(fields.text, "text");
    return fields;
  }
  if (!data.in_memory() && !std::filesystem::is_regular_file(path, error)) return fields;
  const DecodedText decoded = ReadDecoded(data);
  switch (FormatOf(decoded.text, path)) {
    case ExampleFormat::kTs:
      set_if_empty(fields.label, "class");
      break;
    case ExampleFormat::kJson:
      break;
    case ExampleFormat::kLabelLines:
      if (!fields.columns.empty()) break;
      set_if_empty(fields.text, "text");
      set_if_empty(fields.label, "label");
      break;
    case ExampleFormat::kTable:
      fields = CompleteSteps(decoded.text, path, std::move(fields));
      if (IsRowTable(fields)) return CompleteRowFields(decoded.text, std::move(fields));
      break;
  }
  return fields;
}

}  // namespace eddy
