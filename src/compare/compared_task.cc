#include "compare/compared_task.h"

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "model/architecture.h"

namespace eddy {
namespace {

constexpr size_t kApart = 3;  // steps of width between those counted: feed forwards round thirds

}  // namespace

// A network's parameters are a polynomial of second degree in the width of its layers, which three small networks tell, but
// where a layer as wide as its input needs no weights between them: from the width found, steps lead to the nearest.
EncoderOptions LayersOfSize(const ComparedTask& task, const std::string& name, size_t parameters) {
  EncoderOptions layers = task.Layers(name);
  const size_t step = HiddenStep(layers), apart = kApart * step;
  const auto count = [&](size_t hidden) {
    SetHidden(layers, hidden);
    return static_cast<double>(task.CountParameters(layers));
  };
  const double least = count(step), one = count(apart), two = count(2 * apart), three = count(3 * apart);
  const auto wanted = static_cast<double>(parameters);
  Require(wanted >= least, "compare", "the number of parameters",
          "at least " + std::to_string(std::lround(least)) + " for " + name, std::to_string(parameters));
  // one + n (linear + n curve) for apart (1 + n) channels; n may be below 0.
  const double curve = (three - 2 * two + one) / 2, linear = two - one - curve, more = wanted - one;
  const double root = std::sqrt(std::max(0.0, linear * linear + 4 * curve * more));
  const double n = curve > 0 ? (root - linear) / (2 * curve) : more / linear;
  size_t width = step * static_cast<size_t>(std::max(1.0, std::round(kApart * (1 + n))));
  double base = count(width);
  const auto nearer = [&](size_t next) {
    const double there = count(next);
    if (std::abs(there - wanted) >= std::abs(base - wanted)) return false;
    width = next, base = there;
    return true;
  };
  while (nearer(width + step)) {
  }
  while (width > step && nearer(width - step)) {
  }
  SetHidden(layers, width);
  if (step == 1) return layers;
  // Widths are far apart: feed forwards make up for the rest.
  WidenFeedForwards(layers, 1);
  const double channel = static_cast<double>(task.CountParameters(layers)) - base;
  WidenFeedForwards(layers, std::lround((wanted - base) / channel));
  return layers;
}

}  // namespace eddy
