#include <algorithm>

#include "kernels/column_sums.h"
#include "recurrent/layer_run.h"

namespace eddy {

void LayerRun::SumRows(const Tensor& values, const Tensor& factors, size_t rows, const Tensor& grad) const {
  const size_t n = grad.size(), stride = values.dim(1);
  constexpr size_t kColumns = 64;
  threads_.For((n + kColumns - 1) / kColumns, (size_t{1} << 17) / (kColumns * rows + 1) + 1, [&](size_t begin, size_t end) {
    const size_t first = begin * kColumns, last = std::min(n, end * kColumns);
    AddColumnSums(values.data() + first, factors.empty() ? nullptr : factors.data() + first, stride, rows, last - first,
                  grad.data() + first);
  });
}

void LayerRun::WeightGradients(const Activations& a, BlockGradients& g, size_t begin, size_t end, const Tensor& x) {
  const size_t H = shape_.H, GH = shape_.GH(), D = shape_.D, n = g.entries;
  const size_t kept = g.first - layout_.Offset(a.begin);
  const auto columns = [&](const Tensor& gates, size_t first, size_t count) {  // [count, n]: a column an entry
    return MatrixView{gates.data() + first, n, count, GH, 1}.Transposed();
  };
  // What is fixed takes no part.
  const auto add = [&](const MatrixView& d, std::initializer_list<std::pair<const char*, MatrixView>> operands) {
    std::vector<ProductSum> sums;
    for (const auto& [name, operand] : operands) {
      if (const Parameter* parameter = Trained(name)) {
        sums.push_back({operand, parameter->grad.data(), parameter->value.dim(1)});
      }
    }
    if (!sums.empty()) AddProducts(d, sums, threads_, precision_);
  };
  const auto add_rows = [&](const char* name, const Tensor& values, const Tensor& factors) {
    if (const Parameter* parameter = Trained(name)) SumRows(values, factors, n, parameter->grad);
  };
  const MatrixView inputs = Trained(".W") != nullptr ? RowMajor(Gather(x, begin, end), n, D) : MatrixView();
  if (!shape_.product) {
    add(columns(g.x_product, 0, GH), {{".W", inputs}});
  } else {
    const StateRows before = StatesBefore(a, begin);
    const size_t h = shape_.Operand();
    const MatrixView operand = runner_.MasksOperand() ? RowMajor(At(a.operand, kept), n, shape_.R)
                                                      : MatrixView{before.At(h, 0), n, shape_.R, before.Stride(h), 1};
    if (shape_.M == 0 && g.u_product.data() == g.x_product.data()) {
      add(columns(g.x_product, 0, GH), {{".W", inputs}, {".U", operand}});
    } else {
      add(columns(g.x_product, 0, GH), {{".W", inputs}});
      add(columns(g.u_product, 0, shape_.F * H), {{".U", operand}});
    }
    if (shape_.M > 0) {
      add(columns(g.u_product, shape_.F * H, (shape_.G - shape_.F) * H),
          {{".U2", {At(a.first, kept), n, H, shape_.M * H, 1}}});
    }
    add_rows(".c", g.u_gates, {});
  }
  add_rows(".b", g.x_gates, {});
  if (shape_.projected) {
    add(RowMajor(g.output.data(), n, shape_.R).Transposed(), {{".P", {At(a.made, kept), n, H, shape_.S * H, 1}}});
  }
  if (options_.layer_norm) {
    add_rows(".gain_x", g.x_gates, a.x_norm.Rows(kept, n));
    if (shape_.product) add_rows(".gain_u", g.u_gates, a.u_norm.Rows(kept, n));
  }
}

// d x = d gates W, through the dropout of x.
void LayerRun::InputGradient(const BlockGradients& g, size_t begin, size_t end, const Tensor& dx) {
  const size_t GH = shape_.GH(), D = shape_.D;
  const auto product = [&](Real* to, Start start) {
    threads_.For(g.entries, kSharedProduct / (GH * D + 1) + 1, [&](size_t first, size_t last) {
      constexpr size_t kRows = 16 * kTileRows;  // at a time: few enough to stay in the second-level cache
      for (size_t row = first; row < last; row += kRows) {
        const MatrixView d_gates = RowMajor(g.x_product.data() + row * GH, std::min(kRows, last - row), GH);
        PackedProduct(d_gates, W_back_, 0, D, to + row * D, D, start, nullptr);
      }
    });
  };
  if (PlainInputs()) return product(dx.data() + g.first * D, Start::kC);
  Grow(gathered_, g.entries, D);
  product(gathered_.data(), Start::kZero);
  for (size_t t = begin; t < end; ++t) {
    for (size_t r = 0; r < layout_.Active(t); ++r) {
      const Real* from = gathered_.data() + (layout_.Offset(t) - g.first + r) * D;
      Real* to = dx.data() + layout_.Position(t, r) * D;
      const DropMask& mask = runner_.input_mask;
      for (size_t d = 0; d < D; ++d) to[d] += from[d] * (mask ? mask.At(0, layout_.Original(r) * D + d) : Real{1});
    }
  }
}

}  // namespace eddy
