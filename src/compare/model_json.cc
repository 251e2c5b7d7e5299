#include "compare/model_json.h"

#include <cstdint>
#include <limits>

#include "train/history.h"

namespace eddy {
namespace {

constexpr const char* kWhat = "compared models";

Json ToJson(const TrainingResult& run) {
  return {{"resumed", run.resumed},         {"early", run.early},          {"steps", run.steps},
          {"seconds", run.seconds},         {"best", run.best_validation}, {"best_step", run.best_step},
          {"history", ToJson(run.history)}, {"stopped", run.stopped}};
}

TrainingResult RunFromJson(const Json& json) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  TrainingResult run;
  run.stopped = BoolField(json, "stopped");
  run.resumed = BoolField(json, "resumed");
  run.early = BoolField(json, "early");
  run.steps = IntegerField(json, "steps", 0, kMost);
  run.seconds = NumberOrNan(Field(json, "seconds"));
  run.best_validation = NumberOrNan(Field(json, "best"));
  run.best_step = IntegerField(json, "best_step", 0, kMost);
  run.history = HistoryFromJson(ObjectField(json, "history"));
  return run;
}

}  // namespace

std::string Serialize(const std::vector<ComparedModel>& models) {
  Json all = Json::array();
  for (const ComparedModel& model : models) {
    all.push_back({{"name", model.name},
                   {"layers", model.layers},
                   {"parameters", model.parameters},
                   {"losses", model.losses},
                   {"run", ToJson(model.run)},
                   {"memory", model.memory_bytes},
                   {"step", model.step_microseconds}});
  }
  return DumpJson(all, kWhat);
}

std::vector<ComparedModel> ParseComparedModels(const std::string& bytes) {
  std::vector<ComparedModel> models;
  for (const Json& json : ParseJson(bytes, kWhat)) {
    ComparedModel& model = models.emplace_back();
    model.name = StringField(json, "name");
    model.layers = StringField(json, "layers");
    model.parameters = static_cast<size_t>(IntegerField(json, "parameters", 0, std::numeric_limits<int64_t>::max()));
    for (const Json& loss : ArrayField(json, "losses")) model.losses.push_back(NumberOrNan(loss));
    model.run = RunFromJson(ObjectField(json, "run"));
    model.memory_bytes = NumberOrNan(Field(json, "memory"));
    model.step_microseconds = NumberOrNan(Field(json, "step"));
  }
  return models;
}

}  // namespace eddy
