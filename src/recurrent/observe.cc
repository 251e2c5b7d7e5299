#include "recurrent/layer_run.h"

namespace eddy {
namespace {

// Adds to an activation how many of its kept values [entries, count, H] lie near the limits of its function.
void Count(const Tensor& kept, size_t entries, size_t count, size_t k, pointwise::Op op, Trace::Activation& activation) {
  const size_t H = kept.dim(1) / count;
  const double low = op == pointwise::Op::kTanh ? -1 : 0;
  for (size_t e = 0; e < entries; ++e) {
    const Real* values = kept.data() + (e * count + k) * H;
    for (size_t j = 0; j < H; ++j) {
      activation.low += static_cast<double>(values[j]) < low + 0.05;
      activation.high += static_cast<double>(values[j]) > 0.95;
    }
  }
}

std::string NameOf(const CellType& cell, const StageType& stage, size_t k) {
  const std::string function = stage.kept_op[k] == pointwise::Op::kTanh ? "tanh" : "sigmoid";
  if (stage.kept_gate[k] < 0) return function + " state";
  std::string_view gates = cell.info.gates;
  for (int skipped = 0; skipped < stage.kept_gate[k]; ++skipped) gates.remove_prefix(gates.find(' ') + 1);
  return function + " " + std::string(gates.substr(0, gates.find(' ')));
}

}  // namespace

void LayerRun::ObserveActivations(const Activations& a) {
  const size_t entries = layout_.Offset(a.end) - layout_.Offset(a.begin);
  const bool first = trace.activations.empty();
  size_t next = 0;
  const auto observe = [&](const StageType& stage, const Tensor& kept) {
    for (size_t k = 0; k < static_cast<size_t>(stage.kept); ++k) {
      const pointwise::Op op = stage.kept_op[k];
      if (op != pointwise::Op::kTanh && op != pointwise::Op::kSigmoid) continue;
      if (first) trace.activations.push_back({NameOf(*cell_, stage, k)});
      Count(kept, entries, static_cast<size_t>(stage.kept), k, op, trace.activations[next++]);
    }
  };
  observe(cell_->before, a.kept_first);
  observe(cell_->step, a.kept);
}

void LayerRun::FinishTrace() {
  const double values = static_cast<double>(layout_.Offset(layout_.steps()) * shape_.H);
  for (Trace::Activation& activation : trace.activations) {
    activation.low /= values;
    activation.high /= values;
  }
}

}  // namespace eddy
