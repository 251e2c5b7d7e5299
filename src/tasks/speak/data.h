// The recordings of a voice, read and split: what is said, and frames of how it sounds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audio/vocoder.h"
#include "data/reading.h"
#include "eddy/data.h"
#include "eddy/threads.h"
#include "tasks/speak/alphabet.h"
#include "tasks/train_options.h"
#include "train/data_source.h"

namespace eddy {

// Of texts that are read as words: the silence before the first and after the last.
inline constexpr std::string_view kEdge = "<edge>";

struct SpokenSentence {
  std::string place;  // for messages: "speech.tsv line 3"
  std::string text;
  std::vector<std::string> symbols;  // letters or phonemes, with those of silence at both ends
  std::vector<float> frames;         // [T, width] of the vocoder
  std::vector<size_t> durations;     // frames of each symbol, at least 1, which sum up to T
  std::vector<float> samples = {};   // at the vocoder's rate
};

struct SentenceSet {
  std::string source;
  std::vector<SpokenSentence> sentences;  // at least one
  VoiceAlphabet alphabet;
  std::string hash;  // of frames and symbols
  Reading reading;
};

// What is read of recordings.
struct SpeechReader {
  VocoderOptions vocoder;
  std::string alignments;  // a folder; empty for beside the sounds
  // What texts are made of; letters, or phonemes where the first recording has an alignment file, where it is not known.
  std::optional<VoiceAlphabet> alphabet;
};

// Where texts are read as words, symbols have no durations yet (alignment.h). Throws Error for data without recordings, and
// with too many that cannot be read.
SentenceSet ReadSentences(const Data& data, const SpeechReader& reader, const BadLines& bad, Threads& threads);

struct VoiceData {
  DataSource source;
  SentenceSet train, held_out;
  std::string fingerprint;  // of both
};

// Throws Error for a single recording to split.
VoiceData LoadVoiceData(const Data& data, const HeldOut& held_out, SpeechReader reader, const BadLines& bad,
                        Threads& threads);

// The same split of recordings that are all of what training had.
VoiceData SplitSentences(DataSource source, SentenceSet set);

}  // namespace eddy
