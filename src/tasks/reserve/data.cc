#include "tasks/reserve/data.h"

#include <fmt/format.h>

#include "data/encoding.h"
#include "eddy/error.h"

namespace eddy {

ReserveData LoadTriangles(const Data& table, const ReserveOptions& options) {
  ReserveData data;
  data.source = table.name();
  data.set = ReadTriangles(ReadDecoded(table).text, table.name(), ColumnsOf(options), options.valuation);
  if (data.set.calendar < kLeastReserveCalendar || data.set.developments < kLeastReserveCalendar) {
    Fail("read", table.name(),
         fmt::format("origins and developments of at least {} periods at the valuation", kLeastReserveCalendar + 1),
         fmt::format("{} origins and {} developments", data.set.origins(), data.set.developments));
  }
  data.fingerprint = FingerprintOf(data.set);
  return data;
}

TriangleSet ReadTrianglesOf(const ReserveDesign& design, const Data& table, std::optional<int64_t> valuation) {
  return ReadTriangles(ReadDecoded(table).text, table.name(), design.columns, valuation, design.developments);
}

}  // namespace eddy
