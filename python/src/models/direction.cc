// Models of direction.
#include "eddy/tasks/direction.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "models.h"

namespace eddy::python {
namespace {

void BindDirection(nb::module_& m) {
  nb::class_<DirectionForecast>(m, "DirectionForecast", "Whether a series rises over what follows its last row.")
      .def_ro("series", &DirectionForecast::series, "Its name; empty in a table of one.")
      .def_ro("time", &DirectionForecast::time, "The first day of the horizon, as the table writes times.")
      .def_ro("up", &DirectionForecast::up, "The probability of up against down.");
  BindModel<DirectionModel>(m, "DirectionModel", "Whether prices go up or down.")
      .def("of_data", &DirectionModel::Predict, nb::arg("data"), nb::kw_only(), nb::arg("threads") = 1, Released());
}

const ModelBinding binding(&BindDirection);

}  // namespace
}  // namespace eddy::python
