#include "recurrent/step.h"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "recurrent/normalize.h"

namespace eddy {
namespace {

// Rows that go through product and Step together: their gates stay in the second-level cache in between.
constexpr size_t kRowBlock = 48;

std::vector<Real> CopyOf(const Parameter* parameter) {
  if (parameter == nullptr) return {};
  return {parameter->value.data(), parameter->value.data() + parameter->value.size()};
}

// Gate g of weights [G*H, K], ready to be the right-hand side of input [rows, K] -> gates [rows, H].
PackedMatrix PackGate(const Parameter& weights, size_t g, size_t H) {
  const size_t inner = weights.value.dim(1);
  return PackedMatrix(RowMajor(weights.value.data() + g * H * inner, H, inner).Transposed());
}

}  // namespace

Parameter* FindParameter(const std::vector<Parameter*>& parameters, const char* suffix) {
  for (Parameter* parameter : parameters) {
    if (std::string_view(parameter->name).ends_with(suffix)) return parameter;
  }
  return nullptr;
}

StepRunner::StepRunner(const RecurrentOptions& options, const CellType& cell, const std::vector<Parameter*>& parameters,
                       bool training, uint64_t key)
    : options_(options),
      cell_(&cell),
      shape_(options, cell),
      training_(training),
      b_(CopyOf(FindParameter(parameters, ".b"))),
      c_(CopyOf(FindParameter(parameters, ".c"))),
      p_(CopyOf(FindParameter(parameters, ".p"))),
      gain_x_(CopyOf(FindParameter(parameters, ".gain_x"))),
      gain_u_(CopyOf(FindParameter(parameters, ".gain_u"))) {
  const Parameter* U = FindParameter(parameters, ".U");
  const Parameter* U2 = FindParameter(parameters, ".U2");
  for (size_t g = 0; g < shape_.G; ++g) {
    W_.push_back(PackGate(*FindParameter(parameters, ".W"), g, shape_.H));
    if (!shape_.product) continue;
    U_.push_back(g < shape_.F ? PackGate(*U, g, shape_.H) : PackGate(*U2, g - shape_.F, shape_.H));
  }
  if (shape_.projected)
    P_ = PackedMatrix(RowMajor(FindParameter(parameters, ".P")->value.data(), shape_.R, shape_.H).Transposed());
  if (training) {
    input_mask = {MixBits(key + 1), options.variational_dropout};
    variational_mask = {MixBits(key + 2), options.variational_dropout};
    recurrent_mask = {MixBits(key + 3), options.recurrent_dropout};
  }
  zone_mask = {MixBits(key + 4), options.zoneout, training};
}

bool StepRunner::WholeRows() const { return options_.layer_norm || shape_.projected || MasksOperand(); }

bool StepRunner::Scans() const {
  return cell_->facts.linear && !shape_.projected && !MasksOperand() && !zone_mask && options_.state_clip == 0;
}

size_t StepRunner::ScratchSize() const { return kRowBlock * shape_.G * PanelWidth(); }

Real StepRunner::OperandMask(size_t t, size_t row, size_t unit) const {
  Real mask = 1;
  if (variational_mask) mask *= variational_mask.At(0, row * shape_.OperandWidth() + unit);
  if (recurrent_mask) mask *= recurrent_mask.At(t, row * shape_.OperandWidth() + unit);
  return mask;
}

void StepRunner::Input(const Real* x, Real* x_gates, Real* x_norm, Real* x_factor, const Range& range) const {
  const size_t H = shape_.H, GH = shape_.GH(), D = shape_.D;
  const MatrixView a = RowMajor(x + range.row * D, range.row_end - range.row, D);
  const bool norm = options_.layer_norm;
  for (size_t g = 0; g < shape_.G; ++g) {
    PackedProduct(a, W_[g], range.unit, range.unit_end, x_gates + range.row * GH + g * H + range.unit, GH,
                  norm ? Start::kZero : Start::kBias, b_.data() + g * H + range.unit);
  }
  if (!norm) return;
  for (size_t r = range.row; r < range.row_end; ++r) {
    Real* row = x_gates + r * GH;
    x_factor[r] = NormalizeRow(row, GH);
    if (x_norm != nullptr) std::copy_n(row, GH, x_norm + r * GH);
    for (size_t j = 0; j < GH; ++j) row[j] = row[j] * gain_x_[j] + b_[j];
  }
}

MatrixView StepRunner::OperandOf(const StepArrays& arrays, const Range& range) const {
  const size_t rows = range.row_end - range.row;
  if (MasksOperand()) return RowMajor(arrays.operand + range.row * shape_.R, rows, shape_.R);
  return {arrays.before + range.row * shape_.Width() + shape_.OperandAt(), rows, shape_.R, shape_.Width(), 1};
}

// u of gates [first_gate, last_gate) for the range (at most kRowBlock rows, one panel of units unless whole rows are
// normalised), and where Step finds it. Into arrays.u where that is kept, else into scratch [rows, gates, panel].
void StepRunner::GateProduct(size_t first_gate, size_t last_gate, const MatrixView& operand, const StepArrays& arrays,
                             const Range& range, size_t which, Real* scratch, PointwiseArgs& args) const {
  const size_t H = shape_.H, GH = shape_.GH();
  const size_t width = range.unit_end - range.unit;
  const bool kept = arrays.u != nullptr;
  const size_t gate_stride = kept ? H : width, row_stride = kept ? GH : shape_.G * width;
  Real* u = kept ? arrays.u + range.row * GH + range.unit : scratch;
  const bool norm = options_.layer_norm;
  for (size_t g = first_gate; g < last_gate; ++g) {
    const bool bias = !norm && !c_.empty();
    PackedProduct(operand, U_[g], range.unit, range.unit_end, u + g * gate_stride, row_stride,
                  bias ? Start::kBias : Start::kZero, bias ? c_.data() + g * H + range.unit : nullptr);
    args.In(cell_->slots.u() + static_cast<int>(g), u + g * gate_stride, row_stride);
  }
  if (!norm) return;
  const size_t n = (last_gate - first_gate) * H, begin = first_gate * H;
  for (size_t r = 0; r < operand.rows; ++r) {
    Real* row = u + r * GH + begin;
    arrays.u_factor[(range.row + r) * 2 + which] = NormalizeRow(row, n);
    if (arrays.u_norm != nullptr) std::copy_n(row, n, arrays.u_norm + (range.row + r) * GH + begin);
    for (size_t j = 0; j < n; ++j) row[j] = row[j] * gain_u_[begin + j] + (c_.empty() ? Real{0} : c_[begin + j]);
  }
}

namespace {

// Calls body on pieces of a range: blocks of rows, within panels of units unless rows must stay whole.
template <class Body>
void ForPieces(const Range& range, bool whole_rows, const Body& body) {
  const size_t panel = whole_rows ? range.unit_end - range.unit : PanelWidth();
  for (size_t unit = range.unit; unit < range.unit_end; unit += panel) {
    for (size_t row = range.row; row < range.row_end; row += kRowBlock) {
      body(Range{row, std::min(row + kRowBlock, range.row_end), unit, std::min(unit + panel, range.unit_end)});
    }
  }
}

}  // namespace

void StepRunner::Before(const StepArrays& arrays, size_t t, const size_t* rows, const Range& range, Real* scratch) const {
  const size_t H = shape_.H, GH = shape_.GH(), width = shape_.Width();
  if (MasksOperand()) {
    for (size_t r = range.row; r < range.row_end; ++r) {
      const Real* from = arrays.before + r * width + shape_.OperandAt();
      Real* to = arrays.operand + r * shape_.OperandWidth();
      for (size_t j = 0; j < shape_.OperandWidth(); ++j) to[j] = from[j] * OperandMask(t, rows[r], j);
    }
  }
  if (shape_.M == 0) return;
  const pointwise::Slots& slots = cell_->slots;
  const StageType& stage = cell_->before;
  ForPieces(range, options_.layer_norm, [&](const Range& piece) {
    PointwiseArgs args;
    args.rows = piece.row_end - piece.row;
    args.units = piece.unit_end - piece.unit;
    GateProduct(0, shape_.F, OperandOf(arrays, piece), arrays, piece, 0, scratch, args);
    for (size_t g = 0; g < shape_.G; ++g) {
      args.In(slots.x() + static_cast<int>(g), arrays.x_gates + piece.row * GH + g * H + piece.unit, GH);
    }
    for (size_t s = 0; s < shape_.S; ++s) {
      args.In(slots.s() + static_cast<int>(s), arrays.before + piece.row * width + s * H + piece.unit, width);
    }
    for (size_t i = 0; i < shape_.P; ++i) args.In(slots.p() + static_cast<int>(i), p_.data() + i * H + piece.unit, 0);
    for (size_t i = 0; i < shape_.M; ++i) {
      args.Out(static_cast<int>(i), arrays.first + (piece.row * shape_.M + i) * H + piece.unit, shape_.M * H);
    }
    for (size_t k = 0; k < shape_.K1 && arrays.kept_first != nullptr; ++k) {
      args.Out(stage.results + static_cast<int>(k), arrays.kept_first + (piece.row * shape_.K1 + k) * H + piece.unit,
               shape_.K1 * H);
    }
    (arrays.kept_first != nullptr ? stage.train : stage.infer)(args);
  });
}

void StepRunner::Step(const StepArrays& arrays, size_t t, const size_t* rows, const Range& range, Real* scratch) const {
  const size_t H = shape_.H, GH = shape_.GH(), width = shape_.Width(), M = shape_.M;
  const pointwise::Slots& slots = cell_->slots;
  const StageType& stage = cell_->step;
  ForPieces(range, options_.layer_norm, [&](const Range& piece) {
    PointwiseArgs args;
    args.rows = piece.row_end - piece.row;
    args.units = piece.unit_end - piece.unit;
    if (M > 0) {
      GateProduct(shape_.F, shape_.G, {arrays.first + piece.row * M * H, args.rows, H, M * H, 1}, arrays, piece, 1, scratch,
                  args);
    } else if (shape_.product) {
      GateProduct(0, shape_.G, OperandOf(arrays, piece), arrays, piece, 0, scratch, args);
    }
    for (size_t g = 0; g < shape_.G; ++g) {
      args.In(slots.x() + static_cast<int>(g), arrays.x_gates + piece.row * GH + g * H + piece.unit, GH);
    }
    for (size_t s = 0; s < shape_.S; ++s) {
      args.In(slots.s() + static_cast<int>(s), arrays.before + piece.row * width + s * H + piece.unit, width);
      args.Out(static_cast<int>(s), arrays.after + piece.row * width + s * H + piece.unit, width);
    }
    if (!shape_.product && MasksOperand()) args.In(slots.s(), arrays.operand + piece.row * H + piece.unit, H);
    for (size_t i = 0; i < M; ++i) {
      args.In(slots.m() + static_cast<int>(i), arrays.first + (piece.row * M + i) * H + piece.unit, M * H);
    }
    for (size_t i = 0; i < shape_.P; ++i) args.In(slots.p() + static_cast<int>(i), p_.data() + i * H + piece.unit, 0);
    for (size_t k = 0; k < shape_.K && arrays.kept != nullptr; ++k) {
      args.Out(stage.results + static_cast<int>(k), arrays.kept + (piece.row * shape_.K + k) * H + piece.unit, shape_.K * H);
    }
    (arrays.kept != nullptr ? stage.train : stage.infer)(args);
  });
  FinishStates(arrays, t, rows, range);
}

// Zoneout, clipping and projection, in this order.
void StepRunner::FinishStates(const StepArrays& arrays, size_t t, const size_t* rows, const Range& range) const {
  const size_t H = shape_.H, width = shape_.Width(), SH = shape_.S * H;
  const Real clip = static_cast<Real>(options_.state_clip);
  if (zone_mask || clip > 0) {
    for (size_t r = range.row; r < range.row_end; ++r) {
      for (size_t s = 0; s < shape_.S; ++s) {
        for (size_t j = s * H + range.unit; j < s * H + range.unit_end; ++j) {
          Real& state = arrays.after[r * width + j];
          if (zone_mask) {
            const Real old = zone_mask.At(t, rows[r] * SH + j);
            state = old * arrays.before[r * width + j] + (1 - old) * state;
          }
          if (clip > 0) state = std::min(clip, std::max(-clip, state));
        }
      }
    }
  }
  if (arrays.made != nullptr) {
    for (size_t r = range.row; r < range.row_end; ++r) {
      for (size_t s = 0; s < shape_.S; ++s) {
        const size_t at = s * H + range.unit;
        std::copy_n(arrays.after + r * width + at, range.unit_end - range.unit, arrays.made + r * SH + at);
      }
    }
  }
  if (shape_.projected) {
    Real* h = arrays.after + range.row * width;
    PackedProduct({h, range.row_end - range.row, H, width, 1}, P_, 0, shape_.R, h + SH, width, Start::kZero, nullptr);
  }
}

void StepRunner::ScanFactors(const Real* x_gates, Real* a, Real* b, Real* kept, const Range& range) const {
  const size_t H = shape_.H, GH = shape_.GH(), K = shape_.K;
  PointwiseArgs args;
  args.rows = range.row_end - range.row;
  args.units = range.unit_end - range.unit;
  for (size_t g = 0; g < shape_.G; ++g) {
    args.In(cell_->slots.x() + static_cast<int>(g), x_gates + range.row * GH + g * H + range.unit, GH);
  }
  for (size_t i = 0; i < shape_.P; ++i) {
    args.In(cell_->slots.p() + static_cast<int>(i), p_.data() + i * H + range.unit, 0);
  }
  args.Out(0, a + range.row * H + range.unit, H);
  args.Out(1, b + range.row * H + range.unit, H);
  for (size_t k = 0; k < K; ++k) {
    args.Out(2 + static_cast<int>(k), kept + (range.row * K + k) * H + range.unit, K * H);
  }
  cell_->scan(args);
}

}  // namespace eddy
