#include "eddy/attention.h"

#include <algorithm>
#include <memory>
#include <vector>

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

// Queries [first, first + rows) of a row, and all the keys that any of them sees. Where attention is causal, what no query
// of a block sees is left out of its products: that changes no bit, since its weights are 0.
struct QueryBlock {
  size_t first, rows;
  SeenKeys keys;
  size_t at;  // where its weights [rows, keys] begin among those of the row and head
  size_t size() const { return rows * keys.size(); }
};

std::vector<QueryBlock> BlocksOf(const AttentionShape& shape, size_t b) {
  constexpr size_t kRows = 64;
  const size_t length = shape.queries.Length(b), step = shape.options.causal ? kRows : std::max<size_t>(length, 1);
  std::vector<QueryBlock> blocks;
  for (size_t first = 0, at = 0; first < length; first += step, at += blocks.back().size()) {
    const size_t rows = std::min(step, length - first);
    const SeenKeys keys = {shape.SeenBy(b, first).begin, shape.SeenBy(b, first + rows - 1).end};
    blocks.push_back({first, rows, keys, at});
  }
  return blocks;
}

MatrixView RowRange(const MatrixView& m, size_t begin, size_t count) {
  return {m.data + begin * m.row_stride, count, m.cols, m.row_stride, m.col_stride};
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
  const size_t heads = options.heads, Tk = shape->Tk, q_stride = shape->B * shape->keys, v_stride = shape->B * shape->values;
  const Real scale = ScaleOf(options, shape->HeadKeys());

  Tensor y({shape->Tq, shape->B, shape->values});
  if (weights != nullptr) *weights = Tensor({shape->B, heads, shape->Tq, Tk});
  const auto kept = std::make_shared<std::vector<Tensor>>(shape->B * heads);  // weights, block after block
  ForHeads(tape.threads(), *shape, [&](size_t b, size_t h, Threads& one) {
    const MatrixView q_part = shape->Part(q, shape->queries, b, h), k_part = shape->Part(k, shape->memory, b, h);
    const MatrixView v_part = shape->Part(v, shape->memory, b, h);
    const std::vector<QueryBlock> blocks = BlocksOf(*shape, b);
    if (blocks.empty()) return;
    const Tensor w({blocks.back().at + blocks.back().size()});
    const Real slope = SlopeOf(options, h);
    for (const QueryBlock& block : blocks) {
      const size_t cols = block.keys.size();
      const MatrixView keys = RowRange(k_part, block.keys.begin, cols), values = RowRange(v_part, block.keys.begin, cols);
      const Tensor scores = Tensor::Uninitialized({block.rows, cols});
      Product(RowRange(q_part, block.first, block.rows), keys.Transposed(), scores.data(), cols, Start::kZero, nullptr, one);
      for (Real& score : scores.values()) score *= scale;
      for (size_t i = 0; i < block.rows; ++i) {
        const size_t t = block.first + i;
        const SeenKeys seen = shape->SeenBy(b, t);
        const size_t at = i * cols + seen.begin - block.keys.begin;
        if (slope != 0) SubtractDistances(slope, t, seen.begin, seen.size(), scores.data() + at);
        SoftmaxRow(scores.data() + at, seen.size(), w.data() + block.at + at);
        if (weights == nullptr) continue;
        std::copy_n(w.data() + block.at + at, seen.size(), shape->WeightsOf(*weights, b, h) + t * Tk + seen.begin);
      }
      Product(RowMajor(w.data() + block.at, block.rows, cols), values, shape->PartOf(y, b, h) + block.first * v_stride,
              v_stride, Start::kZero, nullptr, one);
    }
    if (tape.training()) (*kept)[b * heads + h] = w;
  });

  // With weights w: dv = w^T dy, dw = dy v^T, ds by the softmax, dq = scale ds k, dk = scale ds^T q.
  return tape.Record(y, {query, key, value}, [=, &tape](const Tensor& dy) {
    const auto grad = [&](Var var) { return tape.Needs(var) ? tape.Grad(var) : Tensor(); };
    const Tensor dq = grad(query), dk = grad(key), dv = grad(value);
    ForHeads(tape.threads(), *shape, [&](size_t b, size_t h, Threads& one) {
      const MatrixView q_part = shape->Part(q, shape->queries, b, h), k_part = shape->Part(k, shape->memory, b, h);
      const MatrixView dy_part = shape->Part(dy, shape->queries, b, h), v_part = shape->Part(v, shape->memory, b, h);
      const auto add = [&](const MatrixView& left, const MatrixView& right, const Tensor& to, size_t first, size_t stride) {
        if (to.empty()) return;
        Product(left, right, shape->PartOf(to, b, h) + first * stride, stride, Start::kC, nullptr, one);
      };
      for (const QueryBlock& block : BlocksOf(*shape, b)) {
        const size_t cols = block.keys.size();
        const Real* w = (*kept)[b * heads + h].data() + block.at;
        const MatrixView dy_block = RowRange(dy_part, block.first, block.rows);
        add(RowMajor(w, block.rows, cols).Transposed(), dy_block, dv, block.keys.begin, v_stride);
        if (dq.empty() && dk.empty()) continue;

        const Tensor slopes = Tensor::Uninitialized({block.rows, cols});
        Product(dy_block, RowRange(v_part, block.keys.begin, cols).Transposed(), slopes.data(), cols, Start::kZero, nullptr,
                one);
        for (size_t i = 0; i < block.rows; ++i) {
          const SeenKeys seen = shape->SeenBy(b, block.first + i);
          const SeenKeys inside = {seen.begin - block.keys.begin, seen.end - block.keys.begin};
          SoftmaxRowBackward(w + i * cols, cols, inside, scale, slopes.data() + i * cols);
        }
        const MatrixView ds = RowMajor(slopes.data(), block.rows, cols);
        add(ds, RowRange(k_part, block.keys.begin, cols), dq, block.first, q_stride);
        add(ds.Transposed(), RowRange(q_part, block.first, block.rows), dk, block.keys.begin, q_stride);
      }
    });
  });
}

}  // namespace eddy
