// What the bindings of all layers share.
#pragma once

#include <string>
#include <vector>

#include "fields.h"
#include "tape.h"

namespace eddy::python {

#define EDDY_FLOATS "numpy.typing.NDArray[numpy.floating]"
#define EDDY_ARRAY "numpy.typing.NDArray[numpy.float32]"
#define EDDY_INTEGERS "collections.abc.Sequence[int] | numpy.typing.NDArray[typing.Any] | None = None"

using Pickle = nb::typed<nb::tuple, nb::any, nb::ellipsis>;

// References that keep the layer alive.
inline nb::list ParametersOf(nb::handle layer, const std::vector<Parameter*>& parameters) {
  nb::list list;
  for (Parameter* parameter : parameters) list.append(nb::cast(parameter, nb::rv_policy::reference_internal, layer));
  return list;
}

// For pickles: the parameters' values, by name.
inline nb::dict ValuesOf(const std::vector<Parameter*>& parameters) {
  nb::dict values;
  for (const Parameter* parameter : parameters) values[parameter->name.c_str()] = ToArray(parameter->value);
  return values;
}

inline void SetValues(const std::vector<Parameter*>& parameters, const nb::dict& values) {
  for (const Parameter* parameter : parameters) {
    const char* name = parameter->name.c_str();
    Require(values.contains(name), "layer", "parameters", name, "none of this name");
    CopyInto(parameter->value, nb::cast<Input>(values[name]), name);
  }
}

// Arrays or values as a list; a single one as a list of one; none as an empty list.
inline std::vector<nb::object> ListOf(nb::handle values) {
  if (values.is_none()) return {};
  if (nb::isinstance<nb::list>(values) || nb::isinstance<nb::tuple>(values))
    return nb::cast<std::vector<nb::object>>(values);
  return {nb::borrow(values)};
}

// The states of a layer that runs on arrays: its tape is a call's, so they are not copied.
inline std::vector<Var> Constants(Tape& tape, const std::vector<nb::object>& arrays, std::vector<Input>& kept) {
  std::vector<Var> vars;
  for (const nb::object& array : arrays) {
    kept.push_back(nb::cast<Input>(array));
    vars.push_back(tape.Constant(Borrowed(kept.back())));
  }
  return vars;
}

inline std::vector<Var> OnTape(PyTape& tape, const std::vector<nb::object>& operands) {
  std::vector<Var> vars;
  for (const nb::object& operand : operands) vars.push_back(OnTape(tape, operand));
  return vars;
}

void BindCells(nb::module_& m);
void BindOwnCells(nb::module_& m);
void BindRecurrent(nb::module_& m);
void BindStreams(nb::module_& m);
void BindEncoder(nb::module_& m);
void BindForeign(nb::module_& m);
void BindConvert(nb::module_& m);
void BindChain(nb::module_& m);

}  // namespace eddy::python
