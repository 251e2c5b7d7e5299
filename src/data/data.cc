#include "eddy/data.h"

#include <fmt/format.h>

#include <cmath>

#include "data/csv.h"
#include "eddy/error.h"

namespace eddy {
namespace {

size_t SizeOf(const Column& column) {
  return std::visit([](const auto& values) { return values.size(); }, column.values);
}

std::string CellOf(const Column& column, size_t row) {
  if (const auto* numbers = std::get_if<std::vector<double>>(&column.values)) {
    return std::isnan((*numbers)[row]) ? std::string() : fmt::format("{}", (*numbers)[row]);
  }
  return CsvCell(std::get<std::vector<std::string>>(column.values)[row]);
}

void RequireSameSize(const char* what, size_t expected, size_t given) {
  Require(expected == given, "data", what, std::to_string(expected) + " of them", std::to_string(given));
}

// Texts of formats without quotes.
void RequirePlain(const std::string& text) {
  const bool plain = text.find_first_of(std::string_view("\t\r\n\0", 4)) == std::string::npos;
  Require(plain, "data", "a text", "without tabs, line ends and zero bytes", "with one");
}

}  // namespace

Data Data::Text(std::string contents, std::string name) {
  Require(!name.empty(), "data", "the name", "not empty", "empty");
  Data data(std::move(name));
  data.contents_ = std::make_shared<const std::string>(std::move(contents));
  return data;
}

Data Data::Table(const std::vector<Column>& columns, std::string name) {
  Require(!columns.empty(), "data", "a table", "of at least one column", "of none");
  std::string text;
  for (const Column& column : columns) {
    RequireSameSize("the values of a column", SizeOf(columns[0]), SizeOf(column));
    text += (&column == &columns[0] ? "" : ",") + CsvCell(column.name);
  }
  text += '\n';
  for (size_t row = 0; row < SizeOf(columns[0]); ++row) {
    for (const Column& column : columns) text += (&column == &columns[0] ? "" : ",") + CellOf(column, row);
    text += '\n';
  }
  return Text(std::move(text), std::move(name));
}

Data Data::Sentences(std::span<const std::string> texts, std::span<const std::string> labels, std::string name) {
  RequireSameSize("labels", texts.size(), labels.size());
  return Table({{"text", std::vector<std::string>(texts.begin(), texts.end())},
                {"label", std::vector<std::string>(labels.begin(), labels.end())}},
               std::move(name));
}

Data Data::Pairs(std::span<const std::string> sources, std::span<const std::string> targets, std::string name) {
  RequireSameSize("targets", sources.size(), targets.size());
  std::string text;
  for (size_t i = 0; i < sources.size(); ++i) {
    RequirePlain(sources[i]);
    RequirePlain(targets[i]);
    text += sources[i] + '\t' + targets[i] + '\n';
  }
  return Text(std::move(text), std::move(name));
}

Data Data::Sequences(std::span<const std::vector<std::string>> tokens, std::span<const std::vector<std::string>> tags,
                     std::string name) {
  RequireSameSize("sequences of tags", tokens.size(), tags.size());
  std::string text;
  for (size_t i = 0; i < tokens.size(); ++i) {
    RequireSameSize("tags of a sequence", tokens[i].size(), tags[i].size());
    for (size_t t = 0; t < tokens[i].size(); ++t) {
      RequirePlain(tokens[i][t]);
      RequirePlain(tags[i][t]);
      text += tokens[i][t] + '\t' + tags[i][t] + '\n';
    }
    text += '\n';
  }
  return Text(std::move(text), std::move(name));
}

}  // namespace eddy
