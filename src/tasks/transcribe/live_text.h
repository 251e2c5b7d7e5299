// What is said in a stream of sound: texts that are final, each ended by a pause (live.h), and the one that is being said.
// Keeps the logits of one text.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "audio/resample.h"
#include "tasks/transcribe/live.h"
#include "tasks/transcribe/transcript.h"

namespace eddy {

class LiveText {
 public:
  // Of sound at `rate` samples a second. Throws Error as LiveLogits does. `network` and the language model must outlive it.
  LiveText(const TranscriberNetwork& network, const SearchOptions& options, int rate);

  void Push(std::span<const float> samples);
  void Finish();  // the end of the sound ends the text

  std::vector<Transcript> TakeFinal();                     // that have become final since the last call; none is empty
  const std::string& partial() const { return partial_; }  // of the text that goes on; it may change
  bool PartialChanged();                                   // since the last call

 private:
  void Take(const Real* logits);
  void EndText();
  std::string Partial() const;

  const TranscriberNetwork& network_;
  std::optional<Resampler> resampler_;
  LiveLogits logits_;
  LabelSearch search_;
  EndPoint end_;
  std::vector<Real> kept_;        // logits of the text, [steps, V]
  size_t steps_ = 0, begin_ = 0;  // of the sound so far, and before the text
  std::vector<Transcript> final_;
  std::string partial_, told_;
};

}  // namespace eddy
