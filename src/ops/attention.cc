#include "eddy/attention.h"

#include <memory>

#include "kernels/loops.h"
#include "ops/attention_rows.h"
#include "ops/rotary.h"

namespace eddy {
namespace {

// Calls job(b, h, a team of one) for every row and head, sharing them among the tape's threads.
template <class Job>
void ForHeads(Threads& threads, const AttentionShape& shape, const Job& job) {
  constexpr size_t kSharedWork = size_t{1} << 19;  // multiply-adds that outlast waking another thread
  const size_t heads = shape.options.heads, work = shape.Tq * shape.Tk * (shape.HeadKeys() + shape.HeadValues());
  threads.For(shape.B * heads, kSharedWork / (work + 1) + 1, [&](size_t begin, size_t end) {
    Threads one;
    for (size_t i = begin; i < end; ++i) job(i / heads, i % heads, one);
  });
}

}  // namespace

Var Attention(Tape& tape, Var query, Var key, Var value, const AttentionOptions& options, const Sequence& queries,
              const Sequence& memory, Tensor* weights) {
  const auto shape = std::make_shared<const AttentionShape>("attention", tape.Value(query).shape(), tape.Value(key).shape(),
                                                            tape.Value(value).shape(), options, queries, memory);
  if (options.positions == Positions::kRotary) {
    query = Rotary(tape, query, options.heads, queries);
    key = Rotary(tape, key, options.heads, options.causal ? queries : memory);
  }
  const Tensor q = tape.Value(query), k = tape.Value(key), v = tape.Value(value);
  const size_t Tk = shape->Tk, q_stride = shape->B * shape->keys, v_stride = shape->B * shape->values;
  const Real scale = ScaleOf(options, shape->HeadKeys());

  Tensor y({shape->Tq, shape->B, shape->values});
  const Tensor kept({shape->B, options.heads, shape->Tq, Tk});
  ForHeads(tape.threads(), *shape, [&](size_t b, size_t h, Threads& one) {
    const MatrixView q_part = shape->Part(q, shape->queries, b, h), k_part = shape->Part(k, shape->memory, b, h);
    const size_t rows = q_part.rows, cols = k_part.rows;
    Real* w = shape->WeightsOf(kept, b, h);
    const Tensor scores = Tensor::Uninitialized({rows, cols});
    Product(q_part, k_part.Transposed(), scores.data(), cols, Start::kZero, nullptr, one);
    for (Real& score : scores.values()) score *= scale;
    const Real slope = SlopeOf(options, h);
    for (size_t i = 0; i < rows; ++i) {
      const SeenKeys seen = shape->SeenBy(b, i);
      Real* row = scores.data() + i * cols + seen.begin;
      if (slope != 0) SubtractDistances(slope, i, seen.begin, seen.size(), row);
      SoftmaxRow(row, seen.size(), w + i * Tk + seen.begin);
    }
    Product({w, rows, cols, Tk, 1}, shape->Part(v, shape->memory, b, h), shape->PartOf(y, b, h), v_stride, Start::kZero,
            nullptr, one);
  });
  if (weights != nullptr) *weights = kept;

  // With weights w: dv = w^T dy, dw = dy v^T, ds by the softmax, dq = scale ds k, dk = scale ds^T q.
  return tape.Record(y, {query, key, value}, [=, &tape](const Tensor& dy) {
    const auto grad = [&](Var var) { return tape.Needs(var) ? tape.Grad(var) : Tensor(); };
    const Tensor dq = grad(query), dk = grad(key), dv = grad(value);
    ForHeads(tape.threads(), *shape, [&](size_t b, size_t h, Threads& one) {
      const MatrixView q_part = shape->Part(q, shape->queries, b, h), k_part = shape->Part(k, shape->memory, b, h);
      const MatrixView dy_part = shape->Part(dy, shape->queries, b, h), v_part = shape->Part(v, shape->memory, b, h);
      const size_t rows = q_part.rows, cols = k_part.rows;
      const Real* w = shape->WeightsOf(kept, b, h);
      const auto add = [&](const MatrixView& left, const MatrixView& right, const Tensor& to, size_t stride) {
        if (!to.empty()) Product(left, right, shape->PartOf(to, b, h), stride, Start::kC, nullptr, one);
      };
      add(MatrixView{w, rows, cols, Tk, 1}.Transposed(), dy_part, dv, v_stride);
      if (dq.empty() && dk.empty()) return;

      const Tensor slopes = Tensor::Uninitialized({rows, cols});
      Product(dy_part, v_part.Transposed(), slopes.data(), cols, Start::kZero, nullptr, one);
      for (size_t i = 0; i < rows; ++i) {
        const SeenKeys seen = shape->SeenBy(b, i);
        SoftmaxRowBackward(w + i * Tk, cols, seen, scale, slopes.data() + i * cols);
      }
      const MatrixView ds = RowMajor(slopes.data(), rows, cols);
      add(ds, k_part, dq, q_stride);
      add(ds.Transposed(), q_part, dk, q_stride);
    });
  });
}

}  // namespace eddy
