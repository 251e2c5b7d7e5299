// LayerRun: the time loop of one layer over one batch, forward and backward, written once for all cells. It visits the
// batch in segments, at whose beginnings the states are kept (checkpoints), and each segment in blocks of steps, whose input
// product is one product. Within a block the threads share out rows, or units when there are few rows, and meet at a barrier
// only where units are split.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "recurrent/run_plan.h"

namespace eddy {

// What a forward leaves for the backward: entries for the running rows of steps [begin, end), in the order of
// Layout::Offset. Only what the derived backward reads is allocated; the rest is empty.
struct Activations {
  Activations() = default;
  // `h_apart`: h stands elsewhere.
  Activations(MemoryPool& memory, const LayerShape& shape, const RecurrentOptions& options, const StepRunner& runner,
              size_t entries, bool keep, bool h_apart);
  static size_t BytesAnEntry(MemoryPool& memory, const LayerShape& shape, const RecurrentOptions& options,
                             const StepRunner& runner, bool h_apart);

  size_t begin = 0, end = 0;
  Tensor before;             // [Width], or, where h stands apart, [OthersWidth]
  Tensor x_norm, x_factor;   // [G*H], [1]: layer normalisation
  Tensor u_norm, u_factor;   // [G*H], [2]
  Tensor operand;            // [OperandWidth]: h after dropout
  Tensor first, kept_first;  // [M*H], [K1*H]: cells of two products
  Tensor kept;               // [K*H]
  Tensor made;               // [S*H]: projections and clipping
  Tensor scan_factor;        // [H]: a of h' = a h + b
};

// What the backward of a block of steps leaves for the weights: entries for its running rows, empty where not needed.
struct BlockGradients {
  size_t first = 0, entries = 0;  // Layout::Offset of the block, and its entries
  Tensor x_gates, u_gates;        // [G*H]; u_gates is x_gates where u is merely added to x
  Tensor x_product, u_product;    // [G*H] of the products before normalisation; the same as above without it
  Tensor first_results;           // [M*H]
  Tensor output;                  // [R]: of the projected output
  Tensor operand;                 // [R]: of h after dropout
  Tensor scanned;                 // [H]: of h in a scan
};

// The row of a matrix at an entry of the walk; null for one that is not kept.
inline Real* At(const Tensor& tensor, size_t entry) {
  return tensor.empty() ? nullptr : tensor.data() + entry * tensor.dim(1);
}

class LayerRun {
 public:
  LayerRun(const Recurrent& layer, const Sequence& sequence, Tape& tape, const Bptt& bptt, bool trace);

  // Memory for the outputs [steps, B, R].
  Tensor Outputs(size_t steps);

  // x [T, B, D], initial states [B, Width] in the batch's order. Fills final_state [B, Width], and y, from Outputs(), unless
  // empty.
  void Forward(const Tensor& x, const Tensor& initial, const Tensor& y, const Tensor& final_state);

  // dy [T, B, R] or empty, d_final [B, Width] or empty. Adds to the parameters' gradients, to dx [T, B, D] unless empty and
  // to d_initial [B, Width] unless empty.
  void Backward(const Tensor& x, const Tensor& dy, const Tensor& d_final, const Tensor& dx, const Tensor& d_initial);

  void FinishTrace();  // after Forward

  size_t rows() const { return layout_.rows(); }
  // Where the gradient of the learned initial state goes; empty where there is none, or a fixed one.
  Tensor LearnedStateGradient() const;
  Trace trace;  // filled when asked for

 private:
  // Where threads meet, and fewer work now than when the plan was made, one does all of a block.
  template <class Job>
  void RunTeam(const Job& job) {
    const int team = static_cast<int>(plan_.team);
    if (!plan_.by_units) return threads_.RunShares(team, job);
    if (team <= threads_.team()) return threads_.Run(team, job);
    const RunPlan together = std::exchange(plan_, plan_.Alone());
    job(0);
    plan_ = together;
  }
  size_t BlockEnd(size_t t, size_t end, size_t entries) const;
  Real* Scratch(int thread) const {
    return static_cast<size_t>(thread) < plan_.team ? scratch_.data() + static_cast<size_t>(thread) * scratch_.dim(1)
                                                    : nullptr;
  }
  StepArrays ArraysAt(const Activations& a, size_t t) const;
  void SetInputGates(StepArrays& arrays, size_t entry, size_t first) const;
  void RunSegment(Activations& a, const Tensor& x, const Tensor& y, const Tensor& final_state);
  void RunBlock(Activations& a, size_t begin, size_t end, const Tensor& x, const Tensor& y, const Tensor& final_state);
  void InputByAll(const Real* inputs, size_t entries);
  void InputOfRows(Activations& a, size_t begin, size_t end, int thread, const Tensor& x);
  size_t RowsBefore(size_t begin, size_t end, int thread) const;
  void RunSteps(Activations& a, size_t begin, size_t end, int thread, const Tensor& y, const Tensor& final_state);
  void RunScan(Activations& a, size_t begin, size_t end, int thread, const Tensor& y, const Tensor& final_state);
  StateRows StatesBefore(const Activations& a, size_t t) const;
  StateRows StatesAfter(const Activations& a, size_t t) const;
  StateRows Apart(size_t t, const Tensor& others, size_t entry) const;
  template <class Use>
  void ForComponents(const Range& range, const Use& use) const;
  void FinishStep(size_t t, const Range& range, const Tensor& y, const Tensor& final_state, const StateRows& after) const;
  void ResetRows(size_t t, const StateRows& states, const Range& range) const;
  bool PlainInputs() const { return layout_.plain() && !runner_.input_mask; }
  void CopyInputs(const Tensor& x, size_t t, size_t row, size_t row_end, Real* to) const;
  const Real* Gather(const Tensor& x, size_t begin, size_t end);
  void ObserveActivations(const Activations& a);

