#include "data/examples.h"

#include <filesystem>

#include "data/class_folder.h"
#include "data/example_lines.h"
#include "data/example_table.h"
#include "data/read_file.h"
#include "data/ts_file.h"

namespace eddy {

ExampleSet ReadExamples(const std::string& path, const ExampleFields& fields) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return ReadClassFolder(path, fields);
  const std::string bytes = ReadFile(path);
  if (path.ends_with(".ts")) return ParseTsFile(bytes, path, fields);
  if (path.ends_with(".jsonl") || path.ends_with(".ndjson")) return ParseExampleLines(bytes, path, fields);
  return ParseExampleTable(bytes, path, fields, path.ends_with(".tsv") ? '\t' : '\0');
}

}  // namespace eddy
