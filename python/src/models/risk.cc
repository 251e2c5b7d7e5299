// Models of risk.
#include "eddy/tasks/risk.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "models.h"

namespace eddy::python {
namespace {

void BindRisk(nb::module_& m) {
  nb::class_<RiskForecast>(m, "RiskForecast",
                           "What may be lost over the horizon that follows the last row of a series. Returns are 100 times "
                           "differences of logarithms of prices, about percent; losses are positive.")
      .def_ro("series", &RiskForecast::series, "Its name; empty in a table of one.")
      .def_ro("time", &RiskForecast::time, "The first day of it, as the table writes times.")
      .def_ro("volatility", &RiskForecast::volatility, "Standard deviation of the return.")
      .def_ro("levels", &RiskForecast::levels)
      .def_ro("value_at_risk", &RiskForecast::value_at_risk, "Of each level: exceeded with that probability.")
      .def_ro("expected_shortfall", &RiskForecast::expected_shortfall, "Of each level: the mean loss beyond it.")
      .def_ro("realised_variance", &RiskForecast::realised_variance,
              "A day, of the first realised column; NaN without any.");
  BindModel<RiskModel>(m, "RiskModel", "What may be lost.")
      .def("of_data", &RiskModel::Predict, nb::arg("data"), nb::kw_only(), nb::arg("threads") = 1, Released());
}

const ModelBinding binding(&BindRisk);

}  // namespace
}  // namespace eddy::python
