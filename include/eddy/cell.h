// The cell table: what recurrent cells exist and what each one is. A cell is one header in include/eddy/cells/, which holds
// its arithmetic; everything here is read off that header by the build. Cells of one's own, outside Eddy's tree, join the
// table through CMake's eddy_add_cells(target my_cell.h ...) (docs/adding-a-cell.md).
#pragma once

#include <span>
#include <string_view>

#include "eddy/cell_arithmetic.h"

EDDY_API_BEGIN
namespace eddy {

// What a cell's header says about itself, for people. All texts are one line but `equations`.
struct CellInfo {
  std::string_view title;      // "Long short-term memory"
  std::string_view paper;      // author, year, title, equation
  std::string_view gates;      // names in the order of the rows of W, U and b, such as "i f g o"
  std::string_view states;     // "h c"
  std::string_view params;     // per-unit parameters, such as "i f o"; empty when none
  std::string_view equations;  // one a line, in plain text
  std::string_view elsewhere;  // where PyTorch, Keras and ONNX differ: gate order, biases, reset convention
  double param_low = 0;        // per-unit parameters start uniform between these
  double param_high = 0;
  int forget_gate = -1;             // the gate to which the forget bias is added, or -1
  bool identity_recurrent = false;  // whether U starts as the identity (Le, Jaitly and Hinton 2015) rather than orthogonal
};

// The compiled programs of a cell; defined in src/kernels/cell_type.h.
struct CellType;

// Every cell, in alphabetical order. The span is of the table as it is at this moment: a plugin that is loaded may add to
// it, one that is unloaded takes its cells along.
std::span<const CellType* const> Cells();

// Throws Error that names the nearest cell; for a name that several cells have; and for a cell compiled for vectors of
// another width than the library's. Any thread may call this.
const CellType& FindCell(std::string_view name);

std::string_view CellName(const CellType& cell);
const CellInfo& InfoOf(const CellType& cell);

// What the cell compiler found in a cell's arithmetic.
struct CellFacts {
  int gates = 0;                // G: rows of W are G * H
  int states = 0;               // S
  int params = 0;               // per-unit parameters
  int products = 0;             // dependent products a step: 0 when nothing multiplies the hidden state, at most 2
  bool recurrent_bias = false;  // whether U h needs a bias of its own (only where u is not merely added to x)
  bool linear = false;          // a linear recurrence, run as a scan
  int forward_operations = 0;
  int backward_operations = 0;
  int kept = 0;  // values a unit and step that the derived backward reads
};
CellFacts FactsOf(const CellType& cell);

}  // namespace eddy
EDDY_API_END
