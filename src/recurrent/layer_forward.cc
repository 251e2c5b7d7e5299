#include <algorithm>
#include <cmath>

#include "kernels/scan.h"
#include "recurrent/layer_run.h"

namespace eddy {
namespace {

// Parameters that share the elements of others, and of where a tape's backward adds their gradients.
std::vector<Parameter> SharedArrays(const std::vector<Parameter*>& parameters, const Tape& tape) {
  std::vector<Parameter> shared(parameters.size());
  for (size_t i = 0; i < shared.size(); ++i) {
    const Parameter& from = *parameters[i];
    shared[i].name = from.name;
    shared[i].value = from.value;
    shared[i].grad = tape.GradientOf(from);
    shared[i].fixed = from.fixed;
  }
  return shared;
}

std::vector<const Parameter*> Addresses(const std::vector<Parameter>& parameters) {
  std::vector<const Parameter*> addresses;
  for (const Parameter& parameter : parameters) addresses.push_back(&parameter);
  return addresses;
}

}  // namespace

Activations::Activations(MemoryPool& memory, const LayerShape& shape, const RecurrentOptions& options,
                         const StepRunner& runner, size_t entries, bool keep, bool h_apart) {
  const auto array = [&](size_t width, bool wanted = true) {
    return wanted && width > 0 ? Tensor::Uninitialized({entries, width}, memory) : Tensor();
  };
  const bool norm = options.layer_norm;
  before = array(h_apart ? shape.OthersWidth() : shape.Width());
  x_norm = array(shape.GH(), keep && norm);
  x_factor = array(1, norm);
  u_norm = array(shape.GH(), keep && norm && shape.product);
  u_factor = array(2, norm && shape.product);
  operand = array(shape.OperandWidth(), runner.MasksOperand());
  first = array(shape.M * shape.H);
  kept_first = array(shape.K1 * shape.H, keep);
  kept = array(shape.K * shape.H, keep || runner.Scans());
  made = array(shape.S * shape.H, keep && (shape.projected || options.state_clip > 0));
  scan_factor = array(shape.H, runner.Scans());
}

size_t Activations::BytesAnEntry(MemoryPool& memory, const LayerShape& shape, const RecurrentOptions& options,
                                 const StepRunner& runner, bool h_apart) {
  const Activations one(memory, shape, options, runner, 1, true, h_apart);
  size_t reals = 0;
  for (const Tensor* t : {&one.before, &one.x_norm, &one.x_factor, &one.u_norm, &one.u_factor, &one.operand, &one.first,
                          &one.kept_first, &one.kept, &one.made, &one.scan_factor}) {
    reals += t->size();
  }
  return reals * sizeof(Real);
}

LayerRun::LayerRun(const Recurrent& layer, const Sequence& sequence, Tape& tape, const Bptt& bptt, bool trace)
    : options_(layer.options()),
      cell_(&layer.cell()),
      arrays_(SharedArrays(layer.Owned(), tape)),
      parameters_(Addresses(arrays_)),
      layout_(sequence, layer.options().reverse),
      threads_(tape.threads()),
      precision_(tape.precision()),
      packed_(tape.packed()),
      training_(tape.training()),
      frozen_(!training_ && layer.frozen_ && layer.frozen_->precision() == precision_ ? layer.frozen_ : nullptr),
      own_runner_(frozen_ ? nullptr
                          : std::make_unique<StepRunner>(options_, *cell_, parameters_, training_, tape.NextKey(),
                                                         precision_, threads_, tape.packed())),
      runner_(frozen_ ? *frozen_ : *own_runner_),
      shape_(runner_.shape()),
      tracing_(trace),
      plan_(runner_, layout_, threads_, trace),
      fresh_({shape_.Width()}) {
  if (const Parameter* s0 = Find(".s0")) fresh_ = s0->value;
  ended_ = Tensor::Uninitialized({layout_.rows(), shape_.Width()});
  scratch_ = Tensor::Uninitialized({plan_.team, runner_.ScratchSize()});

  const size_t T = layout_.steps();
  size_t every = std::max<size_t>(T, 1);
  if (training_ && bptt.memory_bytes > 0 && T > 1) {
    // A checkpoint every `every` steps: T / every states are kept, and the activations of one segment.
    const size_t entry = Activations::BytesAnEntry(threads_.memory(), shape_, options_, runner_, /*h_apart=*/false);
    const size_t state_bytes = layout_.rows() * shape_.Width() * sizeof(Real), step_bytes = layout_.rows() * entry;
    const auto cost = [&](size_t e) { return (T + e - 1) / e * state_bytes + e * step_bytes; };
    if (T * step_bytes > bptt.memory_bytes) {
      // The longest segments that fit recompute no less, but make the fewest checkpoints; the cost has one minimum.
      const double best =
          std::sqrt(static_cast<double>(T) * static_cast<double>(state_bytes) / static_cast<double>(step_bytes));
      every = std::clamp<size_t>(static_cast<size_t>(best), 1, T);
      while (every < T && cost(every * 2) <= bptt.memory_bytes) every *= 2;
    }
  } else if (!training_) {
    every = std::max<size_t>(1, plan_.forward_entries / std::max<size_t>(layout_.rows(), 1));
  }
  for (size_t t = 0; t < T; t += every) segments_.push_back(t);
  segments_.push_back(T);
}

size_t LayerRun::BlockEnd(size_t t, size_t end, size_t entries) const {
  size_t block = t + 1;
  while (block < end && layout_.Offset(block + 1) - layout_.Offset(t) <= entries) ++block;
  return block;
}

StepArrays LayerRun::ArraysAt(const Activations& a, size_t t) const {
  const size_t entry = layout_.Offset(t) - layout_.Offset(a.begin);
  StepArrays arrays;
  arrays.x_gates = nullptr;
  arrays.before = StatesBefore(a, t);
  arrays.operand = At(a.operand, entry);
  arrays.u_factor = At(a.u_factor, entry);
  arrays.u_norm = At(a.u_norm, entry);
  arrays.first = At(a.first, entry);
  arrays.kept = At(a.kept, entry);
  arrays.kept_first = At(a.kept_first, entry);
  arrays.made = At(a.made, entry);
  return arrays;
}

// use(component, first, count) for each of a state's components and the part of it that belongs to a range. A projected
// output belongs to whole rows.
template <class Use>
void LayerRun::ForComponents(const Range& range, const Use& use) const {
  for (size_t s = 0; s < shape_.S; ++s) use(s, range.unit, range.unit_end - range.unit);
  if (shape_.projected) use(shape_.Output(), 0, shape_.R);
}

void LayerRun::ResetRows(size_t t, const StateRows& states, const Range& range) const {
  if (!layout_.has_resets() || t >= layout_.steps()) return;
  for (size_t r = range.row; r < std::min(range.row_end, layout_.Active(t)); ++r) {
    if (!layout_.ResetAt(t, r)) continue;
    ForComponents(range, [&](size_t component, size_t first, size_t count) {
      std::copy_n(fresh_.data() + component * shape_.H + first, count, states.At(component, r) + first);
    });
  }
}

// An output that is h is kept once: what step t leaves in the batch's order is both y[t] and what step t + 1 reads.
Tensor LayerRun::Outputs(size_t steps) {
  const size_t B = layout_.rows(), R = shape_.R;
  const bool made_again = training_ && segments_.size() > 2;
  const bool same = !shape_.projected && layout_.plain() && !layout_.has_resets() && B > 0;
  if (!same || made_again) return Tensor::Uninitialized({steps, B, R}, threads_.memory());
  h_ = Tensor::Uninitialized({steps * B + B, R}, threads_.memory());
  return h_.Rows(B, steps * B).Reshape({steps, B, R});
}

// The states before step t: h among the outputs, the other components from `entry` on in a tensor of their own.
StateRows LayerRun::Apart(size_t t, const Tensor& others, size_t entry) const {
  return {At(h_, layout_.Offset(t)), shape_.R, At(others, entry), shape_.OthersWidth(), shape_.H};
}

StateRows LayerRun::StatesBefore(const Activations& a, size_t t) const {
  const size_t entry = layout_.Offset(t) - layout_.Offset(a.begin);
  return h_.empty() ? shape_.Rows(At(a.before, entry)) : Apart(t, a.before, entry);
}

// Where the rows that run on at step t + 1 find their states.
StateRows LayerRun::StatesAfter(const Activations& a, size_t t) const {
  if (t + 1 < a.end) return StatesBefore(a, t + 1);
  return h_.empty() ? shape_.Rows(carry_.data()) : Apart(t + 1, carry_, 0);
}

void LayerRun::Forward(const Tensor& x, const Tensor& initial, const Tensor& y, const Tensor& final_state) {
  const size_t B = layout_.rows(), width = shape_.Width();
  if (!y.empty() && !layout_.plain()) y.Fill(0);
  // States of rows that never run, and of those that have ended, are final.
  std::copy_n(initial.data(), B * width, final_state.data());
  Tensor state = Tensor::Uninitialized({B, width});
  for (size_t r = 0; r < B; ++r) std::copy_n(initial.data() + layout_.Original(r) * width, width, state.data() + r * width);
  for (size_t r = 0; r < layout_.Active(0); ++r) {
    if (layout_.ResetAt(0, r)) std::copy_n(fresh_.data(), width, state.data() + r * width);
  }
  const bool keep = training_ && segments_.size() <= 2, h_apart = !h_.empty();
  StateRows from = shape_.Rows(state.data());
  for (size_t s = 0; s + 1 < segments_.size(); ++s) {
    const size_t begin = segments_[s], end = segments_[s + 1];
    const size_t entries = layout_.Offset(end) - layout_.Offset(begin);
    // No segment has more entries than the first.
    if (!all_) all_.emplace(threads_.memory(), shape_, options_, runner_, entries, keep || tracing_, h_apart);
    all_->begin = begin;
    all_->end = end;
    const StateRows to = StatesBefore(*all_, begin);
    ForComponents({0, 0, 0, shape_.H}, [&](size_t component, size_t, size_t count) {
      if (from.At(component, 0) == to.At(component, 0)) return;
      for (size_t r = 0; r < layout_.Active(begin); ++r) std::copy_n(from.At(component, r), count, to.At(component, r));
    });
    if (training_) checkpoints_.push_back(s == 0 ? state : carry_);
    if (training_ || carry_.empty()) {
      carry_ = Tensor::Uninitialized({layout_.Active(end), h_apart ? shape_.OthersWidth() : width});
    }
    RunSegment(*all_, x, y, final_state);
    from = StatesAfter(*all_, end - 1);
  }
  if (!keep) all_.reset();
  if (keep) own_runner_->ReleaseWeights();  // nothing will be run again
}

void LayerRun::RunSegment(Activations& a, const Tensor& x, const Tensor& y, const Tensor& final_state) {
  for (size_t t = a.begin; t < a.end;) {
    threads_.ThrowIfStopped();
    const size_t end = BlockEnd(t, a.end, plan_.forward_entries);
    RunBlock(a, t, end, x, y, final_state);
    t = end;
  }
  if (tracing_) ObserveActivations(a);
}

void LayerRun::CopyInputs(const Tensor& x, size_t t, size_t row, size_t row_end, Real* to) const {
  const size_t D = shape_.D;
  const DropMask& mask = runner_.input_mask;
  for (size_t r = row; r < row_end; ++r, to += D) {
    std::copy_n(x.data() + layout_.Position(t, r) * D, D, to);
    for (size_t d = 0; d < D && mask; ++d) to[d] *= mask.At(0, layout_.Original(r) * D + d);
  }
}

const Real* LayerRun::Gather(const Tensor& x, size_t begin, size_t end) {
  const size_t D = shape_.D, first = layout_.Offset(begin), entries = layout_.Offset(end) - first;
  if (PlainInputs()) return x.data() + first * D;
  Grow(gathered_, entries, D);
  threads_.For(end - begin, (size_t{1} << 16) / (layout_.rows() * D + 1) + 1, [&](size_t from, size_t to) {
    for (size_t t = begin + from; t < begin + to; ++t) {
      CopyInputs(x, t, 0, layout_.Active(t), gathered_.data() + (layout_.Offset(t) - first) * D);
    }
  });
  return gathered_.data();
}

void LayerRun::RunBlock(Activations& a, size_t begin, size_t end, const Tensor& x, const Tensor& y,
                        const Tensor& final_state) {
  const size_t entries = layout_.Offset(end) - layout_.Offset(begin);
  Grow(x_block_, entries, runner_.Columns());
  if (runner_.Scans()) Grow(scan_b_, entries, shape_.H);
  if (plan_.SplitsRows()) Grow(gathered_, entries, shape_.D);
  const Real* inputs = plan_.SplitsRows() ? nullptr : Gather(x, begin, end);
  const bool apart = plan_.team == 1 && !options_.layer_norm;
  if (apart) InputByAll(inputs, entries);
  RunTeam([&](int thread) {
    if (plan_.SplitsRows()) {
      InputOfRows(a, begin, end, thread, x);
    } else if (!apart) {
      const size_t entry = layout_.Offset(begin) - layout_.Offset(a.begin);
      const Range range = plan_.EntriesOf(thread, entries);
      if (range.unit < range.unit_end) {
        runner_.Input(inputs, x_block_.data(), At(a.x_norm, entry), At(a.x_factor, entry), range, Scratch(thread));
      }
    }
    if (runner_.Scans()) {
      RunScan(a, begin, end, thread, y, final_state);
    } else {
      RunSteps(a, begin, end, thread, y, final_state);
    }
  });
}

// Where one thread takes all steps, the others still share the product before them.
void LayerRun::InputByAll(const Real* inputs, size_t entries) {
  threads_.For(entries, kSharedProduct / (shape_.GH() * shape_.D + 1) + 1, [&](size_t begin, size_t end) {
    runner_.Input(inputs, x_block_.data(), nullptr, nullptr, {begin, end, 0, shape_.H}, nullptr);
  });
}

// A thread's rows, all the same at every step, have their inputs copied together, so that one product makes all their gates.
void LayerRun::InputOfRows(Activations& a, size_t begin, size_t end, int thread, const Tensor& x) {
  const size_t D = shape_.D, from = RowsBefore(begin, end, thread);
  size_t to = from;
  for (size_t t = begin; t < end; ++t) {
    const Range range = plan_.ShareOf(thread, layout_.Active(t));
    const size_t rows = range.row_end - range.row, entry = layout_.Offset(t) - layout_.Offset(a.begin) + range.row;
    if (rows == 0) continue;
    CopyInputs(x, t, range.row, range.row_end, At(gathered_, to));
    if (options_.layer_norm) {
      runner_.Input(At(gathered_, to), At(x_block_, to), At(a.x_norm, entry), At(a.x_factor, entry), {0, rows, 0, shape_.H},
                    Scratch(thread));
    }
    to += rows;
  }
  if (options_.layer_norm || to == from) return;
  runner_.Input(gathered_.data() + from * D, At(x_block_, from), nullptr, nullptr, {0, to - from, 0, shape_.H},
                Scratch(thread));
}

// Where a thread's gates of a block begin in x_block_: after those of the threads before it.
size_t LayerRun::RowsBefore(size_t begin, size_t end, int thread) const {
  size_t rows = 0;
  for (size_t t = begin; t < end; ++t) rows += plan_.ShareOf(thread, layout_.Active(t)).row;
  return rows;
}

namespace {

// The part of a range in rows [begin, end).
Range Rows(const Range& range, size_t begin, size_t end) {
  const size_t row = std::clamp(range.row, begin, end), row_end = std::clamp(range.row_end, begin, end);
  return {row, row_end, range.unit, range.unit_end};
}

}  // namespace

void LayerRun::RunSteps(Activations& a, size_t begin, size_t end, int thread, const Tensor& y, const Tensor& final_state) {
  size_t own = plan_.SplitsRows() ? RowsBefore(begin, end, thread) : 0;
  for (size_t t = begin; t < end; ++t) {
    const size_t running = layout_.Active(t), next = layout_.Active(t + 1);
    const Range range = plan_.ShareOf(thread, running);
    const bool busy = range.row < range.row_end && range.unit < range.unit_end;
    StepArrays arrays = ArraysAt(a, t);
    SetInputGates(arrays, plan_.SplitsRows() ? own : layout_.Offset(t) - layout_.Offset(begin), range.row);
    own += range.row_end - range.row;
    if (busy) runner_.Before(arrays, t, layout_.order(), range, Scratch(thread));
    if (plan_.by_units && shape_.M > 0) threads_.Barrier();
    if (busy) {
      // Rows that run on leave their states where the next step reads them; those that end, in a place of their own.
      for (const Range& part : {Rows(range, 0, next), Rows(range, next, running)}) {
        if (part.row == part.row_end) continue;
        arrays.after = part.row < next ? StatesAfter(a, t) : shape_.Rows(ended_.data());
        runner_.Step(arrays, t, layout_.order(), part, Scratch(thread));
        FinishStep(t, part, y, final_state, arrays.after);
      }
    }
    if (plan_.by_units) threads_.Barrier();
  }
}

// Tells a step where the gates of its rows stand: row `first` at `entry` of x_block_ where threads split rows, else row 0.
void LayerRun::SetInputGates(StepArrays& arrays, size_t entry, size_t first) const {
  arrays.x_gates = At(x_block_, entry);
  arrays.x_first = plan_.SplitsRows() ? first : 0;
}

void LayerRun::RunScan(Activations& a, size_t begin, size_t end, int thread, const Tensor& y, const Tensor& final_state) {
  const size_t H = shape_.H, first = layout_.Offset(begin);
  StepArrays arrays = ArraysAt(a, begin);  // a row is an entry of the block
  const size_t entry = first - layout_.Offset(a.begin);
  const auto factors = [&](const Range& range) {
    if (range.row == range.row_end || range.unit == range.unit_end) return;
    runner_.ScanFactors(arrays, At(a.scan_factor, entry), scan_b_.data(), range);
  };
  size_t own = plan_.SplitsRows() ? RowsBefore(begin, end, thread) : 0;
  if (!plan_.SplitsRows()) {
    SetInputGates(arrays, 0, 0);
    factors(plan_.EntriesOf(thread, layout_.Offset(end) - first));
  }
  for (size_t t = begin; t < end; ++t) {
    const size_t running = layout_.Active(t), next = layout_.Active(t + 1), at = layout_.Offset(t) - first;
    const Range range = plan_.ShareOf(thread, running);
    if (range.row == range.row_end || range.unit == range.unit_end) continue;
    if (plan_.SplitsRows()) {
      SetInputGates(arrays, own, at + range.row);
      factors({at + range.row, at + range.row_end, range.unit, range.unit_end});
      own += range.row_end - range.row;
    }
    for (const Range& part : {Rows(range, 0, next), Rows(range, next, running)}) {
      if (part.row == part.row_end) continue;
      const StateRows before = StatesBefore(a, t), after = part.row < next ? StatesAfter(a, t) : shape_.Rows(ended_.data());
      const size_t in_block = (at + part.row) * H + part.unit;
      LinearStep({At(a.scan_factor, entry) + in_block, H}, {before.At(0, part.row) + part.unit, before.Stride(0)},
                 {scan_b_.data() + in_block, H}, {after.At(0, part.row) + part.unit, after.Stride(0)},
                 part.row_end - part.row, part.unit_end - part.unit);
      FinishStep(t, part, y, final_state, after);
    }
  }
}

// Puts out what a step made: outputs, the final states of rows that end, fresh states for rows that start afresh.
void LayerRun::FinishStep(size_t t, const Range& range, const Tensor& y, const Tensor& final_state,
                          const StateRows& after) const {
  const size_t R = shape_.R, next = layout_.Active(t + 1);
  const size_t begin = shape_.projected ? 0 : range.unit, end = shape_.projected ? R : range.unit_end;
  for (size_t r = range.row; r < range.row_end; ++r) {
    const Real* output = after.At(shape_.Output(), r);
    if (Real* to = y.empty() ? nullptr : y.data() + layout_.Position(t, r) * R; to != nullptr && to != output) {
      std::copy(output + begin, output + end, to + begin);
    }
    if (r < next || final_state.empty()) continue;
    const StateRows final_rows = shape_.Rows(final_state.data());
    ForComponents(range, [&](size_t component, size_t first, size_t count) {
      std::copy_n(after.At(component, r) + first, count, final_rows.At(component, layout_.Original(r)) + first);
    });
  }
  if (range.row < next) ResetRows(t + 1, after, range);
}

}  // namespace eddy
