// Trained models of any task; those of each task are in models/.
#include "models.h"

#include <nanobind/stl/string.h>

#include "arrays.h"

namespace eddy::python {
namespace {

std::vector<void (*)(nb::module_&)>& Bindings() {
  static std::vector<void (*)(nb::module_&)> bindings;
  return bindings;
}

nb::bytes BytesOf(const TrainedModel& model) {
  const std::string bytes = model.Serialize();
  return nb::bytes(bytes.data(), bytes.size());
}

void BindTrainedModel(nb::module_& m) {
  nb::class_<TrainedModel>(m, "TrainedModel", "A trained model of any task, which does not change.")
      .def_static("load", &TrainedModel::Load, nb::arg("path"), Released())
      .def_static(
          "parse",
          [](const nb::bytes& bytes) {
            return TrainedModel::Parse({bytes.c_str(), bytes.size()});
          },
          nb::arg("bytes"))
      .def_prop_ro("task", &TrainedModel::task)
      .def_prop_ro("precision", [](const TrainedModel& model) { return std::string(PrecisionName(model.precision())); })
      .def_prop_ro("description", &TrainedModel::description, "JSON: architecture, vocabulary or scaling, provenance.")
      .def(
          "weights",
          [](const TrainedModel& model) {
            nb::dict weights;
            for (const auto& [name, tensor] : model.weights()) weights[name.c_str()] = ToArray(tensor);
            return weights;
          },
          nb::sig("def weights(self) -> dict[str, numpy.typing.NDArray[numpy.float32]]"), "Copies, by name.")
      .def("save", &TrainedModel::Save, nb::arg("path"), Released())
      .def("serialize", &BytesOf, "The bytes that `save` writes.")
      .def(
          "evaluate",
          [](const TrainedModel& model, const Data& data, int threads) { return model.Evaluate(data, threads).json; },
          nb::arg("data"), nb::kw_only(), nb::arg("threads") = 1, Released(),
          "Its figures beside its floors, as JSON: of data it was trained on, of the part that was held out.")
      .def(
          "quantize",
          [](const TrainedModel& model, const std::string& precision) {
            return model.Quantize(PrecisionFromName(precision));
          },
          nb::arg("precision"), Released(), "Weights rounded to \"bf16\" or \"int8\".")
      .def("__getstate__", &BytesOf)
      .def("__setstate__", [](TrainedModel& self, const nb::bytes& bytes) {
        new (&self) TrainedModel(TrainedModel::Parse({bytes.c_str(), bytes.size()}));
      });
}

}  // namespace

ModelBinding::ModelBinding(void (*bind)(nb::module_&)) { Bindings().push_back(bind); }

nb::object ToMatrix(std::vector<double> values, size_t rows, size_t columns) {
  auto* kept = new std::vector<double>(std::move(values));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<double>*>(p); });
  return nb::cast(nb::ndarray<double, nb::numpy, nb::ndim<2>>(kept->data(), {rows, columns}, owner));
}

void BindModels(nb::module_& m) {
  BindTrainedModel(m);
  for (const auto bind : Bindings()) bind(m);
}

}  // namespace eddy::python
