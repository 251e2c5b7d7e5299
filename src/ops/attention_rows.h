// What attention of any kind shares: shapes, which steps of memory a query sees, the softmax over them, its derivative.
#pragma once

#include <string_view>
#include <vector>

#include "eddy/attention.h"
#include "kernels/product.h"

namespace eddy {

// Keys that a query sees: [begin, end), empty where begin = end.
struct SeenKeys {
  size_t begin, end;
  size_t size() const { return end - begin; }
};

// What the products of queries and keys are multiplied by, in heads of that width.
Real ScaleOf(const AttentionOptions& options, size_t head_keys);

// By how much a head's scores fall with a step of distance; 0 without linear biases.
Real SlopeOf(const AttentionOptions& options, size_t head);

struct AttentionShape {
  size_t Tq, Tk, B, keys, values;  // widths of keys and values over all heads
  AttentionOptions options;
  Sequence queries, memory;
  std::vector<size_t> resets;  // LatestResets of the queries

  // Throws Error for what does not fit.
  AttentionShape(std::string_view operation, const Shape& query, const Shape& key, const Shape& value,
                 const AttentionOptions& options, const Sequence& queries, const Sequence& memory);

  SeenKeys SeenBy(size_t row, size_t query) const;
  size_t HeadKeys() const { return keys / options.heads; }
  size_t HeadValues() const { return values / options.heads; }
  // Row b's and head h's part of x [T, B, width]: its steps up to the row's length.
  MatrixView Part(const Tensor& x, const Sequence& sequence, size_t b, size_t h) const;
  Real* PartOf(const Tensor& x, size_t b, size_t h) const;           // its first element
  Real* WeightsOf(const Tensor& weights, size_t b, size_t h) const;  // [Tq, Tk] of weights [B, heads, Tq, Tk]
};

// scores [n] of the keys from `first` on -= slope |query - key|.
void SubtractDistances(Real slope, size_t query, size_t first, size_t n, Real* scores);

// scores [n] -> weights [n], which must be zeros: their softmax.
void SoftmaxRow(const Real* scores, size_t n, Real* weights);

// slopes [n]: d loss / d weights of a query -> d loss / d scores times `scale`, 0 where nothing is seen.
void SoftmaxRowBackward(const Real* weights, size_t n, SeenKeys seen, Real scale, Real* slopes);

}  // namespace eddy
