#include "data/class_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "data/csv.h"
#include "data/encoding.h"
#include "data/example_builder.h"
#include "data/tokenizer.h"
#include "eddy/error.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

// What is in a folder and not hidden, by name: folders or files. A pipe or a device is neither.
std::vector<fs::path> Entries(const fs::path& folder, fs::file_type type) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const bool hidden = it->path().filename().string().starts_with('.');
    if (!hidden && it->status(error).type() == type) entries.push_back(it->path());
  }
  if (error) Fail("read", folder.string(), "a readable folder", "not (" + error.message() + ")");
  std::sort(entries.begin(), entries.end());
  return entries;
}

ExampleRow ReadExample(const std::string& path, const ExampleFields& fields, std::string& encoding) {
  ExampleRow row;
  row.place = path;
  DecodedText decoded = ReadDecoded(path);
  encoding = decoded.encoding;
  if (fields.is_text()) {
    row.text = std::move(decoded.text);
    RequireText(row.text, TextUnit::kCharacters, path);
    return row;
  }
  const CsvTable table = ParseCsv(decoded.text, path, {path.ends_with(".tsv") ? '\t' : '\0', fields.header});
  for (const std::string& name : fields.columns) {
    const size_t column = table.Find(name);
    std::vector<double>& values = row.values.emplace_back();
    for (size_t i = 0; i < table.rows(); ++i) values.push_back(table.Number(i, column));
  }
  return row;
}

// The most common encoding, and how many files are in another.
void TellEncodings(const std::map<std::string, size_t>& files, Reading& reading) {
  size_t all = 0, most = 0;
  for (const auto& [encoding, count] : files) {
    all += count;
    if (count > most) reading.encoding = encoding;
    most = std::max(most, count);
  }
  if (most < all) reading.notes.push_back(fmt::format("{} of {} files are not {}", all - most, all, reading.encoding));
}

}  // namespace

ExampleSet ReadClassFolder(const std::string& path, const ExampleFields& fields) {
  const bool labelled = !fields.label.empty();
  std::map<std::string, size_t> encodings;
  ExampleBuilder builder(fields, path);
  for (const fs::path& folder : labelled ? Entries(path, fs::file_type::directory) : std::vector<fs::path>{path}) {
    for (const fs::path& file : Entries(folder, fs::file_type::regular)) {
      builder.sieve().Take([&] {
        std::string encoding;
        ExampleRow row = ReadExample(file.string(), fields, encoding);
        if (labelled) row.label = folder.filename().string();
        builder.Add(row);
        ++encodings[encoding];
      });
    }
  }
  ExampleSet set = std::move(builder).Finish("a folder for each class, an example a file");
  TellEncodings(encodings, set.reading);
  return set;
}

}  // namespace eddy
