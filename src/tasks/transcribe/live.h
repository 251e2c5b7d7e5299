// A causal transcriber on sound as it comes: the logits of a step as soon as there is sound for it, the same, bit for bit,
// as of the whole. Keeps a window of the sound and the states of the layers, however long it runs.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "tasks/transcribe/network.h"

namespace eddy {

class LiveLogits {
 public:
  using Visit = std::function<void(const Real* logits)>;  // [V]

  // Throws Error for a network that is not causal, or reads features. The network must outlive it.
  explicit LiveLogits(const TranscriberNetwork& network);
  ~LiveLogits();
  LiveLogits(LiveLogits&&) noexcept;

  void Push(std::span<const float> samples, const Visit& visit);  // at the design's rate
  void Finish(const Visit& visit);                                // of the sound; nothing is pushed after it

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// When a text ends in a stream (as Kaldi's rules have it): after a second without a label; after five where there was none
// at all; at twenty seconds, as soon as there is none; and at sixty even within one, so that noise in which something is
// heard all the time does not make a text without end.
class EndPoint {
 public:
  explicit EndPoint(double step_seconds) : step_(step_seconds) {}

  // Of one more step: whether the text ends with it.
  bool Step(bool blank);

 private:
  double step_, silence_ = 0, length_ = 0;
  bool spoken_ = false;
};

}  // namespace eddy
