#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include "eddy/cell.h"
#include "layers.h"

namespace eddy::python {

void BindCells(nb::module_& m) {
  m.def(
      "cells",
      [] {
        nb::list names;
        for (const CellType* cell : Cells()) names.append(nb::cast(CellName(*cell)));
        return names;
      },
      nb::sig("def cells() -> list[str]"), "The names of the cells that layers are made of.");
  m.def(
      "cell_info",
      [](const std::string& name) {
        const CellType& cell = FindCell(name);
        const CellInfo& info = InfoOf(cell);
        const CellFacts facts = FactsOf(cell);
        nb::dict d;
        d["title"] = info.title;
        d["paper"] = info.paper;
        d["gates"] = info.gates;
        d["states"] = info.states;
        d["params"] = info.params;
        d["equations"] = info.equations;
        d["elsewhere"] = info.elsewhere;
        d["forget_gate"] = info.forget_gate;
        d["identity_recurrent"] = info.identity_recurrent;
        d["param_low"] = info.param_low;
        d["param_high"] = info.param_high;
        d["products"] = facts.products;
        d["recurrent_bias"] = facts.recurrent_bias;
        d["linear"] = facts.linear;
        return d;
      },
      nb::arg("name"), nb::sig("def cell_info(name: str) -> dict[str, typing.Any]"),
      "What a cell is: its equations, gates, states and paper, and how PyTorch, Keras and ONNX differ.\n\n"
      ">>> eddy_rnn.cell_info(\"lstm\")[\"gates\"]\n"
      "'i f g o'\n");
}

}  // namespace eddy::python
