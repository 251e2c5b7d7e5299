// A plugin's one function: runs a layer of a cell of its own.
#include <exception>

#include "eddy/eddy.h"

extern "C" __attribute__((visibility("default"))) float plugin_step(float input) {
  try {
    eddy::Random random(1);
    const eddy::RecurrentStack stack({.layer = {.cell = "ugrnn", .input = 1, .hidden = 9}}, "stack", random);
    eddy::RecurrentStream stream(stack);
    try {
      eddy::FindCell("no_such_cell");
    } catch (const eddy::Error&) {
      return stream.Step(&input)[0];
    }
  } catch (const std::exception&) {
  }
  return 0;
}
