#include <memory>
#include <vector>

#include "eddy/error.h"
#include "kernels/loops.h"
#include "kernels/math.h"
#include "ops/attention_rows.h"
#include "ops/shapes.h"

namespace eddy {
namespace {

// agreement [A] = tanh(query + key).
void Agreement(const Real* query, const Real* key, size_t n, Real* agreement) {
  for (size_t i = 0; i < n; ++i) agreement[i] = query[i] + key[i];
  TanhArray(agreement, n, agreement);
}

// Calls job(b, a team of one) for every row, sharing them among threads.
template <class Job>
void ForBatch(Threads& threads, const AttentionShape& shape, const Job& job) {
  const size_t work = shape.Tq * shape.Tk * shape.keys;
  threads.For(shape.B, kGrain / (work + 1) + 1, [&](size_t begin, size_t end) {
    Threads one;
    for (size_t b = begin; b < end; ++b) job(b, one);
  });
}

}  // namespace

Var AdditiveAttention(Tape& tape, Var query, Var key, Var combine, Var value, const Sequence& queries,
                      const Sequence& memory, Tensor* weights) {
  const Tensor q = tape.Value(query), k = tape.Value(key), v = tape.Value(value), c = tape.Value(combine);
  const auto shape = std::make_shared<const AttentionShape>("additive attention", q.shape(), k.shape(), v.shape(),
                                                            AttentionOptions{}, queries, memory);
  const size_t Tq = shape->Tq, Tk = shape->Tk, B = shape->B, A = shape->keys, v_stride = B * shape->values;
  RequireSameShape("additive attention", "combine", {A}, c.shape());
  const auto row_of = [=](const Tensor& x, size_t t, size_t b) { return x.data() + (t * B + b) * A; };

  Tensor y({Tq, B, shape->values});
  const Tensor kept({B, 1, Tq, Tk});
  ForBatch(tape.threads(), *shape, [&](size_t b, Threads& one) {
    const size_t rows = shape->queries.Length(b), cols = shape->memory.Length(b);
    const Tensor agreement = Tensor::Uninitialized({A}), scores = Tensor::Uninitialized({cols});
    Real* w = shape->WeightsOf(kept, b, 0);
    for (size_t i = 0; i < rows; ++i) {
      for (size_t s = 0; s < cols; ++s) {
        Agreement(row_of(q, i, b), row_of(k, s, b), A, agreement.data());
        scores[s] = static_cast<Real>(Sum(A, [&](size_t a) { return static_cast<double>(c[a]) * agreement[a]; }));
      }
      SoftmaxRow(scores.data(), cols, w + i * Tk);
    }
    Product({w, rows, cols, Tk, 1}, shape->Part(v, shape->memory, b, 0), shape->PartOf(y, b, 0), v_stride, Start::kZero,
            nullptr, one);
  });
  if (weights != nullptr) *weights = kept;

  // With scores s = combine . g, g = tanh(query + key): dcombine = sum of ds g, dquery and dkey = sums of ds combine (1 -
  // g^2).
  return tape.Record(y, {query, key, combine, value}, [=, &tape](const Tensor& dy) {
    const auto grad = [&](Var var) { return tape.Needs(var) ? tape.Grad(var) : Tensor(); };
    const Tensor dq = grad(query), dk = grad(key), dv = grad(value);
    std::vector<double> dc(B * A);  // of combine, a row's part
    ForBatch(tape.threads(), *shape, [&](size_t b, Threads& one) {
      const size_t rows = shape->queries.Length(b), cols = shape->memory.Length(b);
      const MatrixView dy_part = shape->Part(dy, shape->queries, b, 0), v_part = shape->Part(v, shape->memory, b, 0);
      const Real* w = shape->WeightsOf(kept, b, 0);
      if (!dv.empty()) {
        Product(MatrixView{w, rows, cols, Tk, 1}.Transposed(), dy_part, shape->PartOf(dv, b, 0), v_stride, Start::kC,
                nullptr, one);
      }
      const Tensor slopes = Tensor::Uninitialized({rows, cols}), agreement = Tensor::Uninitialized({A});
      Product(dy_part, v_part.Transposed(), slopes.data(), cols, Start::kZero, nullptr, one);
      for (size_t i = 0; i < rows; ++i) {
        SoftmaxRowBackward(w + i * Tk, cols, {0, cols}, 1, slopes.data() + i * cols);
        for (size_t s = 0; s < cols; ++s) {
          Agreement(row_of(q, i, b), row_of(k, s, b), A, agreement.data());
          const Real slope = slopes[i * cols + s];
          for (size_t a = 0; a < A; ++a) {
            const Real g = agreement[a], d = slope * c[a] * (1 - g * g);
            dc[b * A + a] += static_cast<double>(slope) * g;
            if (!dq.empty()) row_of(dq, i, b)[a] += d;
            if (!dk.empty()) row_of(dk, s, b)[a] += d;
          }
        }
      }
    });
    if (tape.Needs(combine)) {
      AddColumnSums(tape.threads(), B, A, tape.Grad(combine).data(), [&](size_t b, size_t a) { return dc[b * A + a]; });
    }
  });
}

}  // namespace eddy
