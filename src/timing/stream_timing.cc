#include "timing/stream_timing.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "base/median.h"

namespace eddy {
namespace {

constexpr size_t kSamples = 51;
constexpr double kSampleSeconds = 2e-3;

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

double TimeStreamStep(const EncoderOptions& layers) {
  if (!IsCausal(layers)) return std::nan("");
  Random random(1);
  const Encoder encoder(layers, "layer", random);
  EncoderStream stream(encoder);
  std::vector<Real> input(layers.input);
  for (Real& value : input) value = static_cast<Real>(random.Normal());
  const auto run = [&](size_t steps) {
    const double before = Now();
    for (size_t i = 0; i < steps; ++i) stream.Step(input.data());
    return (Now() - before) / static_cast<double>(steps);
  };
  const double first = run(StepsBack(layers) + 16);
  const auto steps = static_cast<size_t>(std::clamp(kSampleSeconds / first, 1.0, 1e5));
  std::vector<double> samples;
  for (size_t i = 0; i < kSamples; ++i) samples.push_back(run(steps));
  return UpperMedian(samples);
}

}  // namespace eddy
