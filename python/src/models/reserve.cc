// Models of reserves.
#include "eddy/tasks/reserve.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "models.h"

namespace eddy::python {
namespace {

void BindReserve(nb::module_& m) {
  m.def(
      "reserve_quantiles", [] { return std::vector<double>(std::begin(kReserveQuantiles), std::end(kReserveQuantiles)); },
      "The levels of a ReserveForecast's quantiles.");
  nb::class_<ReserveForecast>(m, "ReserveForecast", "What a company will still pay for claims that have happened.")
      .def_ro("line", &ReserveForecast::line, "Its line of business; empty in a table without any.")
      .def_ro("company", &ReserveForecast::company)
      .def_ro("paid", &ReserveForecast::paid, "Until the valuation, of all origins.")
      .def_ro("ultimate", &ReserveForecast::ultimate, "That will have been paid at the last development: the mean.")
      .def_ro("reserve", &ReserveForecast::reserve, "What of it is not paid yet.")
      .def_ro("deviation", &ReserveForecast::deviation, "Standard deviation of both.")
      .def_ro("quantiles", &ReserveForecast::quantiles, "Of the reserve, at reserve_quantiles().")
      .def_ro("chain_ladder", &ReserveForecast::chain_ladder, "The ultimate by the chain ladder (Mack 1993).")
      .def_ro("chain_ladder_error", &ReserveForecast::chain_ladder_error, "Its standard error.");
  BindModel<ReserveModel>(m, "ReserveModel", "What insurers still have to pay.")
      .def("of_data", &ReserveModel::Predict, nb::arg("data"), nb::kw_only(), nb::arg("valuation") = nb::none(),
           nb::arg("threads") = 1, Released());
}

const ModelBinding binding(&BindReserve);

}  // namespace
}  // namespace eddy::python
