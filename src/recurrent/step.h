// StepRunner: the forward of one layer, a step at a time, for any range of rows and of units. The time loop and streams both
// run it, which is why they agree bit for bit. It holds the weights packed and the layer's options; the arrays belong to the
// caller. Nothing here allocates, locks or throws after construction.
#pragma once

#include <span>
#include <vector>

#include "kernels/packed_once.h"
#include "recurrent/gate_layout.h"
#include "recurrent/layer_shape.h"
#include "recurrent/masks.h"

namespace eddy {

// A rectangle of work: rows [row, row_end), units [unit, unit_end). A range of units begins at a multiple of PanelWidth().
struct Range {
  size_t row = 0, row_end = 0, unit = 0, unit_end = 0;
};

// The arrays of one step: row r of each is at its pointer plus r times the number in brackets. Those marked ? may be null
// where nothing is to be kept for a backward.
struct StepArrays {
  const Real* x_gates;  // [Columns()] from row x_first on: what Input() has made
  size_t x_first = 0;
  StateRows before;            // the states that the step reads
  StateRows after;             // the states it makes
  Real* operand = nullptr;     // [OperandWidth()] h after dropout; needed with recurrent or variational dropout
  Real* u_factor = nullptr;    // [2]: of the normalisation, for each product; needed with layer normalisation
  Real* u_norm = nullptr;      // [G*H] ?: u normalised
  Real* first = nullptr;       // [M*H]: needed by a cell of two products
  Real* kept = nullptr;        // [K*H] ?
  Real* kept_first = nullptr;  // [K1*H] ?
  Real* made = nullptr;        // [S*H] ?: the states once more, for projections and clipping
};

// A part of a step, small enough for its gates to stay in the first-level cache between the product that makes them and the
// stage that reads them, with all places found.
struct StepPiece {
  Range range;
  const PackedMatrix* weights = nullptr;  // null where no product makes gates
  size_t begin = 0, end = 0;              // its columns,
  MatrixView operand{};                   // what they multiply,
  const Real* bias = nullptr;             // and what they begin with; null for zeros
  bool backwards = false;                 // whether the pieces go from last to first
  PointwiseKernel stage = nullptr;
  PointwiseArgs args;
};

class StepRunner {
 public:
  // With `training`, masks are random and keyed by `key`. The threads pack the weights, unless they are packed already.
  StepRunner(const RecurrentOptions& options, const CellType& cell, std::span<const Parameter* const> parameters,
             bool training, uint64_t key, Precision precision, Threads& threads, PackedOnce* packed = nullptr);

  // Gives back the memory of weights that it packed for itself; nothing can be run after it.
  void ReleaseWeights() {
    for (PackedMatrix* weights : {&W_, &U_.weights, &U2_.weights, &P_}) *weights = PackedMatrix();
  }

  const LayerShape& shape() const { return shape_; }
  bool training() const { return training_; }
  Precision precision() const { return precision_; }
  size_t Columns() const { return x_layout_.Columns(); }  // of a row of gates that Input() makes
  // Whether a step needs whole rows of h at once, so that it cannot be split by units.
  bool WholeRows() const;
  // Whether the recurrence may be run as a scan: the cell is linear and no option comes between its steps.
  bool Scans() const;
  // Reals of scratch that Input(), Before() and Step() need, whatever the number of rows.
  size_t ScratchSize() const;

  // x [rows, D] -> x_gates [rows, Columns()], with bias; with layer normalisation also x_norm [rows, G*H], unless null, and
  // x_factor [rows].
  void Input(const Real* x, Real* x_gates, Real* x_norm, Real* x_factor, const Range& range, Real* scratch) const;

  // The part of a step before its second product, for a cell of two; all of the range's rows and every unit must have
  // been through Before() before any Step().
  void Before(const StepArrays& arrays, size_t t, const size_t* rows, const Range& range, Real* scratch) const;
  // The step itself, or its second part. `rows` gives the number in the batch of each row, which keys its masks.
  void Step(const StepArrays& arrays, size_t t, const size_t* rows, const Range& range, Real* scratch) const;

