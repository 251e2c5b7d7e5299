#include <algorithm>
#include <cmath>

#include "base/prefetch.h"
#include "kernels/normalize.h"
#include "recurrent/layer_run.h"

namespace eddy {

Tensor LayerRun::LearnedStateGradient() const {
  const Parameter* s0 = Trained(".s0");
  return s0 != nullptr ? s0->grad : Tensor();
}

PackedMatrix LayerRun::PackedBack(const char* suffix) const {
  const Tensor& weights = Find(suffix)->value;
  const auto pack = [&](MemoryPool* memory) {
    return PackedMatrix(RowMajor(weights.data(), weights.dim(0), weights.dim(1)), precision_, &threads_, memory);
  };
  return PackOnce(packed_, weights.data(), PackedOnce::Side::kBackward, precision_, pack);
}

void LayerRun::Backward(const Tensor& x, const Tensor& dy, const Tensor& d_final, const Tensor& dx,
                        const Tensor& d_initial) {
  const size_t B = layout_.rows(), width = shape_.Width(), H = shape_.H;
  d_states_ = Tensor({B, width});
  for (size_t r = 0; r < B && !d_final.empty(); ++r) {
    std::copy_n(d_final.data() + layout_.Original(r) * width, width, d_states_.data() + r * width);
  }
  d_kept_old_ = runner_.zone_mask ? Tensor::Uninitialized({B, shape_.S * H}) : Tensor();
  d_params_ = Tensor({B, shape_.P * H});
  d_fresh_ = layout_.has_resets() ? Tensor({B, width}) : Tensor();
  // dh = du U: U's rows are the inner dimension.
  if (shape_.product) U_back_ = PackedBack(".U");
  if (shape_.M > 0) U2_back_ = PackedBack(".U2");
  if (!dx.empty()) W_back_ = PackedBack(".W");
  if (shape_.projected) P_back_ = PackedBack(".P");
  if (tracing_) trace.gradient_norms.assign(layout_.steps(), 0);

  for (size_t s = segments_.size() - 1; s-- > 0;) {
    const size_t begin = segments_[s], end = segments_[s + 1];
    std::optional<Activations> again;
    if (!all_) {
      again.emplace(threads_.memory(), shape_, options_, runner_, layout_.Offset(end) - layout_.Offset(begin), true,
                    /*h_apart=*/false);
      again->begin = begin;
      again->end = end;
      std::copy_n(checkpoints_[s].data(), layout_.Active(begin) * width, again->before.data());
      carry_ = Tensor::Uninitialized({layout_.Active(end), width});
      RunSegment(*again, x, {}, {});
      checkpoints_.pop_back();
    }
    Activations& a = again ? *again : *all_;
    for (size_t t = end; t > begin;) {
      size_t first = t - 1;
      threads_.ThrowIfStopped();
      while (first > begin && layout_.Offset(t) - layout_.Offset(first - 1) <= RunPlan::kBackwardEntries) --first;
      BackwardBlock(a, first, t, x, dy, dx);
      t = first;
    }
  }
  if (const Parameter* p = Trained(".p")) SumRows(d_params_, {}, B, p->grad);
  if (const Parameter* s0 = Trained(".s0"); s0 != nullptr && !d_fresh_.empty()) SumRows(d_fresh_, {}, B, s0->grad);
  for (size_t r = 0; r < B && !d_initial.empty(); ++r) {
    Real* to = d_initial.data() + layout_.Original(r) * width;
    for (size_t j = 0; j < width; ++j) to[j] += d_states_[r * width + j];
  }
}

void LayerRun::BackwardBlock(Activations& a, size_t begin, size_t end, const Tensor& x, const Tensor& dy, const Tensor& dx) {
  const size_t GH = shape_.GH(), R = shape_.R;
  if (!gradients_) gradients_ = std::make_unique<BlockGradients>();
  BlockGradients& g = *gradients_;
  g.first = layout_.Offset(begin);
  g.entries = layout_.Offset(end) - g.first;
  const bool norm = options_.layer_norm;
  Grow(g.x_gates, g.entries, GH);
  if (shape_.recurrent_bias) Grow(g.u_gates, g.entries, GH);
  if (!shape_.recurrent_bias) g.u_gates = g.x_gates;
  if (norm) Grow(g.x_product, g.entries, GH);
  if (norm && shape_.product) Grow(g.u_product, g.entries, GH);
  if (!norm) {
    g.x_product = g.x_gates;
    g.u_product = g.u_gates;
  }
  Grow(g.first_results, g.entries, shape_.M * shape_.H);
  if (shape_.projected) Grow(g.output, g.entries, R);
  if (runner_.MasksOperand()) Grow(g.operand, g.entries, shape_.OperandWidth());
  if (runner_.Scans()) Grow(g.scanned, g.entries, shape_.H);
  RunTeam([&](int thread) {
    if (runner_.Scans()) return BackwardScan(a, g, begin, end, dy, thread);
    for (size_t t = end; t-- > begin;) BackwardStep(a, g, t, dy, thread);
  });
  WeightGradients(a, g, begin, end, x);
  if (!dx.empty()) InputGradient(g, begin, end, dx);
}

void LayerRun::BackwardStep(Activations& a, BlockGradients& g, size_t t, const Tensor& dy, int thread) {
  const Range range = plan_.ShareOf(thread, layout_.Active(t));
  const bool busy = range.row < range.row_end && range.unit < range.unit_end;
  const bool meet = plan_.by_units;  // the products below read all units of a row
  if (busy) {
    AddOutputGradient(t, range, dy);
    BackwardFinishStates(a, g, t, range);
    StepBackward(a, g, t, range, d_states_.data(), shape_.Width());
    if (shape_.M > 0 && options_.layer_norm) UNormBackward(a, g, t, range, shape_.F, shape_.G, 1);
  }
  if (shape_.M > 0) {
    if (meet) threads_.Barrier();
    if (busy) BeforeBackward(a, g, t, range);
  }
  if (shape_.product && meet) threads_.Barrier();
  if (!busy) return;
  if (options_.layer_norm) {
    if (shape_.product) UNormBackward(a, g, t, range, 0, shape_.F, 0);
    XNormBackward(a, g, t, range);
  }
  if (t > a.begin) ExpectStep(a, t - 1, dy, range);
  OperandGradient(g, t, range);
  if (runner_.zone_mask) {
    const size_t SH = shape_.S * shape_.H;
    for (size_t r = range.row; r < range.row_end; ++r) {
      for (size_t s = 0; s < shape_.S; ++s) {
        for (size_t j = s * shape_.H + range.unit; j < s * shape_.H + range.unit_end; ++j) {
          d_states_[r * shape_.Width() + j] += d_kept_old_[r * SH + j];
        }
      }
    }
  }
  EndStates(t, range);
}

// What the step before will read has left the caches since the forward: it comes back while this step's product is made.
void LayerRun::ExpectStep(const Activations& a, size_t t, const Tensor& dy, const Range& range) const {
  const StepArrays f = ArraysAt(a, t);
  const size_t units = range.unit_end - range.unit, K = shape_.K, R = shape_.R;
  for (size_t r = range.row; r < range.row_end; ++r) {
    for (size_t s = 0; s < shape_.S; ++s) Prefetch(f.before.At(s, r) + range.unit, units);
    for (size_t k = 0; k < K; ++k) Prefetch(f.kept + (r * K + k) * shape_.H + range.unit, units);
    if (!dy.empty() && !shape_.projected) Prefetch(dy.data() + layout_.Position(t, r) * R + range.unit, units);
  }
}

void LayerRun::AddOutputGradient(size_t t, const Range& range, const Tensor& dy) {
  if (dy.empty()) return;
  const size_t R = shape_.R, begin = shape_.projected ? 0 : range.unit, end = shape_.projected ? R : range.unit_end;
  for (size_t r = range.row; r < range.row_end; ++r) {
    const Real* from = dy.data() + layout_.Position(t, r) * R;
    Real* to = shape_.Rows(d_states_.data()).At(shape_.Output(), r);
    for (size_t j = begin; j < end; ++j) to[j] += from[j];
  }
}

// Back through projection, clipping and zoneout, in this order.
void LayerRun::BackwardFinishStates(const Activations& a, BlockGradients& g, size_t t, const Range& range) {
  const size_t H = shape_.H, SH = shape_.S * H, width = shape_.Width(), R = shape_.R;
  const size_t entry = layout_.Offset(t) - g.first, kept_entry = layout_.Offset(t) - layout_.Offset(a.begin);
  if (shape_.projected) {
    for (size_t r = range.row; r < range.row_end; ++r) {
      std::copy_n(d_states_.data() + r * width + SH, R, At(g.output, entry + r));
      std::fill_n(d_states_.data() + r * width + SH, R, Real{0});
    }
    PackedProduct(RowMajor(At(g.output, entry + range.row), range.row_end - range.row, R), P_back_, 0, H,
                  d_states_.data() + range.row * width, width, Start::kC, nullptr);
  }
  const Real clip = static_cast<Real>(options_.state_clip);
  if (!(clip > 0) && !runner_.zone_mask) return;
  for (size_t r = range.row; r < range.row_end; ++r) {
    for (size_t s = 0; s < shape_.S; ++s) {
      const size_t at = s * H + range.unit, units = range.unit_end - range.unit;
      Real* d = d_states_.data() + r * width + at;
      const Real* made = clip > 0 ? At(a.made, kept_entry + r) + at : nullptr;
      for (size_t j = 0; j < units && clip > 0; ++j) {
        if (std::abs(made[j]) >= clip) d[j] = 0;
      }
      Real* kept_old = runner_.zone_mask ? d_kept_old_.data() + r * SH + at : nullptr;
      for (size_t j = 0; j < units && runner_.zone_mask; ++j) {
        const Real old = runner_.zone_mask.At(t, layout_.Original(r) * SH + at + j);
        kept_old[j] = old * d[j];
        d[j] *= 1 - old;
      }
    }
  }
}

namespace {

// A pointwise backward's operands that both stages share: what the forward read and kept.
void ForwardInputs(const LayerShape& shape, const pointwise::Slots& slots, const StepArrays& f, const Real* params,
                   const Real* s0, size_t s0_stride, const Range& range, PointwiseArgs& args) {
  const size_t H = shape.H, M = shape.M;
  args.rows = range.row_end - range.row;
  args.units = range.unit_end - range.unit;
  for (size_t i = 0; i < shape.S; ++i) {
    args.In(slots.s() + static_cast<int>(i), f.before.At(i, range.row) + range.unit, f.before.Stride(i));
  }
  if (s0 != nullptr) args.In(slots.s(), s0 + range.row * s0_stride + range.unit, s0_stride);
  for (size_t i = 0; i < M; ++i) {
    args.In(slots.m() + static_cast<int>(i), f.first + (range.row * M + i) * H + range.unit, M * H);
  }
  for (size_t i = 0; i < shape.P; ++i) args.In(slots.p() + static_cast<int>(i), params + i * H + range.unit, 0);
}

}  // namespace

void LayerRun::GradientOutputs(const BlockGradients& g, size_t entry, const Range& range, PointwiseArgs& args) {
  const size_t H = shape_.H, GH = shape_.GH(), PH = shape_.P * H;
  const pointwise::Slots& slots = cell_->slots;
  for (size_t i = 0; i < shape_.G; ++i) {
    const size_t at = range.row * GH + i * H + range.unit;
    args.Out(slots.x() + static_cast<int>(i), At(g.x_gates, entry) + at, GH);
    args.Out(slots.u() + static_cast<int>(i), At(g.u_gates, entry) + at, GH);
  }
  for (size_t i = 0; i < shape_.M; ++i) {
    args.Out(slots.m() + static_cast<int>(i), At(g.first_results, entry + range.row) + i * H + range.unit, shape_.M * H);
  }
  for (size_t i = 0; i < shape_.P; ++i) {
    args.Out(slots.p() + static_cast<int>(i), d_params_.data() + range.row * PH + i * H + range.unit, PH);
  }
}

// The derived backward of Step: from d_states, the gradients of what it made, to those of what it read, in place.
void LayerRun::StepBackward(const Activations& a, BlockGradients& g, size_t t, const Range& range, Real* d_states,
                            size_t stride) {
  const size_t H = shape_.H, K = shape_.K;
  const pointwise::Slots& slots = cell_->slots;
  const StepArrays f = ArraysAt(a, t);
  const bool masked_state = !shape_.product && runner_.MasksOperand();
  PointwiseArgs args;
  const Parameter* p = Find(".p");
  ForwardInputs(shape_, slots, f, p ? p->value.data() : nullptr, masked_state ? f.operand : nullptr, H, range, args);
  for (size_t k = 0; k < K; ++k) {
    args.In(slots.inputs() + static_cast<int>(k), f.kept + (range.row * K + k) * H + range.unit, K * H);
  }
  GradientOutputs(g, layout_.Offset(t) - g.first, range, args);
  for (size_t s = 0; s < shape_.S; ++s) {
    Real* d = d_states + range.row * stride + s * H + range.unit;
    args.In(slots.inputs() + cell_->step.kept + static_cast<int>(s), d, stride);
    args.Out(slots.s() + static_cast<int>(s), d, stride);
  }
  cell_->step.backward(args);
}

// The second product and Before, backward; adds to what StepBackward has left.
void LayerRun::BeforeBackward(const Activations& a, BlockGradients& g, size_t t, const Range& range) {
  const size_t H = shape_.H, GH = shape_.GH(), M = shape_.M, K1 = shape_.K1, entry = layout_.Offset(t) - g.first;
  const size_t rows = range.row_end - range.row, width = shape_.Width();
  const pointwise::Slots& slots = cell_->slots;
  const bool has_more = !cell_->step_ignores_operand;
  Real* d_operand = At(g.first_results, entry + range.row) + range.unit;
  PackedProduct({At(g.u_product, entry + range.row) + shape_.F * H, rows, (shape_.G - shape_.F) * H, GH, 1}, U2_back_,
                range.unit, range.unit_end, d_operand, M * H, has_more ? Start::kC : Start::kZero, nullptr);
  const StepArrays f = ArraysAt(a, t);
  PointwiseArgs args;
  const Parameter* p = Find(".p");
  ForwardInputs(shape_, slots, f, p ? p->value.data() : nullptr, nullptr, 0, range, args);
  for (size_t k = 0; k < K1; ++k) {
    args.In(slots.inputs() + static_cast<int>(k), f.kept_first + (range.row * K1 + k) * H + range.unit, K1 * H);
  }
  for (size_t i = 0; i < M; ++i) {
    args.In(slots.inputs() + cell_->before.kept + static_cast<int>(i),
            At(g.first_results, entry + range.row) + i * H + range.unit, M * H);
  }
  GradientOutputs(g, entry, range, args);
  for (size_t s = 0; s < shape_.S; ++s) {
    args.Out(slots.s() + static_cast<int>(s), d_states_.data() + range.row * width + s * H + range.unit, width);
  }
  cell_->before.backward(args);
}

void LayerRun::UNormBackward(const Activations& a, BlockGradients& g, size_t t, const Range& range, size_t first_gate,
                             size_t last_gate, size_t which) {
  const size_t begin = first_gate * shape_.H, n = (last_gate - first_gate) * shape_.H;
  const size_t entry = layout_.Offset(t) - g.first, kept = layout_.Offset(t) - layout_.Offset(a.begin);
  const Real* gain = Find(".gain_u")->value.data() + begin;
  for (size_t r = range.row; r < range.row_end; ++r) {
    NormalizeRowBackward(At(g.u_gates, entry + r) + begin, At(a.u_norm, kept + r) + begin, At(a.u_factor, kept + r)[which],
                         gain, n, At(g.u_product, entry + r) + begin);
  }
}

void LayerRun::XNormBackward(const Activations& a, BlockGradients& g, size_t t, const Range& range) {
  const size_t entry = layout_.Offset(t) - g.first, kept = layout_.Offset(t) - layout_.Offset(a.begin);
  const Real* gain = Find(".gain_x")->value.data();
  for (size_t r = range.row; r < range.row_end; ++r) {
    NormalizeRowBackward(At(g.x_gates, entry + r), At(a.x_norm, kept + r), *At(a.x_factor, kept + r), gain, shape_.GH(),
                         At(g.x_product, entry + r));
  }
}

// d h += d u U, through the dropout of h.
void LayerRun::OperandGradient(BlockGradients& g, size_t t, const Range& range) {
  const size_t width = shape_.Width(), O = shape_.OperandWidth(), entry = layout_.Offset(t) - g.first;
  const size_t begin = shape_.projected ? 0 : range.unit, end = shape_.projected ? O : range.unit_end;
  Real* d_h = shape_.Rows(d_states_.data()).At(shape_.Operand(), range.row) + begin;
  const bool masked = runner_.MasksOperand();
  if (shape_.product) {
    const MatrixView d_u = {At(g.u_product, entry + range.row), range.row_end - range.row, shape_.F * shape_.H, shape_.GH(),
                            1};
    const bool backwards = t % 2 == 1;
    if (!masked) return PackedProduct(d_u, U_back_, begin, end, d_h, width, Start::kC, nullptr, backwards);
    PackedProduct(d_u, U_back_, begin, end, At(g.operand, entry + range.row) + begin, O, Start::kZero, nullptr, backwards);
  }
  if (!masked) return;
  for (size_t r = range.row; r < range.row_end; ++r, d_h += width) {
    for (size_t j = begin; j < end; ++j) {
      const Real mask = runner_.OperandMask(t, layout_.Original(r), j);
      Real& d = d_h[j - begin];
      d = shape_.product ? d + mask * At(g.operand, entry + r)[j] : d * mask;
    }
  }
}

// d_states is now that of the states before step t.
void LayerRun::EndStates(size_t t, const Range& range) {
  const size_t width = shape_.Width();
  for (size_t r = range.row; r < range.row_end && layout_.has_resets(); ++r) {
    if (!layout_.ResetAt(t, r)) continue;
    const auto move = [&](size_t begin, size_t end) {
      for (size_t j = r * width + begin; j < r * width + end; ++j) {
        d_fresh_[j] += d_states_[j];
        d_states_[j] = 0;
      }
    };
    if (plan_.by_units) {
      for (size_t s = 0; s < shape_.S; ++s) move(s * shape_.H + range.unit, s * shape_.H + range.unit_end);
    } else {
      move(0, width);
    }
  }
  if (!tracing_) return;
  double squares = 0;
  for (size_t i = range.row * width; i < range.row_end * width; ++i) {
    squares += static_cast<double>(d_states_[i]) * static_cast<double>(d_states_[i]);
  }
  trace.gradient_norms[t] = std::sqrt(squares);
}

// For a linear cell: first the gradients of h, d h = d y + a' d h', then everything else for all steps at once.
void LayerRun::BackwardScan(Activations& a, BlockGradients& g, size_t begin, size_t end, const Tensor& dy, int thread) {
  const size_t H = shape_.H, width = shape_.Width();
  for (size_t t = end; t-- > begin;) {
    const Range range = plan_.ShareOf(thread, layout_.Active(t));
    if (range.row == range.row_end || range.unit == range.unit_end) continue;
    AddOutputGradient(t, range, dy);
    for (size_t r = range.row; r < range.row_end; ++r) {
      Real* d = d_states_.data() + r * width;
      const Real* factor = At(a.scan_factor, layout_.Offset(t) - layout_.Offset(a.begin) + r);
      Real* scanned = At(g.scanned, layout_.Offset(t) - g.first + r);
      for (size_t j = range.unit; j < range.unit_end; ++j) {
        scanned[j] = d[j];
        d[j] *= factor[j];
      }
    }
    EndStates(t, range);
  }
  for (size_t t = begin; t < end; ++t) {
    Range range = plan_.ShareOf(thread, layout_.Active(t));
    if (plan_.by_units && shape_.P == 0) range.row_end = g.entries;  // all steps in one go
    if (range.row < range.row_end && range.unit < range.unit_end) {
      StepBackward(a, g, t, range, At(g.scanned, layout_.Offset(t) - g.first), H);
      if (options_.layer_norm) XNormBackward(a, g, t, range);
    }
    if (plan_.by_units && shape_.P == 0) break;
  }
}

}  // namespace eddy
