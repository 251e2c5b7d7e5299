// Cells compiled outside the library join its table: eddy_add_cells (cmake/EddyAddCells.cmake) generates a source a cell
// that holds one registration, made when the program starts or the plugin is loaded.
#pragma once

#include <span>

#include "eddy/export.h"
#include "kernels/cell_type.h"

namespace eddy {

// The cells of include/eddy/cells/, in alphabetical order; the build generates it.
std::span<const CellType* const> BuiltInCells();

// The cell is in the table while this lives. It runs before main, where nobody could catch an exception: what is wrong with
// a cell (a name that another has too, vectors of another width than the library's) is an Error of FindCell. Any thread may
// make one; spans that Cells() gave out before stay as they were.
class EDDY_API CellRegistration {
 public:
  explicit CellRegistration(const CellType& cell);
  ~CellRegistration();
  CellRegistration(const CellRegistration&) = delete;
  CellRegistration& operator=(const CellRegistration&) = delete;

 private:
  const CellType* cell_;
};

}  // namespace eddy
