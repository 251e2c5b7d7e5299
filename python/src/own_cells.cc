// Cells that Python compiled and loaded: their place in the table.
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <map>
#include <memory>
#include <mutex>

#include "eddy/error.h"
#include "kernels/cell_registry.h"
#include "layers.h"

namespace eddy::python {
namespace {

std::mutex mutex;

// By name, until the process ends: layers of a cell that another has taken the place of go on with theirs.
std::map<std::string, std::unique_ptr<CellRegistration>, std::less<>>& Registered() {
  static auto& registered = *new std::map<std::string, std::unique_ptr<CellRegistration>, std::less<>>;
  return registered;
}

bool IsOthers(std::string_view name) {
  if (Registered().contains(name)) return false;
  for (const CellType* cell : Cells()) {
    if (cell->name == name) return true;
  }
  return false;
}

void RequireFree(std::string_view name) {
  const std::lock_guard lock(mutex);
  if (IsOthers(name)) Fail("cell", "the name", "another: Eddy has a cell of this one", name);
}

// `address`: of a CellType that lives until the process ends. Takes the place of a cell of Python's of this name.
void Register(uintptr_t address) {
  const auto* cell = reinterpret_cast<const CellType*>(address);
  RequireFree(cell->name);
  const std::lock_guard lock(mutex);
  std::unique_ptr<CellRegistration>& registration = Registered()[std::string(cell->name)];
  registration.reset();
  registration = std::make_unique<CellRegistration>(*cell);
}

}  // namespace

void BindOwnCells(nb::module_& m) {
  m.def("_require_free_cell_name", &RequireFree, nb::arg("name"));
  m.def("_register_cell", &Register, nb::arg("address"));
  m.def(
      "_vector_width", [] { return FindCell("lstm").lanes; }, "Numbers of a vector of the kernels.");
}

}  // namespace eddy::python
