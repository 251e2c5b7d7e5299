#include "recurrent/run_plan.h"

#include <algorithm>

namespace eddy {
namespace {

// Multiply-adds of a run, and of a step whose units are split, from which on threads share the work: some 40 us, and 1 us.
constexpr size_t kSharedRun = size_t{1} << 21;
constexpr size_t kSharedStep = size_t{1} << 16;

// Rows a thread below which threads split units; more of a large U, which each thread that has rows reads whole at every
// step: too few operations for the bytes.
constexpr size_t kFewRows = 6, kFewRowsOfLarge = 24;

// Gates of a block of steps that the caches hold beside the weights, and the least and the most of its running rows. Where
// units are split, a large U passes through the caches at every step and leaves nothing of a block in them however small.
constexpr size_t kBlockGates = size_t{1} << 19, kLeastEntries = 64, kMostEntries = 512;

// Multiply-adds of a step of one row.
size_t ProductsOf(const LayerShape& shape) { return shape.GH() * (shape.D + (shape.product ? shape.R : 0)); }

bool CanSplitUnits(const StepRunner& runner) { return !runner.WholeRows() && runner.shape().H > PanelWidth(); }

}  // namespace

// Splitting rows keeps what a step makes in one core's caches, from which the other core would have to fetch it where units
// are split, and needs no barrier; on cores that share no cache this is worth the more. Splitting units is for few rows, of
// which there are not enough for all threads, or not enough to hide the traffic of a U that no cache of a core holds. Other
// threads are asked only for work that outlasts their waking.
RunPlan::RunPlan(const StepRunner& runner, const Layout& layout, const Threads& threads, bool alone)
    : rows(layout.rows()), units(runner.shape().H) {
  const LayerShape& shape = runner.shape();
  const size_t products = ProductsOf(shape);
  const size_t all = layout.steps() > 0 ? layout.Offset(layout.steps()) * products : 0;
  team = !alone && threads.Shares(all, kSharedRun) ? static_cast<size_t>(threads.team()) : 1;
  const size_t weights = shape.product ? shape.GH() * shape.R * sizeof(Real) : 0;
  const bool few_rows = rows < (weights > kLargeWeights ? kFewRowsOfLarge : kFewRows) * team;
  const bool worth_it = threads.Shares(rows * products, kSharedStep);
  by_units = team > 1 && CanSplitUnits(runner) && worth_it && few_rows;
  if (!by_units) team = std::clamp<size_t>(rows, 1, team);
  forward_entries = by_units ? kMostEntries : std::clamp(kBlockGates / shape.GH(), kLeastEntries, kMostEntries);
}

RunPlan::RunPlan(const StepRunner& runner, size_t rows, const Threads& threads)
    : by_units(CanSplitUnits(runner) && threads.Shares(rows * ProductsOf(runner.shape()), kSharedStep)),
      rows(rows),
      units(runner.shape().H) {
  if (by_units) team = static_cast<size_t>(threads.team());
}

RunPlan RunPlan::Alone() const {
  RunPlan alone = *this;
  alone.team = 1;
  alone.by_units = false;
  return alone;
}

Range RunPlan::ShareOf(int thread, size_t running) const {
  const size_t self = static_cast<size_t>(thread);
  if (self >= team) return {};
  const auto share = [&](size_t n, size_t i) { return n * i / team; };
  if (!by_units) {
    // A row belongs to one thread at all steps, whatever rows have ended.
    return {std::min(running, share(rows, self)), std::min(running, share(rows, self + 1)), 0, units};
  }
  const size_t panels = (units + PanelWidth() - 1) / PanelWidth();
  return {0, running, std::min(units, share(panels, self) * PanelWidth()),
          std::min(units, share(panels, self + 1) * PanelWidth())};
}

Range RunPlan::EntriesOf(int thread, size_t entries) const {
  if (static_cast<size_t>(thread) >= team) return {};
  const Range share = ShareOf(thread, 0);
  return {0, entries, share.unit, share.unit_end};
}

}  // namespace eddy
