#include "tasks/reading.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"

namespace eddy {

void Say(const Reading& reading, const std::string& source, TaskContext& context) {
  if (reading.encoding != "UTF-8") context.line(fmt::format("{} is in {}; read as UTF-8.", source, reading.encoding));
  if (!reading.format.empty()) context.line(fmt::format("{} is read as {}.", source, reading.format));
  const Skipped& skipped = reading.skipped;
  if (skipped.count > 0) {
    context.line(fmt::format("Skipped {} of {} lines: {}{}.", skipped.count, skipped.of, fmt::join(skipped.first, "; "),
                             skipped.count > skipped.first.size() ? "; ..." : ""));
  }
  for (const std::string& note : reading.notes) {
    context.line(fmt::format("{}: {}{}", source, note, note.ends_with('?') ? "" : "."));
  }
}

void SayClipped(std::string_view option, std::optional<size_t> given, size_t used, TaskContext& context) {
  if (!given || *given <= used) return;
  context.line(fmt::format("--{} {} is more than there is in the data: {} is taken.", option, *given, used));
}

std::string StartLine(const std::string& source, size_t fresh, const std::string& token) {
  return fmt::format("Starts from {}{}", source,
                     fresh == 0 ? "" : ", with " + Counted(fresh, token) + " more in its vocabulary");
}

}  // namespace eddy
