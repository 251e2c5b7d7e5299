#include "tasks/direction/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "data/digest.h"
#include "data/encoding.h"
#include "eddy/error.h"
#include "options/option_table.h"

namespace eddy {
namespace {

constexpr size_t kLeastDays = 60;    // before what is held out
constexpr size_t kHoldOutShare = 5;  // a fifth of the days

// When each refit's part begins: parts of what is judged of one number of days.
std::vector<double> RefitBegins(const PriceSet& prices, const DirectionOptions& options) {
  std::set<double> of_all;
  double after = 0;
  for (const ReturnSeries& series : prices.series) {
    of_all.insert(series.times.begin(), series.times.end());
    after = &series == &prices.series.front() ? series.next : std::max(after, series.next);
  }
  const std::vector<double> times(of_all.begin(), of_all.end());
  size_t begin = times.size() - std::min(times.size(), options.hold_out.value_or(times.size() / kHoldOutShare));
  if (!options.from.empty()) {
    const double from = ParseFrom(prices, options.from);
    begin = static_cast<size_t>(std::lower_bound(times.begin(), times.end(), from) - times.begin());
  }
  if (begin < kLeastDays + options.horizon) {
    Fail("read", "the prices",
         fmt::format("returns of at least {} days before what is held out", kLeastDays + options.horizon),
         fmt::format("{}", begin));
  }
  if (begin == times.size() && options.refits > 1) {
    throw UsageError("--refits are parts of what is held out, and that is nothing here");
  }
  if (begin == times.size()) return {after};
  const size_t judged = times.size() - begin;
  if (judged < options.refits) {
    Fail("read", "what is held out", fmt::format("at least a day for each of {} refits", options.refits),
         fmt::format("{}", judged));
  }
  std::vector<double> begins;
  for (size_t r = 0; r < options.refits; ++r) begins.push_back(times[begin + judged * r / options.refits]);
  return begins;
}

}  // namespace

DirectionData LoadDirectionPrices(const Data& table, const DirectionOptions& options) {
  DirectionData data;
  data.source = table.name();
  const std::string text = ReadDecoded(table).text;
  data.prices = ReadPrices(text, table.name(), ColumnsOf(options));
  data.refit_begins = RefitBegins(data.prices, options);
  std::vector<size_t> begins;
  for (const ReturnSeries& series : data.prices.series) begins.push_back(FirstReturnFrom(series, data.refit_begins[0]));
  data.timings = TestColumns(data.prices, begins);
  RequireNoneKnowsFuture(data.timings);
  data.fingerprint = {{"bytes", text.size()}, {"hash", DigestOf(text)}};
  return data;
}

}  // namespace eddy
