// The offsets from UTC with which a column writes its times, and those that times after the last row would be written with.
//
// Where offsets change with the season, they follow the rule of daylight saving that agrees with the rows (European Union,
// United States and Canada, Australia, New Zealand), and without such a rule what the rows show at the same time of an
// earlier year, then the last row's offset.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace eddy {

struct ZonedTime {
  double utc = 0;     // seconds since 1970
  double offset = 0;  // seconds east of UTC
};

class TimeZone {
 public:
  TimeZone() = default;  // UTC
  explicit TimeZone(std::vector<ZonedTime> rows);

  double OffsetAt(double utc) const;
  double ToLocal(double utc) const { return utc + OffsetAt(utc); }
  double ToUtc(double local) const;  // the first of two times where a clock is set back
  bool changes() const { return runs_.size() > 1; }

 private:
  double ShownAt(double utc) const;         // by the rows alone
  std::vector<ZonedTime> runs_ = {{0, 0}};  // where each offset begins
  double last_ = 0;                         // the last row
  double standard_ = 0;
  int rule_ = -1;  // of the table of rules; -1 for none
};

}  // namespace eddy
