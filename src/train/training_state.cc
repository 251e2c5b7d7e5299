#include "train/training_state.h"

namespace eddy {
namespace {

constexpr int64_t kMostCount = int64_t{1} << 50;

int64_t Count(const Json& json, const char* key) { return IntegerField(json, key, 0, kMostCount); }

}  // namespace

Json ToJson(const TrainingState& state) {
  return {{"step", state.step},
          {"seconds", state.seconds},
          {"ended", state.ended},
          {"early", state.early},
          {"plan", ToJson(state.plan)},
          {"schedule", {{"best", state.schedule.best}, {"waited", state.schedule.waited}, {"scale", state.schedule.scale}}},
          {"optimizer_steps", state.optimizer_steps},
          {"average_updates", state.average_updates},
          {"points", state.points},
          {"validations", state.validations},
          {"look_units", state.look_units},
          {"looked_at", state.looked_at},
          {"loss_sum", state.loss_sum},
          {"loss_count", state.loss_count},
          {"skipped_in_a_row", state.skipped_in_a_row},
          {"validation", state.validation},
          {"best", state.best},
          {"best_step", state.best_step},
          {"waited", state.waited},
          {"history", ToJson(state.history)},
          {"task", state.task}};
}

TrainingState TrainingStateFromJson(const Json& json) {
  TrainingState state;
  state.step = Count(json, "step");
  state.seconds = NumberField(json, "seconds");
  state.ended = BoolField(json, "ended");
  state.early = BoolField(json, "early");
  state.plan = PlanStateFromJson(ObjectField(json, "plan"));
  const Json& schedule = ObjectField(json, "schedule");
  state.schedule.best = NumberField(schedule, "best");
  state.schedule.waited = static_cast<int>(IntegerField(schedule, "waited", 0, std::numeric_limits<int>::max()));
  state.schedule.scale = NumberField(schedule, "scale");
  state.optimizer_steps = Count(json, "optimizer_steps");
  state.average_updates = Count(json, "average_updates");
  state.points = Count(json, "points");
  state.validations = Count(json, "validations");
  state.look_units = NumberField(json, "look_units");
  state.looked_at = Count(json, "looked_at");
  state.loss_sum = NumberField(json, "loss_sum");
  state.loss_count = Count(json, "loss_count");
  state.skipped_in_a_row = Count(json, "skipped_in_a_row");
  state.validation = NumberOrNan(Field(json, "validation"));
  state.best = NumberOrNan(Field(json, "best"));
  state.best_step = Count(json, "best_step");
  state.waited = Count(json, "waited");
  state.history = HistoryFromJson(ObjectField(json, "history"));
  state.task = StringField(json, "task");
  return state;
}

}  // namespace eddy
