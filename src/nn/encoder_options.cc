#include <algorithm>

#include "eddy/encoder.h"
#include "eddy/error.h"

namespace eddy {
namespace {

// The options of a layer of cells; null for others.
const RecurrentOptions* RecurrentOf(const LayerOptions& layer) {
  return WithKind(layer, [](auto kind, const auto& each) { return kind.Recurrent(each); });
}

}  // namespace

size_t& InputOf(LayerOptions& layer) {
  return WithKind(layer, [](auto kind, auto& each) -> size_t& { return kind.Input(each); });
}

size_t OutputWidth(const LayerOptions& layer) {
  return WithKind(layer, [](auto kind, const auto& each) { return kind.Width(each); });
}

bool IsCausal(const LayerOptions& layer) {
  return WithKind(layer, [](auto kind, const auto& each) { return kind.IsCausal(each); });
}

bool IsCausal(const EncoderOptions& options) {
  return std::all_of(options.layers.begin(), options.layers.end(),
                     [](const LayerOptions& layer) { return IsCausal(layer); });
}

size_t StepsBack(const LayerOptions& layer) {
  return WithKind(layer, [](auto kind, const auto& each) { return kind.StepsBack(each); });
}

size_t StepsBack(const EncoderOptions& options) {
  size_t steps = 0;
  for (const LayerOptions& layer : options.layers) steps = std::min(kAllSteps, steps + StepsBack(layer));
  return steps;
}

void SetHidden(EncoderOptions& options, size_t hidden) {
  for (LayerOptions& layer : options.layers) {
    WithKind(layer, [=](auto kind, auto& each) { kind.SetHidden(each, hidden); });
  }
}

size_t HiddenStep(const EncoderOptions& options) {
  size_t step = 1;
  for (const LayerOptions& layer : options.layers) {
    step = std::max(step, WithKind(layer, [](auto kind, const auto&) { return size_t{kind.kHiddenStep}; }));
  }
  return step;
}

void WidenFeedForwards(EncoderOptions& options, ptrdiff_t by) {
  for (LayerOptions& layer : options.layers) {
    WithKind(layer, [=](auto kind, auto& each) { kind.WidenFeedForward(each, by); });
  }
}

bool HasRecurrent(const EncoderOptions& options) {
  return std::any_of(options.layers.begin(), options.layers.end(),
                     [](const LayerOptions& layer) { return RecurrentOf(layer) != nullptr; });
}

bool HasZoneout(const EncoderOptions& options) {
  return std::any_of(options.layers.begin(), options.layers.end(), [](const LayerOptions& layer) {
    const RecurrentOptions* recurrent = RecurrentOf(layer);
    return recurrent != nullptr && recurrent->zoneout > 0;
  });
}

void RemoveDropout(EncoderOptions& options) {
  Require(!HasZoneout(options), "explain", "the network", "trained without zoneout", "trained with it");
  for (LayerOptions& layer : options.layers) {
    WithKind(layer, [](auto kind, auto& each) { kind.RemoveDropout(each); });
  }
}

std::string Describe(const EncoderOptions& options) {
  std::string all;
  for (const LayerOptions& layer : options.layers) {
    all += all.empty() ? "" : ", then ";
    all += WithKind(layer, [](auto kind, const auto& each) { return kind.Describe(each); });
  }
  return all;
}

}  // namespace eddy
