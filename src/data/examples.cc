#include "data/examples.h"

#include "data/example_lines.h"
#include "data/example_table.h"
#include "data/read_file.h"
#include "eddy/error.h"

namespace eddy {

ExampleSet ReadExamples(const std::string& path, const ExampleFields& fields) {
  const std::string bytes = ReadFile(path);
  if (path.ends_with(".jsonl") || path.ends_with(".ndjson")) return ParseExampleLines(bytes, path, fields);
  return ParseExampleTable(bytes, path, fields, path.ends_with(".tsv") ? '\t' : '\0');
}

}  // namespace eddy
