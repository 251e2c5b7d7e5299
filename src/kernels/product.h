// Matrix products of Real, for any strides, with one summation order: every element of C is
//     (... ((c0 + A[m,0] B[0,n]) + A[m,1] B[1,n]) ... + A[m,K-1] B[K-1,n]),    each step one fused multiply-add,
// whatever M, N, the tiling or the number of threads. c0 is 0, C, or a bias. This is what the bit-for-bit laws rest on.
#pragma once

#include <cstddef>

#include "base/aligned.h"
#include "eddy/real.h"
#include "eddy/threads.h"

namespace eddy {

// A matrix in memory: element (i, j) at data[i * row_stride + j * col_stride].
struct MatrixView {
  const Real* data;
  size_t rows, cols;
  size_t row_stride, col_stride;
  MatrixView Transposed() const { return {data, cols, rows, col_stride, row_stride}; }
};

// Row-major [rows, cols] without gaps.
inline MatrixView RowMajor(const Real* data, size_t rows, size_t cols) { return {data, rows, cols, cols, 1}; }

// What each element of C starts from.
enum class Start {
  kZero,
  kC,     // C's present value: C += A B
  kBias,  // bias[n]
};

// C [A.rows, B.cols] at `c` with `c_stride` between rows; bias [B.cols] with Start::kBias. C overlaps neither operand.
// Packs B (and A when it is large) on the fly.
void Product(const MatrixView& a, const MatrixView& b, Real* c, size_t c_stride, Start start, const Real* bias,
             Threads& threads);

// B packed for many products, in panels of a few vectors' width. `kPanelVectors` columns' worth of vectors a panel.
class PackedMatrix {
 public:
  PackedMatrix() = default;
  explicit PackedMatrix(const MatrixView& b);
  size_t rows() const { return rows_; }  // K
  size_t cols() const { return cols_; }  // N
  const Real* data() const { return data_.get(); }

 private:
  size_t rows_ = 0, cols_ = 0;
  std::unique_ptr<Real[], AlignedDelete> data_;
};

// As Product, on the calling thread, with B packed and only columns [begin, end) of C, of which `c` and `bias` point at the
// first; begin is a multiple of PanelWidth(). Allocates nothing.
void PackedProduct(const MatrixView& a, const PackedMatrix& b, size_t begin, size_t end, Real* c, size_t c_stride,
                   Start start, const Real* bias);
size_t PanelWidth();  // columns of a panel on this machine

}  // namespace eddy
