#include "data/class_folder.h"

#include <algorithm>
#include <filesystem>

#include "data/csv.h"
#include "data/example_builder.h"
#include "data/read_file.h"
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

ExampleRow ReadExample(const std::string& path, const ExampleFields& fields) {
  ExampleRow row;
  row.place = path;
  if (fields.is_text()) {
    row.text = ReadFile(path);
    return row;
  }
  const CsvTable table = ParseCsv(ReadFile(path), path, {path.ends_with(".tsv") ? '\t' : '\0', fields.header});
  for (const std::string& name : fields.columns) {
    const size_t column = table.Find(name);
    std::vector<double>& values = row.values.emplace_back();
    for (size_t i = 0; i < table.rows(); ++i) values.push_back(table.Number(i, column));
  }
  return row;
}

}  // namespace

ExampleSet ReadClassFolder(const std::string& path, const ExampleFields& fields) {
  const bool labelled = !fields.label.empty();
  ExampleBuilder builder(fields, path);
  for (const fs::path& folder : labelled ? Entries(path, fs::file_type::directory) : std::vector<fs::path>{path}) {
    for (const fs::path& file : Entries(folder, fs::file_type::regular)) {
      ExampleRow row = ReadExample(file.string(), fields);
      if (labelled) row.label = folder.filename().string();
      builder.Add(std::move(row));
    }
  }
  return std::move(builder).Finish();
}

}  // namespace eddy
