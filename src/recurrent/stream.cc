#include "eddy/stream.h"

#include <algorithm>

#include "eddy/error.h"
#include "recurrent/run_plan.h"

namespace eddy {

// One layer's weights and the arrays of its step.
struct LayerStream {
  LayerStream(const Recurrent& layer, const std::vector<Parameter*>& parameters, size_t rows, Precision precision,
              Threads& threads)
      : runner(layer.options(), layer.cell(), parameters, /*training=*/false, 0, precision, threads),
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

  StepRunner runner;
  RunPlan plan;
  Tensor fresh, x_gates, factors, first, output, scratch;
};

struct RecurrentStream::Impl {
  std::vector<LayerStream> layers;
  std::vector<size_t> row_numbers;
  // All layers' states, in the order of layers; a step reads one and writes the other.
  std::vector<Real> state, next_state;
  size_t rows;
  bool residual;
  Threads alone;     // unless there are
  Threads* threads;  // others
};

namespace {

// A thread's part of a step.
void StepUnits(LayerStream& l, const Real* input, const StepArrays& arrays, const size_t* row_numbers, Threads& threads,
               int thread) noexcept {
  const Range range = l.plan.ShareOf(thread, l.plan.rows);
  const bool busy = range.unit < range.unit_end;
  Real* scratch = busy ? l.scratch.data() + static_cast<size_t>(thread) * l.scratch.dim(1) : nullptr;
  if (busy) {
    l.runner.Input(input, l.x_gates.data(), nullptr, l.factors.data() + 2 * l.plan.rows, range, scratch);
    l.runner.Before(arrays, 0, row_numbers, range, scratch);
  }
  if (l.plan.by_units && l.runner.shape().M > 0) threads.Barrier();
  if (busy) l.runner.Step(arrays, 0, row_numbers, range, scratch);
}

// From the states before to those after. Returns the output [rows, R].
const Real* StepLayer(LayerStream& l, const Real* input, const size_t* row_numbers, size_t rows, const Real* before,
                      Real* after, bool residual, Threads& threads) noexcept {
  const LayerShape& shape = l.runner.shape();
  const size_t width = shape.Width(), R = shape.R;
  StepArrays arrays;
  arrays.x_gates = l.x_gates.data();
  arrays.before = before;
  arrays.after = after;
  arrays.u_factor = l.factors.data();
  arrays.first = l.first.data();
  if (l.plan.team == 1) {
    StepUnits(l, input, arrays, row_numbers, threads, 0);
  } else {
    threads.Run([&](int thread) { StepUnits(l, input, arrays, row_numbers, threads, thread); });
  }
  const Real* made = after + shape.OutputAt();
  const bool adds = residual && shape.D == R;
  if (rows == 1 && !adds) return made;  // as it stands in the state
  for (size_t r = 0; r < rows; ++r) {
    Real* out = l.output.data() + r * R;
    std::copy_n(made + r * width, R, out);
    for (size_t i = 0; adds && i < R; ++i) out[i] += input[r * R + i];
  }
  return l.output.data();
}

}  // namespace

RecurrentStream::RecurrentStream(const RecurrentStack& stack, size_t rows, Threads* threads)
    : impl_(std::make_unique<Impl>()) {
  Require(!stack.options().bidirectional && !stack.options().layer.reverse, "stream", "stack", "of forward layers only",
          stack.options().bidirectional ? "bidirectional" : "reversed");
  Require(rows >= 1, "stream", "rows", "at least 1", "0");
  impl_->rows = rows;
  impl_->residual = stack.options().residual;
  for (size_t r = 0; r < rows; ++r) impl_->row_numbers.push_back(r);
  impl_->threads = threads != nullptr ? threads : &impl_->alone;
  size_t size = 0;
  for (const Recurrent& layer : stack.layers()) {
    // Reads the parameters only; Recurrent offers them for training.
    impl_->layers.emplace_back(layer, const_cast<Recurrent&>(layer).parameters(), rows, stack.options().precision,
                               *impl_->threads);
    size += rows * layer.state_width();
  }
  impl_->state.resize(size);
  impl_->next_state.resize(size);
  Reset();
}

RecurrentStream::~RecurrentStream() = default;
RecurrentStream::RecurrentStream(RecurrentStream&&) noexcept = default;

std::span<const Real> RecurrentStream::Step(const Real* input) noexcept {
  const Real* before = impl_->state.data();
  Real* after = impl_->next_state.data();
  const Real* output = input;
  for (LayerStream& layer : impl_->layers) {
    output =
        StepLayer(layer, output, impl_->row_numbers.data(), impl_->rows, before, after, impl_->residual, *impl_->threads);
    before += impl_->rows * layer.runner.shape().Width();
    after += impl_->rows * layer.runner.shape().Width();
  }
  impl_->state.swap(impl_->next_state);
  return {output, impl_->layers.back().output.size()};
}

size_t RecurrentStream::state_size() const { return impl_->state.size(); }
std::span<Real> RecurrentStream::state() { return impl_->state; }

void RecurrentStream::Reset() noexcept {
  Real* state = impl_->state.data();
  for (const LayerStream& layer : impl_->layers) state = std::copy_n(layer.fresh.data(), layer.fresh.size(), state);
}

}  // namespace eddy
