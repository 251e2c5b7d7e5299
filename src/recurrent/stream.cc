#include "eddy/stream.h"

#include <algorithm>

#include "eddy/error.h"
#include "recurrent/run_plan.h"
#include "recurrent/stream_rows.h"

namespace eddy {

// A piece of a step of one row, and its products.
struct RowPiece {
  RowProduct input, gates;
  StepPiece step;
};

// One layer's weights and the arrays of its step. States go back and forth between two buffers, so that there are two steps
// to prepare: from the first to the second, and back.
struct LayerStream {
  LayerStream(const Recurrent& layer, size_t rows, Precision precision, Threads& threads)
      : runner(layer.options(), layer.cell(), layer.parameters(), /*training=*/false, 0, precision, threads),
        plan(runner, rows, threads),
        fresh(layer.InitialState(rows)) {
    const LayerShape& shape = runner.shape();
    const auto array = [&](size_t width) { return Tensor({rows, width}); };
    x_gates = array(runner.Columns());
    factors = array(3);
    first = array(shape.M * shape.H);
    output = array(shape.R);
    scratch = Tensor({plan.team, runner.ScratchSize()});
  }

  // With the states of even steps in `even`, and of odd ones in `odd`.
  void Prepare(Real* even, Real* odd) {
    finishes = runner.FinishesStates(arrays[0]);
    for (size_t parity : {0, 1}) {
      StepArrays& a = arrays[parity];
      a.x_gates = x_gates.data();
      a.before = runner.shape().Rows(parity == 0 ? even : odd);
      a.after = runner.shape().Rows(parity == 0 ? odd : even);
      a.u_factor = factors.data();
      a.first = first.data();
      if (plan.rows > 1) continue;  // its steps are long enough to find their places anew
      for (size_t thread = 0; thread < plan.team; ++thread) {
        const Range range = plan.ShareOf(static_cast<int>(thread), 1);
        const bool two = runner.shape().M > 0, backwards = parity == 1;
        Real* own = Scratch(thread);
        pieces_before[parity].push_back(RowPieces(runner.PiecesBefore(a, range, backwards, own), two, backwards, own));
        pieces[parity].push_back(RowPieces(runner.PiecesOfStep(a, range, backwards, own), !two, backwards, own));
      }
    }
  }

  // With W's products for the same units, if `inputs`.
  std::vector<RowPiece> RowPieces(const std::vector<StepPiece>& pieces, bool inputs, bool backwards, Real* own) {
    std::vector<RowPiece> row_pieces;
    for (const StepPiece& piece : pieces) {
      RowProduct input = inputs ? runner.InputOfRow(x_gates.data(), piece.range, backwards) : RowProduct();
      row_pieces.push_back({std::move(input), runner.GatesOfRow(piece, own), piece});
    }
    return row_pieces;
  }

  Real* Scratch(size_t thread) { return scratch.data() + thread * scratch.dim(1); }