  void BackwardBlock(Activations& a, size_t begin, size_t end, const Tensor& x, const Tensor& dy, const Tensor& dx);
  void BackwardStep(Activations& a, BlockGradients& g, size_t t, const Tensor& dy, int thread);
  void BackwardScan(Activations& a, BlockGradients& g, size_t begin, size_t end, const Tensor& dy, int thread);
  void ExpectStep(const Activations& a, size_t t, const Tensor& dy, const Range& range) const;
  void AddOutputGradient(size_t t, const Range& range, const Tensor& dy);
  void BackwardFinishStates(const Activations& a, BlockGradients& g, size_t t, const Range& range);
  void GradientOutputs(const BlockGradients& g, size_t entry, const Range& range, PointwiseArgs& args);
  void StepBackward(const Activations& a, BlockGradients& g, size_t t, const Range& range, Real* d_states, size_t stride);
  void BeforeBackward(const Activations& a, BlockGradients& g, size_t t, const Range& range);
  void UNormBackward(const Activations& a, BlockGradients& g, size_t t, const Range& range, size_t first_gate,
                     size_t last_gate, size_t which);
  void XNormBackward(const Activations& a, BlockGradients& g, size_t t, const Range& range);
  void OperandGradient(BlockGradients& g, size_t t, const Range& range);
  void EndStates(size_t t, const Range& range);
  void WeightGradients(const Activations& a, BlockGradients& g, size_t begin, size_t end, const Tensor& x);
  void InputGradient(const BlockGradients& g, size_t begin, size_t end, const Tensor& dx);

  // grad[j] += the sum over rows of values [rows, n], times `factors` where given.
  void SumRows(const Tensor& values, const Tensor& factors, size_t rows, const Tensor& grad) const;
  // Makes a tensor [entries, width] of at least so many entries of it.
  void Grow(Tensor& tensor, size_t entries, size_t width) const {
    if (width > 0 && (tensor.empty() || tensor.dim(0) < entries))
      tensor = Tensor::Uninitialized({entries, width}, threads_.memory());
  }
  const Parameter* Find(const char* suffix) const { return FindParameter(parameters_, suffix); }
  PackedMatrix PackedBack(const char* suffix) const;  // weights, for gradients to be multiplied by
  // As Find, where it is there and not fixed.
  const Parameter* Trained(const char* suffix) const {
    const Parameter* parameter = Find(suffix);
    return parameter != nullptr && !parameter->fixed ? parameter : nullptr;
  }

  RecurrentOptions options_;
  const CellType* cell_;
  // The layer's arrays as they were at the forward: what becomes of the layer until the backward does not matter.
  std::vector<Parameter> arrays_;
  std::vector<const Parameter*> parameters_;
  Layout layout_;
  Threads& threads_;
  Precision precision_;
  PackedOnce* const packed_;  // may be null
  bool training_;
  std::shared_ptr<const StepRunner> frozen_;  // the layer's, in inference, if it fits
  std::unique_ptr<StepRunner> own_runner_;    // if not
  const StepRunner& runner_;
  LayerShape shape_;
  bool tracing_;
  RunPlan plan_;

  std::vector<size_t> segments_;        // where each begins, and the last one's end
  std::vector<Tensor> checkpoints_;     // the states at the beginning of each, sorted rows [B, Width]
  std::optional<Activations> all_;      // when there is one segment and it is kept
  Tensor h_;                            // [T * B + B, R]: before each step and after the last, where outputs are h in order
  Tensor fresh_;                        // [Width]: the state of a row that starts afresh
  Tensor carry_;                        // as Activations::before: the states after the segment at hand
  Tensor ended_;                        // [B, Width]: the states of rows that end, on their way out
  Tensor scratch_;                      // a thread's, one after another
  Tensor gathered_, x_block_, scan_b_;  // of the block at hand

  Tensor d_states_;    // [B, Width], sorted rows: of the states before the step at hand
  Tensor d_kept_old_;  // [B, S*H]: zoneout's direct way from step to step
  Tensor d_params_;    // [B, P*H]: a row's, so that their sum does not depend on threads
  Tensor d_fresh_;     // [B, Width]: of the initial state, for rows that started afresh
  std::unique_ptr<BlockGradients> gradients_;
  PackedMatrix W_back_, U_back_, U2_back_, P_back_;
};

}  // namespace eddy
