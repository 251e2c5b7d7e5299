// Classifiers.
#include "eddy/tasks/classify.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "models.h"

namespace eddy::python {
namespace {

using Series = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

nb::object Probabilities(const std::vector<ClassPrediction>& predictions, size_t classes) {
  std::vector<double> all;
  for (const ClassPrediction& each : predictions)
    all.insert(all.end(), each.probabilities.begin(), each.probabilities.end());
  return ToMatrix(std::move(all), predictions.size(), classes);
}

void BindClassifier(nb::module_& m) {
  BindModel<Classifier>(m, "ClassifierModel", "Which class a sentence or a series is of.")
      .def_prop_ro("classes", &Classifier::classes)
      .def_prop_ro("reads_text", &Classifier::reads_text)
      .def(
          "of_texts",
          [](const Classifier& model, const Texts& texts, int threads) {
            return Probabilities(WithoutLock([&] { return model.Predict(texts, threads); }), model.classes().size());
          },
          nb::arg("texts"), nb::kw_only(), nb::arg("threads") = 1,
          nb::sig("def of_texts(self, texts: collections.abc.Sequence[str], *, threads: int = 1) -> "
                  "numpy.typing.NDArray[numpy.float64]"),
          "Probabilities [texts, classes].")
      .def(
          "of_data",
          [](const Classifier& model, const Data& data, int threads) {
            return Probabilities(WithoutLock([&] { return model.Predict(data, threads); }), model.classes().size());
          },
          nb::arg("data"), nb::kw_only(), nb::arg("threads") = 1,
          nb::sig("def of_data(self, data: Data, *, threads: int = 1) -> numpy.typing.NDArray[numpy.float64]"))
      .def(
          "of_series",
          [](const Classifier& model, const std::vector<Series>& series, int threads) {
            std::vector<std::vector<double>> all;
            for (const Series& each : series) all.emplace_back(each.data(), each.data() + each.size());
            return Probabilities(WithoutLock([&] { return model.PredictSeries(all, threads); }), model.classes().size());
          },
          nb::arg("series"), nb::kw_only(), nb::arg("threads") = 1,
          nb::sig(
              "def of_series(self, series: collections.abc.Sequence[numpy.typing.NDArray[numpy.float64]], *, threads: int "
              "= 1) -> numpy.typing.NDArray[numpy.float64]"),
          "Of series [steps, columns] each.");
}

const ModelBinding binding(&BindClassifier);

}  // namespace
}  // namespace eddy::python
