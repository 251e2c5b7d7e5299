// When each letter or phoneme is spoken: the recordings' frames shared out among those of their texts. Each is a short
// hidden Markov model (symbol_chain.h), whose states have a mean frame and a variance (a Gaussian of the mel-cepstrum, its
// slope, and voicing), drawn towards those of all the more the rarer they are. They are found by expectation maximisation
// (Baum and Welch) from even shares on, at first with densities to a small power, which lets no early mistake stay (Ueda and
// Nakano 1998); the likeliest way through them then says when each symbol is spoken. Nothing else is needed than the
// recordings.
//
// Cost: in each of twenty turns, frames x states x width multiplications a recording; for each thread memory of a
// recording's frames x places in the chain of its symbols, twice.
#pragma once

#include <vector>

#include "audio/vocoder.h"
#include "eddy/threads.h"
#include "tasks/speak/data.h"

namespace eddy {

// Fills the durations of all sentences, which have none. `learn` gives the states; `more`, of the same voice, are aligned by
// them.
void AlignSymbols(std::vector<SpokenSentence>& learn, std::vector<SpokenSentence>& more, const VocoderOptions& vocoder,
                  Threads& threads);

}  // namespace eddy
