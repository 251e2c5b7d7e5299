#include "kernels/cell_type.h"

namespace eddy {

std::string_view CellName(const CellType& cell) { return cell.name; }
const CellInfo& InfoOf(const CellType& cell) { return cell.info; }
CellFacts FactsOf(const CellType& cell) { return cell.facts; }

}  // namespace eddy
