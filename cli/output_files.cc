#include "output_files.h"

#include <fmt/format.h>

#include <filesystem>

#include "model/atomic_file.h"
#include "options/option_table.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

// Whatever its name: links are followed.
bool SameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  if (a.empty() || b.empty()) return false;
  if (fs::equivalent(a, b, error)) return true;
  const fs::path full_a = fs::weakly_canonical(fs::absolute(a), error),
                 full_b = fs::weakly_canonical(fs::absolute(b), error);
  return !error && full_a == full_b;
}

}  // namespace

void RequireOutputs(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    for (const std::string& input : inputs) {
      if (SameFile(outputs[i], input)) throw UsageError(fmt::format("{} would be written over what is read", outputs[i]));
    }
    for (size_t j = 0; j < i; ++j) {
      if (SameFile(outputs[i], outputs[j])) throw UsageError(fmt::format("{} would be written twice", outputs[i]));
    }
  }
  for (const std::string& output : outputs) {
    if (!output.empty()) AtomicFile probe(output);
  }
}

}  // namespace eddy
