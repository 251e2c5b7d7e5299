// Matrix products of Real, for any strides, with one summation order: every element of C is
//     (... ((c0 + A[m,0] B[0,n]) + A[m,1] B[1,n]) ... + A[m,K-1] B[K-1,n]),    each step one fused multiply-add,
// whatever M, N, the tiling or the number of threads. c0 is 0, C, or a bias. This is what the bit-for-bit laws rest on. In
// bfloat16 the terms are added in pairs, in an order as fixed.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "eddy/precision.h"
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
// Packs B, and A where its columns are contiguous rather than its rows. In kBfloat16 A's rows or columns
// must be contiguous, in kInt8 its rows.
void Product(const MatrixView& a, const MatrixView& b, Real* c, size_t c_stride, Start start, const Real* bias,
             Threads& threads, Precision precision = Precision::kFloat32);

// Elements of the inner dimension that Product() takes at a time, each time reading and writing all of C: so many that this
// costs little, few enough for B's panel to stay in the second-level cache beside rows of A. (Of 1024, the tiles into which
// A is packed would all begin in the same set of the first-level cache.)
inline constexpr size_t kProductDepth = 960;

// Bytes of weights from which on no cache of a core holds them.
inline constexpr size_t kLargeWeights = size_t{2} << 20;

// Multiply-adds from which on threads share a product: some 10 microseconds.
inline constexpr size_t kSharedProduct = size_t{1} << 19;

// Several products of one A, each C += A B, as by Product(): A is packed once for all of them.
struct ProductSum {
  MatrixView b;
  Real* c;
  size_t c_stride;
};
void AddProducts(const MatrixView& a, std::span<const ProductSum> sums, Threads& threads,
                 Precision precision = Precision::kFloat32);

struct ProductKernels;

// B packed for many products, in panels of a few vectors' width: by threads and in their memory or that given, or, without
// any, by the caller in memory of its own.
class PackedMatrix {
 public:
  PackedMatrix() = default;
  PackedMatrix(const MatrixView& b, Precision precision = Precision::kFloat32, Threads* threads = nullptr,
               MemoryPool* memory = nullptr);
  // Each column given by where its `rows` elements stand one after another; null for a column of zeros.
  PackedMatrix(const std::vector<const Real*>& columns, size_t rows, Precision precision, Threads* threads = nullptr,
               MemoryPool* memory = nullptr);
  size_t rows() const { return rows_; }  // K
  size_t cols() const { return cols_; }  // N
  const ProductKernels& kernels() const { return *kernels_; }
  void* Panel(size_t begin, size_t first) const;  // the panel of columns from `begin` on, its part from row `first` on

 private:
  template <class PackPart>
  PackedMatrix(size_t rows, size_t cols, Precision precision, Threads* threads, MemoryPool* memory, const PackPart& pack);

  const ProductKernels* kernels_ = nullptr;
  size_t rows_ = 0, cols_ = 0;
  size_t elements_ = 0;  // of a column
  std::shared_ptr<unsigned char[]> data_;
};

// As Product, on the calling thread, with B packed and only columns [begin, end) of C, of which `c` and `bias` point at the
// first; begin is a multiple of PanelWidth(), and end too unless it is the last. A's rows are contiguous. Allocates nothing.
// `backwards`: the last columns first, for a B that has just been gone through forwards: what is left of it in a cache too
// small for all of it is found there.
void PackedProduct(const MatrixView& a, const PackedMatrix& b, size_t begin, size_t end, Real* c, size_t c_stride,
                   Start start, const Real* bias, bool backwards = false);

// out [columns] = start + a panels, of one packed row; `start` is null for zeros.
using RowKernel = void (*)(const void* a, const void* panels, size_t groups, const Real* start, Real* out);

// As PackedProduct, of one row that changes between products while the columns of C and where they begin stay: the product
// of a stream, for which everything around the sums counts, so that all places are found once. Does nothing by default.
class RowProduct {
 public:
  RowProduct() = default;
  // B must outlive it; `bias` is null for sums that begin with 0. Backwards it takes the last columns first.
  RowProduct(const PackedMatrix& b, size_t begin, size_t end, Real* c, const Real* bias, bool backwards);
  void operator()(const Real* a) const;

 private:
  struct Columns {  // as many as a kernel takes
    RowKernel kernel;
    const void* panels;
    const Real* start;
    Real* out;
  };
  const PackedMatrix* b_ = nullptr;
  size_t begin_ = 0, end_ = 0, groups_ = 0;
  Real* c_ = nullptr;
  const Real* bias_ = nullptr;
  std::vector<Columns> columns_;  // empty where the product must go another way
};

size_t PanelWidth();                            // columns of a panel on this machine, for any precision
size_t VectorWidth();                           // reals of a vector, which divides it
inline constexpr size_t kMostPanelWidth = 256;  // on any machine
// Rows that are multiplied together: with four vectors' width 24 accumulators of 32 registers, with two 12 of 16.
inline constexpr size_t kTileRows = 6;

}  // namespace eddy
