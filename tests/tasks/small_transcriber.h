// A transcriber of a few weights for words of tones.
#pragma once

#include "audio/tone_words.h"
#include "tasks/transcribe/design.h"

namespace eddy {
namespace small_transcriber {

inline Spelling Characters() { return Spelling(Vocabulary({std::string(kBlankText), "a", "b", "c", "d", " "})); }

// Pieces of the words of tones; some are whole words.
inline Spelling ToneSpelling() {
  Ragged<char> texts;
  for (uint64_t i = 0; i < 50; ++i) texts.Add(ToneText(i));
  return Spelling::OfPieces(texts, 13);
}

inline TranscriberDesign Design(bool causal, size_t reduction = 2, const Spelling& spelling = Characters()) {
  TranscriberDesign design;
  design.sound = FeatureOptions{.rate = kToneRate, .mels = 20};
  design.width = 20;
  design.mean.assign(20, -9);
  design.deviation.assign(20, 3);
  design.own_mean = !causal;
  design.spelling = spelling;
  design.causal = causal;
  design.reduction = reduction;
  design.channels = 6;
  design.dropout = 0.2;
  StackOptions stack;
  stack.layer.hidden = 5;
  stack.bidirectional = !causal;
  design.encoder = {design.channels, {stack}};
  return design;
}

}  // namespace small_transcriber
}  // namespace eddy