  StepRunner runner;
  RunPlan plan;
  Tensor fresh, x_gates, factors, first, output, scratch;
  StepArrays arrays[2];
  bool finishes = false;
  std::vector<std::vector<RowPiece>> pieces_before[2], pieces[2];  // of a single row, for each thread
};

struct RecurrentStream::Impl {
  std::vector<LayerStream> layers;
  std::vector<size_t> row_numbers;
  std::vector<Real> state[2];  // all layers' states before even steps and before odd ones, in the order of layers
  size_t parity = 0;           // of the next step
  size_t rows;
  bool residual;
  Threads alone;     // unless there are
  Threads* threads;  // others
};

namespace {

// The first and the last stage of a thread's part of a step. A cell of one product has the last alone.
struct Stages {
  bool first = true, last = true;
};

// A thread's part of a step of one row.
void StepRow(LayerStream& l, const Real* input, size_t parity, size_t thread, Stages stages) noexcept {
  const StepArrays& arrays = l.arrays[parity];
  Real* scratch = l.Scratch(thread);
  const auto make_input = [&](const RowPiece& piece) {
    piece.input(input);
    if (l.runner.Normalizes())
      l.runner.NormalizeInput(l.x_gates.data(), nullptr, l.factors.data() + 2, piece.step.range, scratch);
  };
  // W goes piece by piece with U, and they take turns, so that odd steps read all weights in the reverse order of even ones.
  const auto run = [&](const RowPiece& piece, bool inputs) {
    if (inputs && parity == 0) make_input(piece);
    piece.gates(piece.step.operand.data);
    if (l.runner.Normalizes()) l.runner.NormalizeGates(piece.step, arrays, scratch);
    if (inputs && parity == 1) make_input(piece);
    piece.step.stage(piece.step.args);
  };
  const bool two = l.runner.shape().M > 0;
  if (stages.first) {
    for (const RowPiece& piece : l.pieces_before[parity][thread]) run(piece, true);
  }
  if (!stages.last) return;
  for (const RowPiece& piece : l.pieces[parity][thread]) run(piece, !two);
  const size_t row = 0;
  if (l.finishes) l.runner.FinishStates(arrays, parity, &row, l.plan.ShareOf(static_cast<int>(thread), 1));
}

// A thread's part of a step of several rows.
void StepRows(LayerStream& l, const Real* input, size_t parity, const size_t* row_numbers, size_t thread,
              Stages stages) noexcept {
  const StepArrays& arrays = l.arrays[parity];
  const Range range = l.plan.ShareOf(static_cast<int>(thread), l.plan.rows);
  Real* scratch = l.Scratch(thread);
  if (stages.first) {
    l.runner.Input(input, l.x_gates.data(), nullptr, l.factors.data() + 2 * l.plan.rows, range, scratch);
    l.runner.Before(arrays, parity, row_numbers, range, scratch);
  }
  if (stages.last) l.runner.Step(arrays, parity, row_numbers, range, scratch);
}

// From the states before to those after. Returns the output [rows, R].
const Real* StepLayer(LayerStream& l, const Real* input, size_t parity, const size_t* row_numbers, bool residual,
                      Threads& threads) noexcept {
  const LayerShape& shape = l.runner.shape();
  const size_t rows = l.plan.rows, R = shape.R;
  const int team = static_cast<int>(l.plan.team);
  const auto part = [&](int thread, Stages stages) {
    const size_t self = static_cast<size_t>(thread);
    rows == 1 ? StepRow(l, input, parity, self, stages) : StepRows(l, input, parity, row_numbers, self, stages);
  };
  if (team == 1 || shape.M == 0) {
    threads.RunShares(team, [&](int thread) { part(thread, Stages()); });
  } else if (team <= threads.team()) {
    threads.Run(team, [&](int thread) {
      part(thread, {.last = false});
      threads.Barrier();
      part(thread, {.first = false});
    });
  } else {
    for (int thread = 0; thread < team; ++thread) part(thread, {.last = false});
    for (int thread = 0; thread < team; ++thread) part(thread, {.first = false});
  }
  const StateRows& after = l.arrays[parity].after;
  const bool adds = residual && shape.D == R;
  if (rows == 1 && !adds) return after.At(shape.Output(), 0);  // as it stands in the state
  for (size_t r = 0; r < rows; ++r) {
    Real* out = l.output.data() + r * R;
    std::copy_n(after.At(shape.Output(), r), R, out);
    for (size_t i = 0; adds && i < R; ++i) out[i] += input[r * R + i];
  }
  return l.output.data();
}

}  // namespace

RecurrentStream::RecurrentStream(const RecurrentStack& stack, size_t rows, Threads* threads)
    : RecurrentStream(stack, rows, stack.options().precision, threads) {}

RecurrentStream::RecurrentStream(const RecurrentStack& stack, size_t rows, Precision precision, Threads* threads) {
  Require(!stack.options().bidirectional && !stack.options().layer.reverse, "stream", "stack", "of forward layers only",
          stack.options().bidirectional ? "bidirectional" : "reversed");
  Require(!stack.layers().empty(), "stream", "the stack's layers", "there", "gone with the stack it was moved to");
  CheckStreamRows("stream", rows);
  impl_ = std::make_unique<Impl>();
  impl_->rows = rows;
  impl_->residual = stack.options().residual;
  for (size_t r = 0; r < rows; ++r) impl_->row_numbers.push_back(r);
  impl_->threads = threads != nullptr ? threads : &impl_->alone;
  size_t size = 0;
  for (const Recurrent& layer : stack.layers()) {
    impl_->layers.emplace_back(layer, rows, precision, *impl_->threads);
    size += rows * layer.state_width();
  }
  for (std::vector<Real>& state : impl_->state) state.resize(size);
  Real *even = impl_->state[0].data(), *odd = impl_->state[1].data();
  for (LayerStream& layer : impl_->layers) {
    layer.Prepare(even, odd);
    even += rows * layer.runner.shape().Width();
    odd += rows * layer.runner.shape().Width();
  }
  Reset();
}

RecurrentStream::~RecurrentStream() = default;
RecurrentStream::RecurrentStream(RecurrentStream&&) noexcept = default;

std::span<const Real> RecurrentStream::Step(const Real* input) noexcept {
  if (impl_ == nullptr) return {};
  const Real* output = input;
  for (LayerStream& layer : impl_->layers) {
    output = StepLayer(layer, output, impl_->parity, impl_->row_numbers.data(), impl_->residual, *impl_->threads);
  }
  impl_->parity ^= 1;
  return {output, impl_->layers.back().output.size()};
}

size_t RecurrentStream::state_size() const {
  CheckStream("stream", impl_);
  return impl_->state[0].size();
}

std::span<Real> RecurrentStream::state() {
  CheckStream("stream", impl_);
  return impl_->state[impl_->parity];
}

void RecurrentStream::Reset() {
  CheckStream("stream", impl_);
  Real* state = impl_->state[impl_->parity].data();
  for (const LayerStream& layer : impl_->layers) state = std::copy_n(layer.fresh.data(), layer.fresh.size(), state);
}

}  // namespace eddy
