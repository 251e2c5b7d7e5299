// When each letter or phoneme is spoken: the recordings' frames shared out among those of their texts. One in its context
// (with the one before and the one after) has a mean frame, drawn towards that of the symbol with either, and this towards
// the symbol's own, the more the rarer it is; the cheapest way through all symbols in order (Viterbi) and the means are
// found in turns, from even shares on. Nothing is trained, and nothing but the recordings is needed.
//
// Cost: in each of some twelve turns, frames x symbols x width multiplications a recording.
#pragma once

#include <vector>

#include "audio/vocoder.h"
#include "eddy/threads.h"
#include "tasks/speak/data.h"

namespace eddy {

// Fills the durations of all sentences, which have none. `learn` gives the means; `more`, of the same voice, are aligned by
// them.
void AlignSymbols(std::vector<SpokenSentence>& learn, std::vector<SpokenSentence>& more, const VocoderOptions& vocoder,
                  Threads& threads);

}  // namespace eddy
