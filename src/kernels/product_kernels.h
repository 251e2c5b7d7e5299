// What a product is made of, for one kind of numbers and one instruction set. An element of a packed operand holds `group`
// neighbours along the inner dimension, which one instruction takes together: K values are Groups(K) elements, zeros beyond.
// The inner dimension is packed in parts of kPartDepth where rows must be packed at all, whole otherwise. A part may begin
// with scales and the like: `panel_header` elements for each column, `row_header` for each row.
#pragma once

#include <bit>
#include <cstddef>

#include "kernels/product.h"
#include "kernels/quantize.h"

namespace eddy {

inline constexpr size_t kPartDepth = kQuantizedPart;

inline constexpr size_t kMostRowVectors = 16;

// Memory that a tile asks for while it is computed, a line or two with each element of the inner dimension, so that what
// comes next is in the second-level cache by then.
struct Ahead {
  const unsigned char* line;
  size_t second = 0;  // from the first of two lines to the second
  size_t step = 0;    // from one element's to the next's
  void Ask() {
    __builtin_prefetch(line, 0, 2);
    __builtin_prefetch(line + second, 0, 2);
    line += step;
  }
};

struct ProductKernels {
  size_t lanes;          // columns of a vector, and
  size_t panel_vectors;  // vectors of a panel
  size_t group;          // a power of two, as lanes is: the smallest products have no time for divisions
  size_t bytes;          // of an element
  bool packs_rows;       // whether a must be packed even where its rows are contiguous
  size_t panel_header = 0, row_header = 0;

  size_t PanelWidth() const { return panel_vectors * lanes; }
  size_t Groups(size_t depth) const { return (depth + group - 1) >> std::countr_zero(group); }
  size_t Vectors(size_t cols) const { return (cols + lanes - 1) >> std::countr_zero(lanes); }
  size_t Part(size_t depth) const { return packs_rows && depth > kPartDepth ? kPartDepth : depth; }  // the depth of a part
  size_t ColumnElements(size_t depth) const { return panel_header + Groups(depth); }                 // of a part
  size_t RowElements(size_t depth) const { return row_header + Groups(depth); }
  // Vectors of the panel that begins at column `begin` of a matrix with `cols` columns.
  size_t VectorsAt(size_t begin, size_t cols) const {
    const size_t left = Vectors(cols - begin);
    return left < panel_vectors ? left : panel_vectors;
  }

  // b's rows [first, first + depth) and columns [begin, begin + width), zeros beyond its last:
  // [ColumnElements(depth)][width].
  void (*pack_panel)(const MatrixView& b, size_t first, size_t depth, size_t begin, size_t width, void* packed);
  // The same of `count` <= width columns, each contiguous from its pointer on, or null for zeros.
  void (*pack_columns)(const Real* const* columns, size_t count, size_t depth, size_t width, void* packed);
  // a's rows [first, first + rows) and columns [k, k + depth) in tiles: [tiles][Groups(depth)][kTileRows]. a's columns are
  // contiguous. Null where there are headers.
  void (*pack_tiles)(const MatrixView& a, size_t first, size_t rows, size_t k, size_t depth, void* packed);
  // The same row by row: [rows][RowElements(depth)]. a's rows are contiguous.
  void (*pack_rows)(const MatrixView& a, size_t first, size_t rows, size_t k, size_t depth, void* packed);
  // out [rows, vectors] = start + a panel. Element (r, g) of a is number row_header + r * a_row + g * a_col. `start` is null
  // for zeros; start_stride 0 repeats one row (a bias). rows <= kTileRows, vectors <= panel_vectors.
  void (*tile)(size_t rows, size_t vectors, const void* a, size_t a_row, size_t a_col, const void* panel, size_t groups,
               const Real* start, size_t start_stride, Real* out, size_t out_stride);
  // The same, asking ahead; null where no panel is worth it.
  void (*tile_ahead)(size_t rows, size_t vectors, const void* a, size_t a_row, size_t a_col, const void* panel,
                     size_t groups, const Real* start, size_t start_stride, Real* out, size_t out_stride,
                     Ahead ahead) = nullptr;
  // row[n - 1] is for one row of contiguous elements and n <= row_vectors vectors of neighbouring panels, of which the last
  // may be narrower: more sums at once than one panel gives. row_vectors is a multiple of panel_vectors.
  size_t row_vectors;
  RowKernel row[kMostRowVectors] = {};
};

const ProductKernels& FloatKernels();     // for Real, whatever that is
const ProductKernels& RoundedKernels();   // the same, with operands rounded to bfloat16
const ProductKernels* Bfloat16Kernels();  // null without instructions for it
const ProductKernels& Int8Kernels();      // whole numbers in Real
const ProductKernels* VnniKernels();      // the same bits; null without instructions for it

// pack_panel by pack_columns, for what is packed once.
using ColumnPacker = void(const Real* const* columns, size_t count, size_t depth, size_t width, void* packed);
void PackCopiedColumns(ColumnPacker* pack, const MatrixView& b, size_t first, size_t depth, size_t begin, size_t width,
                       void* packed);

}  // namespace eddy
