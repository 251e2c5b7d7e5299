// What both kinds of product (product.cc, packed_product.cc) are made of: tiles of C, the rows of A that a tile reads, and
// what is on its way to the caches meanwhile.
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/aligned.h"
#include "kernels/product_kernels.h"

namespace eddy {

inline const ProductKernels& KernelsFor(Precision precision) {
  if (precision == Precision::kFloat32) return FloatKernels();
  static const ProductKernels& bfloat16 = Bfloat16Kernels() != nullptr ? *Bfloat16Kernels() : RoundedKernels();
  static const ProductKernels& int8 = VnniKernels() != nullptr ? *VnniKernels() : Int8Kernels();
  return precision == Precision::kBfloat16 ? bfloat16 : int8;
}

// Where the sums of a tile begin: null for zeros.
struct TileSums {
  const Real* data;
  size_t stride;
};

// A tile of which only `cols` columns exist in C: the others go through a buffer.
inline void MakeTile(const ProductKernels& kernels, size_t rows, size_t cols, const void* a, size_t a_row, size_t a_col,
                     const void* panel, size_t groups, TileSums start, Real* out, size_t out_stride,
                     const Ahead* ahead = nullptr) {
  const size_t vectors = kernels.Vectors(cols), width = vectors * kernels.lanes;
  if (cols == width && ahead != nullptr) {
    return kernels.tile_ahead(rows, vectors, a, a_row, a_col, panel, groups, start.data, start.stride, out, out_stride,
                              *ahead);
  }
  if (cols == width) {
    return kernels.tile(rows, vectors, a, a_row, a_col, panel, groups, start.data, start.stride, out, out_stride);
  }
  alignas(kAlignment) Real buffer[kTileRows * kMostPanelWidth] = {};
  for (size_t r = 0; start.data != nullptr && r < rows; ++r) {
    std::copy_n(start.data + r * start.stride, cols, buffer + r * width);
  }
  kernels.tile(rows, vectors, a, a_row, a_col, panel, groups, buffer, width, buffer, width);
  for (size_t r = 0; r < rows; ++r) std::copy_n(buffer + r * width, cols, out + r * out_stride);
}

// Whether the panels of a matrix, of so many bytes each and in all, are worth asking for ahead: all of them are more than
// the caches hold, from which asking would only take time, and two of them are less.
inline bool IsAskedFor(const ProductKernels& kernels, size_t panel_bytes, size_t bytes) {
  return bytes > kLargeWeights && panel_bytes <= kLargeWeights / 4 && kernels.tile_ahead != nullptr;
}

// What the tile from row r of `rows` on asks for of the panel that comes next: all tiles of these rows ask for all of it.
// Two tiles and more have the time for that; a single one has it for half.
inline Ahead AheadOf(const void* next, size_t r, size_t rows, size_t groups, size_t row_bytes) {
  const size_t tile = (r + kTileRows - 1) / kTileRows, tiles = (rows + kTileRows - 1) / kTileRows;
  const size_t lines = std::max<size_t>(1, row_bytes / kAlignment), own = std::min<size_t>(2, (lines + tiles - 1) / tiles);
  if (tile * own >= lines) return {static_cast<const unsigned char*>(next)};
  return {static_cast<const unsigned char*>(next) + tile * own * groups * kAlignment, (own - 1) * kAlignment,
          own * kAlignment};
}

// Rows of A, `depth` elements wide from column k on, as the kernels read them: in place, or packed into a buffer.
struct TileOperand {
  const void* data;
  size_t row, col;  // strides, in elements
};

inline TileOperand OperandRows(const ProductKernels& kernels, const MatrixView& a, size_t first, size_t rows, size_t k,
                               size_t depth, void* buffer) {
  if (a.row_stride == 1 && a.col_stride != 1) {
    kernels.pack_tiles(a, first, rows, k, depth, buffer);
    return {buffer, 1, kTileRows};
  }
  if (!kernels.packs_rows) return {a.data + first * a.row_stride + k * a.col_stride, a.row_stride, a.col_stride};
  kernels.pack_rows(a, first, rows, k, depth, buffer);
  return {buffer, kernels.RowElements(depth), 1};
}

// The tile of rows [r, ...) of an operand.
inline const void* TileAt(const ProductKernels& kernels, const TileOperand& a, size_t r, size_t groups) {
  const size_t elements = a.col == kTileRows && a.row == 1 ? r * groups : r * a.row;
  return static_cast<const unsigned char*>(a.data) + elements * kernels.bytes;
}

// Sums that a tile will begin from, each row in a page of its own, come to the cache while another tile is computed.
inline void ExpectTile(const Real* c, size_t c_stride, size_t rows, size_t cols) {
  constexpr size_t kLine = kAlignment / sizeof(Real);
  for (size_t r = 0; r < rows; ++r, c += c_stride) {
    for (size_t n = 0; n < cols; n += kLine) __builtin_prefetch(c + n, 1);
  }
}

}  // namespace eddy