  // Before() and Step() as pieces, in order or backwards, for steps of one row that find all arrays where they are now. For
  // each its product is to be made, then NormalizeGates() and its stage called; and FinishStates() after those of Step,
  // unless it has nothing to do. InputOfRow() is the product of Input(), to be followed by NormalizeInput().
  std::vector<StepPiece> PiecesBefore(const StepArrays& arrays, const Range& range, bool backwards, Real* scratch) const;
  std::vector<StepPiece> PiecesOfStep(const StepArrays& arrays, const Range& range, bool backwards, Real* scratch) const;
  RowProduct InputOfRow(Real* x_gates, const Range& range, bool backwards) const;
  RowProduct GatesOfRow(const StepPiece& piece, Real* scratch) const;
  void NormalizeInput(Real* x_gates, Real* x_norm, Real* x_factor, const Range& range, Real* scratch) const;
  void NormalizeGates(const StepPiece& piece, const StepArrays& arrays, Real* gates) const;
  bool Normalizes() const { return options_.layer_norm; }
  bool FinishesStates(const StepArrays& arrays) const;
  void FinishStates(const StepArrays& arrays, size_t t, const size_t* rows, const Range& range) const;

  // As Step for a linear cell, of which it reads x_gates and fills kept (also in inference): factors a and b [rows, H].
  void ScanFactors(const StepArrays& arrays, Real* a, Real* b, const Range& range) const;

  // Masks, for the backward.
  DropMask input_mask, variational_mask, recurrent_mask;
  ZoneMask zone_mask;
  Real OperandMask(size_t t, size_t row, size_t unit) const;
  bool MasksOperand() const { return variational_mask || recurrent_mask; }

 private:
  // One of the step's products: gates [first, first + count) of all, made from what enters it.
  struct GateProduct {
    GateProduct(size_t first, size_t count, size_t units, const GateLayout& inputs);
    size_t first, count;
    GateLayout layout;
    size_t chunk;      // units whose gates fill whole panels
    size_t row_units;  // of a single row's piece: whole panels of the inputs' gates too
    PackedMatrix weights;
    std::vector<Real> bias;  // as the product adds it, or, with layer normalisation, gate by gate
  };
  struct PieceSize;

  void SetWeights(GateProduct& product, const Parameter* weights, const Parameter* bias, size_t inner, Threads& threads,
                  PackedOnce* packed) const;
  PieceSize PieceSizeOf(const GateProduct& product, const Range& range) const;
  template <class Use>
  void ForPieces(const GateProduct& product, const Range& range, bool backwards, const Use& use) const;
  template <class Use>
  void ForPiecesBefore(const StepArrays& arrays, const Range& range, bool backwards, Real* scratch, const Use& use) const;
  template <class Use>
  void ForPiecesOfStep(const StepArrays& arrays, const Range& range, bool backwards, Real* scratch, const Use& use) const;
  void AddProduct(const GateProduct& product, const MatrixView& operand, Real* scratch, StepPiece& piece) const;
  void MakeGates(const StepPiece& piece, const StepArrays& arrays, Real* scratch) const;
  void StateInputs(const StepArrays& arrays, StepPiece& piece) const;
  MatrixView OperandOf(const StepArrays& arrays, const Range& range) const;

  RecurrentOptions options_;
  const CellType* cell_;
  LayerShape shape_;
  bool training_;
  Precision precision_;
  GateLayout x_layout_;
  PackedMatrix W_;
  GateProduct U_, U2_;  // the second for a cell of two products
  PackedMatrix P_;
  std::vector<Real> b_;  // as the product adds it, or, with layer normalisation, gate by gate
  std::vector<Real> p_, gain_x_, gain_u_;
};

// The parameter whose name ends in `suffix`, such as ".W", or null.
const Parameter* FindParameter(std::span<const Parameter* const> parameters, const char* suffix);

}  // namespace eddy
