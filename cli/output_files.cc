#include "output_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "model/atomic_file.h"
#include "options/option_table.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

// Without links, and without names such as "..": of a file that may not be there yet.
fs::path FullPath(const std::string& path) {
  std::error_code error;
  const fs::path full = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? fs::path(path) : full;
}

// Whatever its name: hard links are the same file, too.
bool SameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) || FullPath(a) == FullPath(b);
}

bool LiesIn(const std::string& file, const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return false;
  const fs::path full_file = FullPath(file), full_folder = FullPath(folder);
  return std::mismatch(full_folder.begin(), full_folder.end(), full_file.begin(), full_file.end()).first ==
         full_folder.end();
}

bool IsTemporaryOf(const std::string& file, const std::string& output) {
  const fs::path full_file = FullPath(file), full_output = FullPath(output);
  return full_file.parent_path() == full_output.parent_path() &&
         full_file.filename().string().starts_with(full_output.filename().string() + std::string(kTemporarySuffix));
}

void RequireKept(const std::string& input, const std::string& output) {
  if (SameFile(output, input)) throw UsageError(fmt::format("{} would be written over what is read", output));
  if (LiesIn(output, input)) throw UsageError(fmt::format("{} would be written into {}, which is read", output, input));
  if (IsTemporaryOf(input, output)) {
    throw UsageError(fmt::format("{}, which is read, has a name that files have while {} is written", input, output));
  }
}

}  // namespace

void RequireOutputs(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs) {
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    if (output->empty()) continue;
    for (const std::string& input : inputs) {
      if (!input.empty()) RequireKept(input, *output);
    }
    for (auto other = outputs.begin(); other != output; ++other) {
      if (!other->empty() && SameFile(*output, *other)) throw UsageError(fmt::format("{} would be written twice", *output));
    }
  }
  for (const std::string& output : outputs) {
    if (!output.empty()) AtomicFile probe(output);
  }
}

}  // namespace eddy
