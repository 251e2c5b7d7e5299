#include "data/label_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "data/example_builder.h"
#include "data/excerpt.h"
#include "data/tokenizer.h"

namespace eddy {
namespace {

std::string_view TrimFront(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  return text;
}

ExampleRow ReadRow(std::string_view line, std::string place, bool labelled) {
  ExampleRow row;
  row.place = std::move(place);
  RequireText(line, TextUnit::kCharacters, row.place);
  if (line.starts_with(kLabelPrefix)) {
    const std::string_view label = line.substr(0, line.find_first_of(kBlank));
    if (labelled) row.label = label.substr(kLabelPrefix.size());
    line = TrimFront(line.substr(label.size()));
    Require(!line.starts_with(kLabelPrefix), "read", row.place, "with one label", "with several");
  }
  row.text = line.substr(0, line.find_last_not_of(kBlank) + 1);
  return row;
}

}  // namespace

ExampleSet ParseLabelLines(std::string_view text, std::string_view source, const ExampleFields& fields) {
  ExampleBuilder builder(fields, source);
  builder.ReserveSentences(static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1, text.size());
  for (size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line = TrimFront(line);
    if (line.empty()) continue;
    builder.sieve().Take(
        [&] { builder.Add(ReadRow(line, fmt::format("{} line {}", source, number), !fields.label.empty())); });
  }
  return std::move(builder).Finish("lines of a label and a sentence");
}

}  // namespace eddy
