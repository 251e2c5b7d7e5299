#include "tasks/transcribe/live_text.h"

#include <algorithm>
#include <utility>

#include "audio/speech_set.h"

namespace eddy {

LiveText::LiveText(const TranscriberNetwork& network, const SearchOptions& options, int rate)
    : network_(network), logits_(network), search_(network.design(), options), end_(network.design().step_seconds()) {
  if (rate != network.design().sound->rate) resampler_.emplace(rate, network.design().sound->rate);
}

void LiveText::Push(std::span<const float> samples) {
  const auto take = [this](const Real* logits) { Take(logits); };
  if (!resampler_) {
    logits_.Push(samples, take);
  } else {
    std::vector<float> resampled;
    resampler_->Push(samples, resampled);
    logits_.Push(resampled, take);
  }
  partial_ = Partial();
}

void LiveText::Finish() {
  const auto take = [this](const Real* logits) { Take(logits); };
  if (resampler_) {
    std::vector<float> resampled;
    resampler_->Finish(resampled);
    logits_.Push(resampled, take);
  }
  logits_.Finish(take);
  EndText();
  partial_ = Partial();
}

void LiveText::Take(const Real* logits) {
  const size_t V = network_.design().spelling.size();
  search_.Step(logits);
  kept_.insert(kept_.end(), logits, logits + V);
  ++steps_;
  if (end_.Step(std::max_element(logits, logits + V) == logits)) EndText();
}

void LiveText::EndText() {
  const size_t V = network_.design().spelling.size();
  Tensor logits({kept_.size() / V, V});
  std::copy(kept_.begin(), kept_.end(), logits.data());
  const TranscriberDesign& design = network_.design();
  Transcript transcript =
      MakeTranscript(search_.Best(1).front(), logits, design, static_cast<double>(begin_) * design.step_seconds());
  if (!transcript.text.empty()) final_.push_back(std::move(transcript));
  kept_.clear();
  begin_ = steps_;
  search_.Restart();
  end_ = EndPoint(design.step_seconds());
}

std::string LiveText::Partial() const {
  return SqueezeSpaces(network_.design().spelling.Join(search_.Best(1).front().labels));
}

std::vector<Transcript> LiveText::TakeFinal() { return std::exchange(final_, {}); }

bool LiveText::PartialChanged() {
  if (partial_ == told_) return false;
  told_ = partial_;
  return true;
}

}  // namespace eddy
