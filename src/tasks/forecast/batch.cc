#include "tasks/forecast/batch.h"

#include <algorithm>

namespace eddy {
namespace {

// Calls visit(pass, origin, position) for each of the R x B origins; `origin` may be 0 or below.
template <class Visit>
void ForEachOrigin(std::span<const ForecastPass> passes, size_t origins, const Visit& visit) {
  for (size_t r = 0; r < origins; ++r) {
    for (size_t b = 0; b < passes.size(); ++b) {
      const auto origin = static_cast<ptrdiff_t>(passes[b].origin + r + 1) - static_cast<ptrdiff_t>(origins);
      visit(passes[b], origin, r * passes.size() + b);
    }
  }
}

size_t Possible(ptrdiff_t origin) { return static_cast<size_t>(std::max<ptrdiff_t>(origin, 1)); }

}  // namespace

ForecastInput MakeForecastInput(std::span<const ForecastPass> passes, size_t origins, const ForecastDesign& design) {
  const size_t T = design.window + origins - 1, B = passes.size(), D = design.inputs(), H = design.horizon;
  ForecastInput input;
  input.features = Tensor({T, B, D});
  input.sequence.steps = T;
  input.sequence.rows = B;
  for (size_t b = 0; b < B; ++b) {
    const size_t origin = passes[b].origin;
    const size_t begin = T - std::min(T, origin);  // the step at which the row begins
    for (size_t t = begin; t < T; ++t)
      std::copy_n(passes[b].series->Features(origin + t - T), D, &input.features[(t * B + b) * D]);
    if (begin == 0) continue;
    input.sequence.resets.resize(T * B);
    input.sequence.resets[begin * B + b] = 1;
  }

  input.references = Tensor::Uninitialized({origins, B, H, design.references()});
  const size_t known = design.known_features();
  if (known > 0) input.known = Tensor::Uninitialized({origins, B, H, known});
  ForEachOrigin(passes, origins, [&](const ForecastPass& pass, ptrdiff_t origin, size_t position) {
    pass.series->ReferencesAt(Possible(origin), &input.references[position * H * design.references()]);
    if (known > 0) pass.series->KnownAt(Possible(origin), &input.known[position * H * known]);
  });
  return input;
}

ForecastTargets MakeForecastTargets(std::span<const ForecastPass> passes, size_t origins, size_t least,
                                    const ForecastDesign& design) {
  const size_t H = design.horizon;
  const Shape shape = {origins, passes.size(), H};
  ForecastTargets targets{Tensor::Uninitialized(shape), Tensor::Uninitialized(shape)};
  ForEachOrigin(passes, origins, [&](const ForecastPass& pass, ptrdiff_t origin, size_t position) {
    Real* weights = &targets.weights[position * H];
    pass.series->TargetsAt(Possible(origin), &targets.values[position * H], weights);
    if (origin < static_cast<ptrdiff_t>(least)) std::fill_n(weights, H, Real{0});
  });
  return targets;
}

}  // namespace eddy
