#include "kernels/cell_registry.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "base/nearest.h"
#include "eddy/error.h"
#include "kernels/product.h"

namespace eddy {
namespace {

// Every state the table was in is kept, for spans of it may be about. There is one a registration, and few of those.
class CellTable {
 public:
  CellTable() {
    const std::span<const CellType* const> cells = BuiltInCells();
    states_.emplace_back(cells.begin(), cells.end());
  }

  std::span<const CellType* const> Cells() {
    const std::lock_guard lock(mutex_);
    return states_.back();
  }

  void Add(const CellType& cell) {
    const std::lock_guard lock(mutex_);
    std::vector<const CellType*> cells = states_.back();
    const auto later = [](const CellType* a, const CellType* b) { return a->name < b->name; };
    cells.insert(std::upper_bound(cells.begin(), cells.end(), &cell, later), &cell);
    states_.push_back(std::move(cells));
  }

  void Remove(const CellType& cell) {
    const std::lock_guard lock(mutex_);
    std::vector<const CellType*> cells = states_.back();
    cells.erase(std::find(cells.begin(), cells.end(), &cell));
    states_.push_back(std::move(cells));
  }

 private:
  std::mutex mutex_;
  std::deque<std::vector<const CellType*>> states_;
};

// Never destroyed: registrations of other sources end after it would.
CellTable& Table() {
  static CellTable& table = *new CellTable;
  return table;
}

}  // namespace

CellRegistration::CellRegistration(const CellType& cell) : cell_(&cell) { Table().Add(cell); }
CellRegistration::~CellRegistration() { Table().Remove(*cell_); }

std::span<const CellType* const> Cells() { return Table().Cells(); }

const CellType& FindCell(std::string_view name) {
  const CellType* found = nullptr;
  std::vector<std::string_view> names;
  for (const CellType* cell : Cells()) {
    names.push_back(cell->name);
    if (cell->name != name) continue;
    Require(found == nullptr, "cell", "name", "that of one cell", std::string(name) + ", which several have");
    found = cell;
  }
  if (found == nullptr)
    Fail("cell", "name", "a cell of the table (nearest: " + Nearest(name, names) + ")", std::string(name));
  if (found->lanes != VectorWidth()) {
    Fail("cell", std::string(name),
         "compiled for vectors of " + std::to_string(VectorWidth()) + " numbers, as the library is",
         "for " + std::to_string(found->lanes));
  }
  return *found;
}

}  // namespace eddy
