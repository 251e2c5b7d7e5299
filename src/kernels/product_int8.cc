// Products of whole numbers on machines without instructions for them: as Real, in which sums of a part are exact.
#include <algorithm>
#include <utility>
#include <vector>

#include "base/aligned.h"
#include "kernels/product_kernels.h"
#include "kernels/quantize.h"

namespace eddy {
namespace {

static_assert(kPartDepth * 127 * 127 < (size_t{1} << 24), "a float holds every sum of a part");

// A part of a panel: the scales of its columns, then the columns.
void PackColumns(const Real* const* columns, size_t count, size_t depth, size_t width, void* packed) {
  Real *scales = static_cast<Real*>(packed), *numbers = scales + width;
  for (size_t n = 0; n < width; ++n) {
    const Real* column = n < count ? columns[n] : nullptr;
    const float scale = column == nullptr ? 0 : ScaleOf(column, depth), inverse = InverseOf(scale);
    scales[n] = static_cast<Real>(scale);
    for (size_t k = 0; k < depth; ++k) {
      numbers[k * width + n] = inverse > 0 ? static_cast<Real>(Quantized(column[k], inverse)) : Real{0};
    }
  }
}

void PackPanel(const MatrixView& b, size_t first, size_t depth, size_t begin, size_t width, void* packed) {
  PackCopiedColumns(PackColumns, b, first, depth, begin, width, packed);
}

void PackRows(const MatrixView& a, size_t first, size_t rows, size_t k, size_t depth, void* packed) {
  Real* to = static_cast<Real*>(packed);
  for (size_t r = 0; r < rows; ++r, to += depth + 1) {
    const Real* row = a.data + (first + r) * a.row_stride + k;
    const float scale = ScaleOf(row, depth), inverse = InverseOf(scale);
    to[0] = static_cast<Real>(scale);
    for (size_t i = 0; i < depth; ++i) to[1 + i] = inverse > 0 ? static_cast<Real>(Quantized(row[i], inverse)) : Real{0};
  }
}

void Tile(size_t rows, size_t vectors, const void* a, size_t a_row, size_t a_col, const void* panel, size_t groups,
          const Real* start, size_t start_stride, Real* out, size_t out_stride) {
  alignas(kAlignment) Real sums[kTileRows * kMostPanelWidth];
  const Real *row_scales = static_cast<const Real*>(a), *scales = static_cast<const Real*>(panel);
  const size_t width = vectors * FloatKernels().lanes;
  FloatKernels().tile(rows, vectors, row_scales + 1, a_row, a_col, scales + width, groups, nullptr, 0, sums, width);
  for (size_t r = 0; r < rows; ++r) {
    for (size_t n = 0; n < width; ++n) {
      const Real from = start == nullptr ? Real{0} : start[r * start_stride + n];
      out[r * out_stride + n] = from + row_scales[r * a_row] * scales[n] * sums[r * width + n];
    }
  }
}

template <size_t kVectors>
void Row(const void* a, const void* packed, size_t groups, const Real* start, Real* out) {
  const size_t lanes = FloatKernels().lanes, most = FloatKernels().panel_vectors;
  const Real* panel = static_cast<const Real*>(packed);
  for (size_t n = 0; n < kVectors; n += most, panel += (groups + 1) * most * lanes) {
    Tile(1, std::min(most, kVectors - n), a, groups + 1, 1, panel, groups, start == nullptr ? start : start + n * lanes, 0,
         out + n * lanes, 0);
  }
}

template <size_t... I>
ProductKernels WithRows(ProductKernels kernels, std::index_sequence<I...>) {
  ((kernels.row[I] = Row<I + 1>), ...);
  return kernels;
}

}  // namespace

void PackCopiedColumns(ColumnPacker* pack, const MatrixView& b, size_t first, size_t depth, size_t begin, size_t width,
                       void* packed) {
  const size_t cols = std::min(width, b.cols - begin);
  std::vector<Real> copies(cols * depth);
  std::vector<const Real*> columns(cols);
  for (size_t n = 0; n < cols; ++n) {
    Real* copy = copies.data() + n * depth;
    columns[n] = copy;
    for (size_t k = 0; k < depth; ++k) copy[k] = b.data[(first + k) * b.row_stride + (begin + n) * b.col_stride];
  }
  pack(columns.data(), cols, depth, width, packed);
}

const ProductKernels& Int8Kernels() {
  static const ProductKernels kernels = WithRows({.lanes = FloatKernels().lanes,
                                                  .panel_vectors = FloatKernels().panel_vectors,
                                                  .group = 1,
                                                  .bytes = sizeof(Real),
                                                  .packs_rows = true,
                                                  .panel_header = 1,
                                                  .row_header = 1,
                                                  .pack_panel = PackPanel,
                                                  .pack_columns = PackColumns,
                                                  .pack_tiles = nullptr,
                                                  .pack_rows = PackRows,
                                                  .tile = Tile,
                                                  .row_vectors = FloatKernels().row_vectors},
                                                 std::make_index_sequence<kMostRowVectors>());
  return kernels;
}

}  // namespace eddy
