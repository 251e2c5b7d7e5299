#include "tasks/transcribe/live.h"

#include <algorithm>
#include <array>

#include "audio/features.h"
#include "eddy/error.h"

namespace eddy {

struct LiveLogits::Impl {
  explicit Impl(const TranscriberNetwork& n)
      : network(n),
        reader(*n.design().sound),
        first(n.first(), 1, n.precision()),
        second(n.second(), 1, n.precision()),
        layers(n.encoder()),
        head(n.head(), 1, n.precision()),
        rectified(n.design().channels) {}

  // What Relu() makes of a step; empty at those that the stride passes over.
  std::span<const Real> Rectified(std::span<const Real> step) {
    for (size_t i = 0; i < step.size(); ++i) rectified[i] = std::max(step[i], Real{0});
    return std::span(rectified).first(step.size());
  }

  void Run(const Visit& visit) {
    const size_t D = network.design().inputs();
    ScaleFrames(frames, network.design().mean, network.design());
    for (size_t at = 0; at < frames.size(); at += D) {
      const std::span<const Real> once = Rectified(first.Step(frames.data() + at));
      if (once.empty()) continue;
      const std::span<const Real> twice = Rectified(second.Step(once.data()));
      if (twice.empty()) continue;
      visit(head.Step(layers.Step(twice.data()).data()).data());
    }
    frames.clear();
  }

  const TranscriberNetwork& network;
  FeatureReader reader;
  Conv1dStream first, second;
  EncoderStream layers;
  LinearStream head;
  std::vector<Real> rectified;
  std::vector<float> frames;
};

LiveLogits::LiveLogits(const TranscriberNetwork& network) {
  Require(network.design().sound.has_value(), "transcribe", "a stream's model", "one of sound",
          "one of features from files");
  Require(network.design().causal, "transcribe", "a stream's model", "causal (eddy train transcribe --causal)", "not");
  impl_ = std::make_unique<Impl>(network);
}
LiveLogits::~LiveLogits() = default;
LiveLogits::LiveLogits(LiveLogits&&) noexcept = default;

void LiveLogits::Push(std::span<const float> samples, const Visit& visit) {
  impl_->reader.Push(samples, impl_->frames);
  impl_->Run(visit);
}

void LiveLogits::Finish(const Visit& visit) {
  impl_->reader.Finish(impl_->frames);
  impl_->Run(visit);
}

bool EndPoint::Step(bool blank) {
  constexpr double kAfterWords = 1, kWithoutWords = 5, kLongest = 20, kAtMost = 60;  // seconds
  length_ += step_;
  silence_ = blank ? silence_ + step_ : 0;
  spoken_ |= !blank;
  return silence_ >= (spoken_ ? kAfterWords : kWithoutWords) || length_ >= (blank ? kLongest : kAtMost);
}

}  // namespace eddy
