#include "timing/layer_timing.h"

#include <algorithm>
#include <chrono>
#include <functional>

#include "base/median.h"
#include "eddy/error.h"
#include "kernels/cell_type.h"
#include "recurrent/layer_run.h"

namespace eddy {
namespace {

constexpr double kMostLayerBytes = 16e9;
constexpr double kTurnSeconds = 0.005, kSeconds = 1;  // of a limit's turn, and of all repetitions of a layer

double SecondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The least of several turns: a limit is what the machine can do.
double LeastSeconds(const std::function<void()>& work) {
  double least = SecondsOf(work);
  const auto count = static_cast<size_t>(kTurnSeconds / std::max(least, 1e-8)) + 1;
  for (int turn = 0; turn < 5; ++turn) {
    const double seconds = SecondsOf([&] {
      for (size_t i = 0; i < count; ++i) work();
    });
    least = std::min(least, seconds / static_cast<double>(count));
  }
  return least;
}

double MedianSeconds(const std::function<void()>& work) {
  work();
  std::vector<double> times;
  for (double all = 0; times.size() < 3 || (all < kSeconds && times.size() < 1000);)
    all += times.emplace_back(SecondsOf(work));
  return UpperMedian(times);
}

double ProductSeconds(size_t rows, size_t inner, size_t cols, Precision precision) {
  const std::vector<Real> a(rows * inner, Real{0.5}), b(inner * cols, Real{0.5});
  std::vector<Real> c(rows * cols);
  const PackedMatrix packed(RowMajor(b.data(), inner, cols), precision);
  return LeastSeconds(
      [&] { PackedProduct(RowMajor(a.data(), rows, inner), packed, 0, cols, c.data(), cols, Start::kZero, nullptr); });
}

// A cell's program over rows and units that stay in the first-level cache, every slot in an array of its own.
double UnitSeconds(const CellType& cell, bool backward) {
  constexpr size_t kRows = 8, kUnits = 64;
  const StageType& stage = cell.step;
  const int inputs = cell.slots.inputs();
  const int reads = backward ? inputs + stage.kept + stage.results : inputs;
  const int writes = backward ? inputs : stage.results + stage.kept;
  std::vector<std::vector<Real>> arrays(static_cast<size_t>(reads + writes), std::vector<Real>(kRows * kUnits, Real{0.25}));
  PointwiseArgs args;
  args.rows = kRows;
  args.units = kUnits;
  args.x_step = args.u_step = VectorWidth();
  for (int i = 0; i < reads; ++i) args.In(i, arrays[static_cast<size_t>(i)].data(), kUnits);
  for (int i = 0; i < writes; ++i) args.Out(i, arrays[static_cast<size_t>(reads + i)].data(), kUnits);
  return LeastSeconds([&] { (backward ? stage.backward : stage.train)(args); }) / (kRows * kUnits);
}

size_t BytesOf(Precision precision) {
  return precision == Precision::kFloat32 ? sizeof(Real) : precision == Precision::kBfloat16 ? 2 : 1;
}

MachineLimits Measure(const CellType& cell, const LayerShape& shape, const LayerTiming& plan, Precision precision,
                      Threads& threads) {
  MachineLimits limits;
  constexpr size_t kRows = 48, kInner = 256, kCols = 256;
  limits.operations = 2.0 * kRows * kInner * kCols / ProductSeconds(kRows, kInner, kCols, precision);
  if (shape.product) {
    const size_t cols = std::max(PanelWidth(), shape.GH() / (plan.by_units ? plan.team : 1));
    limits.weight_bytes =
        static_cast<double>(cols * shape.R * BytesOf(precision)) / ProductSeconds(1, shape.R, cols, precision);
  }
  limits.forward_unit = UnitSeconds(cell, false);
  limits.backward_unit = UnitSeconds(cell, true);
  constexpr int kBarriers = 1000;
  limits.barrier = LeastSeconds([&] {
                     threads.Run([&](int) {
                       for (int i = 0; i < kBarriers; ++i) threads.Barrier();
                     });
                   }) /
                   kBarriers;
  return limits;
}

// A training step is the forward, a product of the gates' gradients with U a step, and, once a block, the products that make
// the gradients of W, U and x, each as many operations as the one of the forward.
void Predict(const LayerShape& shape, size_t entries, size_t steps, LayerTiming& timing) {
  const MachineLimits& limits = timing.limits;
  const double team = static_cast<double>(timing.team), all = static_cast<double>(entries);
  const double rows = all / static_cast<double>(steps);
  const double input = 2 * all * static_cast<double>(shape.GH() * shape.D) / limits.operations / team;
  timing.parts.push_back({"input products", input, 3 * input});
  if (shape.product) {
    const double gates = static_cast<double>(shape.GH() * shape.R);
    const double computed = 2 * rows * gates / limits.operations / team;
    const double read = static_cast<double>(timing.weight_bytes) / (timing.by_units ? team : 1) / limits.weight_bytes;
    const double recurrent = static_cast<double>(steps) * std::max(computed, read);
    const double gradient = static_cast<double>(steps) * computed;
    timing.parts.push_back({"recurrent products", recurrent, 2 * recurrent + gradient});
  }
  const double units = all * static_cast<double>(shape.H) / team;
  timing.parts.push_back({"cell", units * limits.forward_unit, units * (limits.forward_unit + limits.backward_unit)});
  if (timing.by_units) {
    const double barriers = static_cast<double>(steps) * limits.barrier;
    timing.parts.push_back({"barriers", barriers, 2 * barriers});
  }
}

}  // namespace

double LayerTiming::Predicted(double Part::*which) const {
  double sum = 0;
  for (const Part& part : parts) sum += part.*which;
  return sum;
}

LayerTiming TimeLayer(const LayerProblem& problem, Threads& threads) {
  Require(problem.steps >= 1 && problem.rows >= 1, "time a layer", "steps and rows", "at least 1", "0");
  const RecurrentOptions& options = problem.layer;
  const double inner = static_cast<double>(options.input + options.hidden), units = static_cast<double>(options.hidden);
  const double entries = static_cast<double>(problem.steps) * static_cast<double>(problem.rows);
  const bool fits = sizeof(Real) * (entries * (3 * inner + 16 * units) + 24 * units * inner) <= kMostLayerBytes;
  Require(fits, "time a layer", "the arrays", "within 16 GiB", "more");

  Random random(1);
  Recurrent layer(options, "layer", random);
  Tensor x = Tensor::Uninitialized({problem.steps, problem.rows, options.input});
  for (Real& value : x.values()) value = static_cast<Real>(random.Normal());
  const Sequence sequence = {problem.steps, problem.rows, {}, {}};

  const StepRunner runner(options, layer.cell(), layer.parameters(), false, 0, problem.precision, threads);
  const LayerShape& shape = runner.shape();
  const RunPlan plan(runner, Layout(sequence, options.reverse), threads);
  LayerTiming timing;
  timing.team = plan.team;
  timing.by_units = plan.by_units;
  timing.block_steps = std::clamp<size_t>(plan.forward_entries / problem.rows, 1, problem.steps);
  timing.input_bytes = shape.GH() * shape.D * BytesOf(problem.precision);
  timing.weight_bytes = shape.product ? shape.GH() * shape.R * BytesOf(problem.precision) : 0;
  timing.kept_bytes =
      problem.steps * problem.rows * Activations::BytesAnEntry(threads.memory(), shape, options, runner, !shape.projected);
  timing.limits = Measure(layer.cell(), shape, timing, problem.precision, threads);
  Predict(shape, problem.steps * problem.rows, problem.steps, timing);

  if (problem.precision != Precision::kInt8) {  // which is for inference
    Tensor dy;
    timing.training = MedianSeconds([&] {
      for (Parameter* parameter : layer.parameters()) parameter->grad.Fill(0);
      Tape tape(threads, Tape::Mode::kTraining, 1, problem.precision);
      const Var y = layer.Forward(tape, tape.Differentiable(x), sequence).y;
      if (dy.empty()) dy = tape.Value(y).Clone();
      tape.Backward(tape.Record(Tensor{Shape{}}, {y}, [&](const Tensor&) { tape.Grad(y) = dy; }));
    });
  }
  layer.Freeze(problem.precision, threads);
  timing.inference = MedianSeconds([&] {
    Tape tape(threads, Tape::Mode::kInference, 1, problem.precision);
    layer.Forward(tape, tape.Constant(x), sequence);
  });
  return timing;
}

}  // namespace eddy
