#include "data/reading.h"

#include <fmt/format.h>

#include <algorithm>

namespace eddy {
namespace {

constexpr size_t kMostNamed = 5;
constexpr size_t kLeastLines = 10;  // of fewer, none is forgiven
constexpr size_t kEarly = 1000;     // so many bad lines, and
constexpr double kEarlyShare = 10;  // so many times the share allowed, end the reading
constexpr std::string_view kOperation = "read: ";

}  // namespace

void LineSieve::Skip(const Error& error) {
  ++skipped_.count;
  std::string_view reason = error.what();
  if (reason.starts_with(kOperation)) reason.remove_prefix(kOperation.size());
  if (skipped_.first.size() < kMostNamed) skipped_.first.emplace_back(reason);
  const double share = kEarlyShare * bad_.most * static_cast<double>(skipped_.of);
  if (skipped_.count >= kEarly && static_cast<double>(skipped_.count) > share) Refuse();
}

void LineSieve::Refuse() const {
  if (skipped_.count == 1) throw Error(std::string(kOperation) + skipped_.first[0]);
  std::string given = fmt::format("with {} of {} bad", skipped_.count, skipped_.of);
  for (size_t i = 0; i < skipped_.first.size(); ++i) given += (i == 0 ? ": " : "; ") + skipped_.first[i];
  if (skipped_.count > skipped_.first.size()) given += "; ...";
  Fail("read", source_, fmt::format("with at most {:.4g}% of its lines bad", 100 * bad_.most), given);
}

Skipped LineSieve::Finish() const {
  const auto share = static_cast<size_t>(bad_.most * static_cast<double>(skipped_.of));
  const size_t most = skipped_.of < kLeastLines ? 0 : std::max<size_t>(1, share);
  if (skipped_.count > most) Refuse();
  return skipped_;
}

}  // namespace eddy
