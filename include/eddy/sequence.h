// Sequence: which steps of a batch of sequences [T, B] exist.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

// The user sorts and packs nothing.
struct Sequence {
  size_t steps = 0;             // T
  size_t rows = 0;              // B
  std::vector<size_t> lengths;  // a row's length, 0 to T; empty when all are T. Outputs beyond it are 0
  std::vector<uint8_t> resets;  // [T, B]: not 0 where the row starts afresh before this step; empty when none

  size_t Length(size_t row) const { return lengths.empty() ? steps : lengths[row]; }
};

}  // namespace eddy
EDDY_API_END
