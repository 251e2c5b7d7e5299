#include "tasks/reserve/options.h"

#include "tasks/reserve/design.h"
#include "tasks/train_options.h"

namespace eddy {

void Declare(ReserveOptions& o, OptionTable& table) {
  table.Group("Triangles");
  table.Add("company", o.company, AnyText("COL"), "column that tells the companies apart").Required();
  table.Add("origin", o.origin, AnyText("COL"), "column of the period in which claims happened: a whole number").Required();
  table.Add("development", o.development, AnyText("COL"), "column of the periods since, from 1").Required();
  table.Add("paid", o.paid, AnyText("COL"), "column of cumulative payments").Required();
  table.Add("premium", o.premium, AnyText("COL"), "column of the premium earned in the origin, above 0").Required();
  table.Add("incurred", o.incurred, AnyText("COL"), "column of cumulative payments and what is set aside for known claims")
      .Usually("none");
  table.Add("line", o.line, AnyText("COL"), "column that tells lines of business apart").Usually("none: one line");
  DeclareValuation(o.valuation, table);
  table.Group("Network");
  table.Add("members", o.members, WholeNumber(1, kMostReserveMembers), "networks whose mean is taken");
  Declare(o.train, table, Layers::kRecurrent);
}

void DeclareValuation(std::optional<int64_t>& valuation, OptionTable& table) {
  table
      .Add("valuation", valuation, WholeNumber(0, 1'000'000),
           "use what was known at the end of this period; what is later judges")
      .Usually("the last origin");
}

TriangleColumns ColumnsOf(const ReserveOptions& o) {
  return {o.company, o.origin, o.development, o.paid, o.premium, o.incurred, o.line};
}

}  // namespace eddy
