#include <algorithm>
#include <vector>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/pieces.h"

namespace eddy {

Var Embedding(Tape& tape, Var table, std::span<const int32_t> indices) {
  const Tensor rows = tape.Value(table);
  Require(rows.rank() == 2, "embedding", "table", "[V, D]", rows.shape().ToString());
  const size_t width = rows.dim(1);
  for (int32_t index : indices) {
    if (index < 0 || static_cast<size_t>(index) >= rows.dim(0)) {
      Fail("embedding", "index", "in [0, " + std::to_string(rows.dim(0)) + ")", std::to_string(index));
    }
  }

  std::vector<int32_t> kept(indices.begin(), indices.end());
  Tensor y = tape.Uninitialized({kept.size(), width});
  ForPieces(tape.threads(), kept.size(), width, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      std::copy_n(rows.data() + static_cast<size_t>(kept[i]) * width, width, y.data() + i * width);
    }
  });

  return tape.Record(y, {table}, [=, &tape, kept = std::move(kept)](const Tensor& grad) {
    const Real* dy = grad.data();
    Real* drows = tape.Grad(table).data();
    // A thread takes some columns of every row, so that a repeated row is summed in one order.
    const size_t grain = std::max<size_t>(16, kGrain / std::max<size_t>(kept.size(), 1));
    const size_t look = kLook / std::max<size_t>(width, 1) + 1;
    tape.threads().For(width, grain, [&](size_t begin, size_t end) {
      for (size_t i = 0; i < kept.size(); ++i) {
        if (i % look == look - 1) tape.threads().ThrowIfStopped();
        Real* to = drows + static_cast<size_t>(kept[i]) * width;
        for (size_t col = begin; col < end; ++col) to[col] += dy[i * width + col];
      }
    });
  });
}

}  // namespace eddy
