// Tapes, values and parameters as Python has them. A Python tape works in one thread at a time; several, each with its own
// tape, work side by side. Values and what a tape writes gradients to keep each other alive as long as either is in use.
#pragma once

#include "arrays.h"
#include "eddy/tape.h"
#include "team.h"

namespace eddy::python {

struct PyTape {
  PyTape(std::shared_ptr<Team> team, Tape::Mode mode, uint64_t seed, Precision precision)
      : team(std::move(team)), tape(this->team->threads, mode, seed, precision) {}

  std::shared_ptr<Team> team;
  Tape tape;
  bool done = false;             // Backward has run
  std::vector<nb::object> kept;  // layers and parameters in use
};

struct PyVar {
  std::shared_ptr<PyTape> tape;
  Var var;
};

// The tape of an operation's operands: that of the first that is a value. Throws Error where there is none, for operands of
// different tapes, and for a tape whose Backward has run.
std::shared_ptr<PyTape> TapeOf(const char* operation, std::initializer_list<nb::handle> operands);

// An operand on that tape: a value of it, a parameter, an array (then a constant), or none.
Var OnTape(PyTape& tape, nb::handle operand);

// Runs `make(tape)`, which returns a Var, on the operands' tape and wraps what it returns.
template <class Make>
PyVar Operate(const char* operation, std::initializer_list<nb::handle> operands, const Make& make) {
  const std::shared_ptr<PyTape> tape = TapeOf(operation, operands);
  Var vars[4];
  size_t n = 0;
  for (const nb::handle operand : operands) vars[n++] = OnTape(*tape, operand);
  return {tape, Work(*tape->team, [&] { return make(tape->tape, vars); })};
}

void BindTape(nb::module_& m);
void BindOps(nb::module_& m);
void BindLosses(nb::module_& m);
void BindSequenceLosses(nb::module_& m);
void BindOptimizers(nb::module_& m);

}  // namespace eddy::python
