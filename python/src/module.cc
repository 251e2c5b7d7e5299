// The extension module eddy_rnn._core: the library's layers, tapes, losses and optimizers for numpy,
// and its tasks. Each file beside this
// one binds one part. Arrays go in and out without a copy where their layout allows; work runs without the interpreter's
// lock.
#include <nanobind/nanobind.h>

#include "eddy/error.h"
#include "layers.h"
#include "tasks.h"

NB_MODULE(_core, m) {
  using namespace eddy::python;
  // What modules and caches of Python's hold at exit is no one's concern.
  nb::set_leak_warnings(false);
  nb::exception<eddy::Error>(m, "Error", PyExc_ValueError);
  BindTape(m);
  BindOps(m);
  BindLosses(m);
  BindOptimizers(m);
  BindCells(m);
  BindOwnCells(m);
  BindRecurrent(m);
  BindEncoder(m);
  BindStreams(m);
  BindSequenceLosses(m);
  BindForeign(m);
  BindConvert(m);
  BindChain(m);
  BindTasks(m);
  BindModels(m);
}
