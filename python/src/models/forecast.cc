// Forecasters.
#include "eddy/tasks/forecast.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "models.h"

namespace eddy::python {
namespace {

void BindForecaster(nb::module_& m) {
  nb::class_<Forecast>(m, "Forecast", "What follows the last row of a series.")
      .def_ro("series", &Forecast::series, "Its name; empty in a table of one.")
      .def_ro("times", &Forecast::times, "As the table writes them.")
      .def_ro("quantiles", &Forecast::quantiles)
      .def_prop_ro(
          "values", [](const Forecast& f) { return ToMatrix(f.values, f.times.size(), f.quantiles.size()); },
          nb::sig("def values(self) -> numpy.typing.NDArray[numpy.float64]"), "[horizon, quantiles]");
  BindModel<Forecaster>(m, "ForecasterModel", "What follows in series.")
      .def_prop_ro("horizon", &Forecaster::horizon)
      .def("of_data", &Forecaster::Predict, nb::arg("data"), nb::kw_only(), nb::arg("threads") = 1, Released());
}

const ModelBinding binding(&BindForecaster);

}  // namespace
}  // namespace eddy::python
