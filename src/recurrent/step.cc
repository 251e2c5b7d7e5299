#include "recurrent/step.h"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "kernels/normalize.h"

namespace eddy {
namespace {

// Rows that go through product and Step together, and the size of their gates: in the first-level cache in between.
constexpr size_t kMostRows = 66, kPieceReals = 4224;
// A single row's piece: small enough for several a step, so that sweeping them back and forth finds the last ones in cache.
constexpr size_t kRowPieceReals = 256;

std::vector<Real> CopyOf(const Parameter* parameter) {
  if (parameter == nullptr) return {};
  return {parameter->value.data(), parameter->value.data() + parameter->value.size()};
}

std::vector<Real> Interleaved(const GateLayout& layout, const Real* by_gate) {
  std::vector<Real> row(layout.Columns());
  layout.Interleave(by_gate, row.data());
  return row;
}

}  // namespace

const Parameter* FindParameter(std::span<const Parameter* const> parameters, const char* suffix) {
  for (const Parameter* parameter : parameters) {
    if (std::string_view(parameter->name).ends_with(suffix)) return parameter;
  }
  return nullptr;
}

StepRunner::StepRunner(const RecurrentOptions& options, const CellType& cell, std::span<const Parameter* const> parameters,
                       bool training, uint64_t key, Precision precision, Threads& threads, PackedOnce* packed)
    : options_(options),
      cell_(&cell),
      shape_(options, cell),
      training_(training),
      precision_(precision),
      x_layout_(shape_.G, shape_.H),
      U_(0, shape_.product ? shape_.F : 0, shape_.H, x_layout_),
      U2_(shape_.F, shape_.product ? shape_.G - shape_.F : 0, shape_.H, x_layout_),
      b_(CopyOf(FindParameter(parameters, ".b"))),
      p_(CopyOf(FindParameter(parameters, ".p"))),
      gain_x_(CopyOf(FindParameter(parameters, ".gain_x"))),
      gain_u_(CopyOf(FindParameter(parameters, ".gain_u"))) {
  const Real* W = FindParameter(parameters, ".W")->value.data();
  W_ = PackOnce(packed, W, PackedOnce::Side::kForward, precision,
                [&](MemoryPool* memory) { return x_layout_.Pack(W, shape_.D, precision, threads, memory); });
  if (!options.layer_norm) b_ = Interleaved(x_layout_, b_.data());
  if (shape_.product) {
    const Parameter *c = FindParameter(parameters, ".c"), *U2 = FindParameter(parameters, ".U2");
    SetWeights(U_, FindParameter(parameters, ".U"), c, shape_.R, threads, packed);
    if (U2 != nullptr) SetWeights(U2_, U2, c, shape_.H, threads, packed);
  }
  if (shape_.projected) {
    const Real* P = FindParameter(parameters, ".P")->value.data();
    P_ = PackOnce(packed, P, PackedOnce::Side::kForward, precision, [&](MemoryPool* memory) {
      return PackedMatrix(RowMajor(P, shape_.R, shape_.H).Transposed(), precision, &threads, memory);
    });
  }
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

StepRunner::GateProduct::GateProduct(size_t first, size_t count, size_t units, const GateLayout& inputs)
    : first(first), count(count), layout(count, units), chunk(count > 0 ? layout.Chunk() : PanelWidth()) {
  // Both are powers of two, so the larger is a multiple of the other.
  const size_t both = std::max(chunk, inputs.Chunk());
  row_units = std::max<size_t>(1, kRowPieceReals / (std::max<size_t>(1, count) * both)) * both;
}

void StepRunner::SetWeights(GateProduct& product, const Parameter* weights, const Parameter* bias, size_t inner,
                            Threads& threads, PackedOnce* packed) const {
  const Real* U = weights->value.data();
  product.weights = PackOnce(packed, U, PackedOnce::Side::kForward, precision_,
                             [&](MemoryPool* memory) { return product.layout.Pack(U, inner, precision_, threads, memory); });
  if (bias == nullptr) return;
  const Real* by_gate = bias->value.data() + product.first * shape_.H;
  product.bias = options_.layer_norm ? std::vector<Real>(by_gate, by_gate + product.count * shape_.H)
                                     : Interleaved(product.layout, by_gate);
}

Real StepRunner::OperandMask(size_t t, size_t row, size_t unit) const {
  Real mask = 1;
  if (variational_mask) mask *= variational_mask.At(0, row * shape_.OperandWidth() + unit);
  if (recurrent_mask) mask *= recurrent_mask.At(t, row * shape_.OperandWidth() + unit);
  return mask;
}

void StepRunner::Input(const Real* x, Real* x_gates, Real* x_norm, Real* x_factor, const Range& range, Real* scratch) const {
  const size_t D = shape_.D, columns = Columns();
  const MatrixView a = RowMajor(x + range.row * D, range.row_end - range.row, D);
  const size_t begin = x_layout_.End(range.unit), end = x_layout_.End(range.unit_end);
  PackedProduct(a, W_, begin, end, x_gates + range.row * columns + begin, columns,
                options_.layer_norm ? Start::kZero : Start::kBias, b_.data() + begin);
  NormalizeInput(x_gates, x_norm, x_factor, range, scratch);
}

RowProduct StepRunner::InputOfRow(Real* x_gates, const Range& range, bool backwards) const {
  const size_t begin = x_layout_.End(range.unit), end = x_layout_.End(range.unit_end);
  return {W_, begin, end, x_gates + begin, options_.layer_norm ? nullptr : b_.data() + begin, backwards};
}

void StepRunner::NormalizeInput(Real* x_gates, Real* x_norm, Real* x_factor, const Range& range, Real* scratch) const {
  const size_t GH = shape_.GH();
  for (size_t r = range.row; r < range.row_end && options_.layer_norm; ++r) {
    Real* gates = x_gates + r * Columns();
    x_layout_.Separate(gates, scratch);
    Real* normalized = x_norm != nullptr ? x_norm + r * GH : nullptr;
    x_factor[r] = NormalizeRow(scratch, GH, gain_x_.data(), b_.data(), normalized, scratch);
    x_layout_.Interleave(scratch, gates);
  }
}

MatrixView StepRunner::OperandOf(const StepArrays& arrays, const Range& range) const {
  const size_t rows = range.row_end - range.row;
  if (MasksOperand()) return RowMajor(arrays.operand + range.row * shape_.R, rows, shape_.R);
  const size_t h = shape_.Operand();
  return {arrays.before.At(h, range.row), rows, shape_.R, arrays.before.Stride(h), 1};
}

// How many rows and units go through a product and the stage after it at once.
struct StepRunner::PieceSize {
  size_t rows, units;
};

StepRunner::PieceSize StepRunner::PieceSizeOf(const GateProduct& product, const Range& range) const {
  const size_t rows = std::max<size_t>(1, range.row_end - range.row), units = range.unit_end - range.unit;
  if (options_.layer_norm) {  // whole rows
    return {std::clamp<size_t>((rows == 1 ? kRowPieceReals : kPieceReals) / shape_.GH(), 1, rows), units};
  }
  if (rows == 1) return {1, product.row_units};
  const size_t chunk_gates = std::max<size_t>(1, product.count) * product.chunk;
  // About equal parts of whole tiles: a last one of a row or two would take as long as one of a tile.
  const size_t most = std::clamp<size_t>(kPieceReals / chunk_gates, kTileRows, kMostRows);
  const size_t parts = (rows + most - 1) / most, even = (rows + parts - 1) / parts;
  const size_t piece_rows = std::min(rows, (even + kTileRows - 1) / kTileRows * kTileRows);
  return {piece_rows, std::max<size_t>(1, kPieceReals / (piece_rows * chunk_gates)) * product.chunk};
}

size_t StepRunner::ScratchSize() const {
  const size_t panels = kPieceReals + kTileRows * shape_.G * PanelWidth();
  return options_.layer_norm ? std::max(kPieceReals, Columns()) + Columns() + shape_.GH() : panels;
}

// Cuts a range into pieces, in either direction: a sweep that begins where the last one ended finds weights in the cache
// that hold more than the cache does.
template <class Use>
void StepRunner::ForPieces(const GateProduct& product, const Range& range, bool backwards, const Use& use) const {
  const PieceSize size = PieceSizeOf(product, range);
  const size_t count = (range.unit_end - range.unit + size.units - 1) / size.units;
  for (size_t i = 0; i < count; ++i) {
    const size_t unit = range.unit + (backwards ? count - 1 - i : i) * size.units;
    for (size_t row = range.row; row < range.row_end; row += size.rows) {
      StepPiece piece;
      piece.backwards = backwards;
      piece.range = {row, std::min(row + size.rows, range.row_end), unit, std::min(unit + size.units, range.unit_end)};
      use(piece);
    }
  }
}

// The u of a product's gates, made in scratch, from where the stage reads them.
void StepRunner::AddProduct(const GateProduct& product, const MatrixView& operand, Real* scratch, StepPiece& piece) const {
  const GateLayout& layout = product.layout;
  piece.weights = &product.weights;
  piece.operand = operand;
  piece.begin = layout.End(piece.range.unit);
  piece.end = layout.End(piece.range.unit_end);
  if (!options_.layer_norm && !product.bias.empty()) piece.bias = product.bias.data() + piece.begin;
  for (size_t g = 0; g < product.count; ++g) {
    piece.args.In(cell_->slots.u() + static_cast<int>(product.first + g), scratch + layout.At(g, 0),
                  piece.end - piece.begin);
  }
  piece.args.u_step = layout.Step();
}

// What every stage reads besides u.
void StepRunner::StateInputs(const StepArrays& arrays, StepPiece& piece) const {
  const size_t H = shape_.H, columns = Columns();
  const pointwise::Slots& slots = cell_->slots;
  const Range& range = piece.range;
  PointwiseArgs& args = piece.args;
  args.rows = range.row_end - range.row;
  args.units = range.unit_end - range.unit;
  args.x_step = x_layout_.Step();
  for (size_t g = 0; g < shape_.G; ++g) {
    args.In(slots.x() + static_cast<int>(g),
            arrays.x_gates + (range.row - arrays.x_first) * columns + x_layout_.At(g, range.unit), columns);
  }
  for (size_t s = 0; s < shape_.S; ++s) {
    args.In(slots.s() + static_cast<int>(s), arrays.before.At(s, range.row) + range.unit, arrays.before.Stride(s));
  }
  for (size_t i = 0; i < shape_.P; ++i) args.In(slots.p() + static_cast<int>(i), p_.data() + i * H + range.unit, 0);
}

template <class Use>
void StepRunner::ForPiecesBefore(const StepArrays& arrays, const Range& range, bool backwards, Real* scratch,
                                 const Use& use) const {
  if (shape_.M == 0) return;
  const size_t H = shape_.H, M = shape_.M, K1 = shape_.K1;
  const StageType& stage = cell_->before;
  ForPieces(U_, range, backwards, [&](StepPiece& piece) {
    const size_t row = piece.range.row, unit = piece.range.unit;
    StateInputs(arrays, piece);
    AddProduct(U_, OperandOf(arrays, piece.range), scratch, piece);
    for (size_t i = 0; i < M; ++i) {
      piece.args.Out(static_cast<int>(i), arrays.first + (row * M + i) * H + unit, M * H);
    }
    for (size_t k = 0; k < K1 && arrays.kept_first != nullptr; ++k) {
      piece.args.Out(stage.results + static_cast<int>(k), arrays.kept_first + (row * K1 + k) * H + unit, K1 * H);
    }
    piece.stage = arrays.kept_first != nullptr ? stage.train : stage.infer;
    use(piece);
  });
}

template <class Use>
void StepRunner::ForPiecesOfStep(const StepArrays& arrays, const Range& range, bool backwards, Real* scratch,
                                 const Use& use) const {
  const size_t H = shape_.H, M = shape_.M, K = shape_.K;
  const pointwise::Slots& slots = cell_->slots;
  const StageType& stage = cell_->step;
  const GateProduct& product = M > 0 ? U2_ : U_;
  ForPieces(product, range, backwards, [&](StepPiece& piece) {
    const size_t row = piece.range.row, unit = piece.range.unit;
    StateInputs(arrays, piece);
    if (M > 0) {
      AddProduct(product, {arrays.first + row * M * H, piece.args.rows, H, M * H, 1}, scratch, piece);
    } else if (shape_.product) {
      AddProduct(product, OperandOf(arrays, piece.range), scratch, piece);
    }
    if (!shape_.product && MasksOperand()) piece.args.In(slots.s(), arrays.operand + row * H + unit, H);
    for (size_t s = 0; s < shape_.S; ++s) {
      piece.args.Out(static_cast<int>(s), arrays.after.At(s, row) + unit, arrays.after.Stride(s));
    }
    for (size_t i = 0; i < M; ++i) {
      piece.args.In(slots.m() + static_cast<int>(i), arrays.first + (row * M + i) * H + unit, M * H);
    }
    for (size_t k = 0; k < K && arrays.kept != nullptr; ++k) {
      piece.args.Out(stage.results + static_cast<int>(k), arrays.kept + (row * K + k) * H + unit, K * H);
    }
    piece.stage = arrays.kept != nullptr ? stage.train : stage.infer;
    use(piece);
  });
}

std::vector<StepPiece> StepRunner::PiecesBefore(const StepArrays& arrays, const Range& range, bool backwards,
                                                Real* scratch) const {
  std::vector<StepPiece> pieces;
  ForPiecesBefore(arrays, range, backwards, scratch, [&](const StepPiece& piece) { pieces.push_back(piece); });
  return pieces;
}

std::vector<StepPiece> StepRunner::PiecesOfStep(const StepArrays& arrays, const Range& range, bool backwards,
                                                Real* scratch) const {
  std::vector<StepPiece> pieces;
  ForPiecesOfStep(arrays, range, backwards, scratch, [&](const StepPiece& piece) { pieces.push_back(piece); });
  return pieces;
}

void StepRunner::MakeGates(const StepPiece& piece, const StepArrays& arrays, Real* scratch) const {
  if (piece.weights == nullptr) return;
  PackedProduct(piece.operand, *piece.weights, piece.begin, piece.end, scratch, piece.end - piece.begin,
                piece.bias != nullptr ? Start::kBias : Start::kZero, piece.bias, piece.backwards);
  NormalizeGates(piece, arrays, scratch);
}

RowProduct StepRunner::GatesOfRow(const StepPiece& piece, Real* scratch) const {
  if (piece.weights == nullptr) return {};
  return {*piece.weights, piece.begin, piece.end, scratch, piece.bias, piece.backwards};
}

// Whole rows of gates, normalised over all gates of the product, beside scratch for one.
void StepRunner::NormalizeGates(const StepPiece& piece, const StepArrays& arrays, Real* gates) const {
  if (!options_.layer_norm || piece.weights == nullptr) return;
  const size_t which = piece.weights == &U2_.weights ? 1 : 0;
  const GateProduct& product = which == 1 ? U2_ : U_;
  const size_t begin = product.first * shape_.H, n = product.count * shape_.H;
  Real* row = gates + piece.operand.rows * product.layout.Columns();
  for (size_t r = piece.range.row; r < piece.range.row_end; ++r, gates += product.layout.Columns()) {
    product.layout.Separate(gates, row);
    Real* normalized = arrays.u_norm != nullptr ? arrays.u_norm + r * shape_.GH() + begin : nullptr;
    const Real* bias = product.bias.empty() ? nullptr : product.bias.data();
    arrays.u_factor[r * 2 + which] = NormalizeRow(row, n, gain_u_.data() + begin, bias, normalized, row);
    product.layout.Interleave(row, gates);
  }
}

void StepRunner::Before(const StepArrays& arrays, size_t t, const size_t* rows, const Range& range, Real* scratch) const {
  if (MasksOperand()) {
    for (size_t r = range.row; r < range.row_end; ++r) {
      const Real* from = arrays.before.At(shape_.Operand(), r);
      Real* to = arrays.operand + r * shape_.OperandWidth();
      for (size_t j = 0; j < shape_.OperandWidth(); ++j) to[j] = from[j] * OperandMask(t, rows[r], j);
    }
  }
  ForPiecesBefore(arrays, range, t % 2 == 1, scratch, [&](const StepPiece& piece) {
    MakeGates(piece, arrays, scratch);
    piece.stage(piece.args);
  });
}

void StepRunner::Step(const StepArrays& arrays, size_t t, const size_t* rows, const Range& range, Real* scratch) const {
  ForPiecesOfStep(arrays, range, t % 2 == 1, scratch, [&](const StepPiece& piece) {
    MakeGates(piece, arrays, scratch);
    piece.stage(piece.args);
  });
  FinishStates(arrays, t, rows, range);
}

bool StepRunner::FinishesStates(const StepArrays& arrays) const {
  return zone_mask || options_.state_clip > 0 || arrays.made != nullptr || shape_.projected;
}

// Zoneout, clipping and projection, in this order.
void StepRunner::FinishStates(const StepArrays& arrays, size_t t, const size_t* rows, const Range& range) const {
  const size_t H = shape_.H, SH = shape_.S * H, units = range.unit_end - range.unit;
  const Real clip = static_cast<Real>(options_.state_clip);
  for (size_t r = range.row; r < range.row_end && (zone_mask || clip > 0); ++r) {
    for (size_t s = 0; s < shape_.S; ++s) {
      const Real* before = arrays.before.At(s, r) + range.unit;
      Real* after = arrays.after.At(s, r) + range.unit;
      for (size_t j = 0; j < units && zone_mask; ++j) {
        const Real old = zone_mask.At(t, rows[r] * SH + s * H + range.unit + j);
        after[j] = old * before[j] + (1 - old) * after[j];
      }
      for (size_t j = 0; j < units && clip > 0; ++j) after[j] = std::min(clip, std::max(-clip, after[j]));
    }
  }
  if (arrays.made != nullptr) {
    for (size_t r = range.row; r < range.row_end; ++r) {
      for (size_t s = 0; s < shape_.S; ++s) {
        std::copy_n(arrays.after.At(s, r) + range.unit, units, arrays.made + r * SH + s * H + range.unit);
      }
    }
  }
  if (shape_.projected) {
    const StateRows& after = arrays.after;
    PackedProduct({after.At(0, range.row), range.row_end - range.row, H, after.Stride(0), 1}, P_, 0, shape_.R,
                  after.At(shape_.Output(), range.row), after.Stride(shape_.Output()), Start::kZero, nullptr);
  }
}

void StepRunner::ScanFactors(const StepArrays& arrays, Real* a, Real* b, const Range& range) const {
  const size_t H = shape_.H, K = shape_.K;
  StepPiece piece;
  piece.range = range;
  StateInputs(arrays, piece);
  PointwiseArgs& args = piece.args;
  args.Out(0, a + range.row * H + range.unit, H);
  args.Out(1, b + range.row * H + range.unit, H);
  for (size_t k = 0; k < K; ++k) {
    args.Out(2 + static_cast<int>(k), arrays.kept + (range.row * K + k) * H + range.unit, K * H);
  }
  cell_->scan(args);
}

}  // namespace eddy
