#include "train/history.h"

#include <limits>

#include "eddy/error.h"

namespace eddy {
namespace {

// A point is a row of numbers, so that thousands stay small: step, loss, rate, norm, norm of each group.
constexpr size_t kTrainingColumns = 4;
constexpr size_t kValidationColumns = 2;

int64_t StepOf(const Json& row) {
  Require(row[0].is_number_integer(), "stored history", "a step", "an integer", row[0].type_name());
  return row[0].get<int64_t>();
}

const Json& Row(const Json& row, size_t columns) {
  Require(row.is_array() && row.size() == columns, "stored history", "a point", "an array of the right length", "not");
  return row;
}

}  // namespace

Json ToJson(const History& history) {
  Json training = Json::array();
  for (const TrainingPoint& point : history.training) {
    Json row = {point.step, point.loss, point.rate, point.gradient_norm};
    for (double norm : point.group_norms) row.push_back(norm);
    training.push_back(std::move(row));
  }
  Json validation = Json::array();
  for (const ValidationPoint& point : history.validation) validation.push_back({point.step, point.loss});
  return {{"groups", history.groups}, {"training", training}, {"validation", validation}, {"skipped", history.skipped}};
}

History HistoryFromJson(const Json& json) {
  History history;
  history.groups = StringsField(json, "groups");
  for (const Json& each : ArrayField(json, "training")) {
    const Json& row = Row(each, kTrainingColumns + history.groups.size());
    TrainingPoint point{StepOf(row), NumberOrNan(row[1]), NumberOrNan(row[2]), NumberOrNan(row[3]), {}};
    for (size_t i = kTrainingColumns; i < row.size(); ++i) point.group_norms.push_back(NumberOrNan(row[i]));
    history.training.push_back(std::move(point));
  }
  for (const Json& each : ArrayField(json, "validation")) {
    const Json& row = Row(each, kValidationColumns);
    history.validation.push_back({StepOf(row), NumberOrNan(row[1])});
  }
  history.skipped = IntegerField(json, "skipped", 0, std::numeric_limits<int64_t>::max());
  return history;
}

}  // namespace eddy
