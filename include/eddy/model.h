// A trained model as a value: what "eddy train" wrote, or Train() of a task's header made. Each task has a class of its own
// on top of this one (eddy/tasks/), which knows what to do with new data.
//
//     eddy::TrainedModel model = eddy::TrainedModel::Load("co2.eddy");     // of any task; throws Error
//     std::puts(model.task().c_str());                                     // "forecast"
//     std::puts(model.Evaluate("co2.csv").text.c_str());                   // beside the floors, as "eddy evaluate" says it
//     model.Quantize(eddy::Precision::kInt8).Save("small.eddy");
//
// A model is immutable: copies share it, and many threads may use one at the same time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eddy/data.h"
#include "eddy/export.h"
#include "eddy/precision.h"
#include "eddy/tensor.h"

EDDY_API_BEGIN
namespace eddy {

struct Model;

// How good a model is on data, beside what costs next to nothing.
struct Evaluation {
  std::string text;  // a table and a sentence, for people
  std::string json;  // one object; docs/json.md lists its keys
  // The numbers of that object by the way to them: "mase", "naive.mase", "floors.0.accuracy".
  std::vector<std::pair<std::string, double>> figures;

  double Figure(std::string_view path) const;  // throws Error that names the nearest
};

class TrainedModel {
 public:
  // Reads a model of any task, builds its network and runs its golden sample. Throws Error for a file that is none, damaged,
  // or of a later version.
  static TrainedModel Load(const std::string& path);
  static TrainedModel Parse(std::string_view bytes);  // the same, from memory

  std::string task() const;                                     // "text", "forecast" ...
  Precision precision() const;                                  // of its products
  std::string description() const;                              // JSON: architecture, vocabulary or scaling, provenance
  std::vector<std::pair<std::string, Tensor>> weights() const;  // copies, by name

  void Save(const std::string& path) const;  // whole or not at all; throws Error when it cannot be written
  std::string Serialize() const;             // the same bytes

  // As "eddy evaluate" with its defaults: of data that the model was trained on, the part that was held out. Throws Error.
  Evaluation Evaluate(const Data& data, int threads = 1) const;
  // Weights rounded to bfloat16 or int8: half or a quarter of the size. Throws Error for a model that is no float32.
  TrainedModel Quantize(Precision precision) const;

  const Model& packed() const { return *packed_; }  // for Eddy's own classes

 protected:
  explicit TrainedModel(std::shared_ptr<const Model> packed) : packed_(std::move(packed)) {}
  explicit TrainedModel(Model packed);

 private:
  std::shared_ptr<const Model> packed_;
};

}  // namespace eddy
EDDY_API_END
