// A transcriber beside its floor.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/verdict.h"
#include "tasks/transcribe/scores.h"
#include "tasks/transcribe/transcript.h"

namespace eddy {

struct TranscriptFloor {
  std::string name;
  TranscriptScores scores;
};

struct TranscriberResult {
  double loss = 0;      // nats a character, of the recordings whose characters are known and fit; NaN where there are none
  size_t left_out = 0;  // of `loss`, though they are judged
  double seconds = 0;   // of sound; 0 of features
  TranscriptScores network;
  std::map<std::string, TranscriptScores> speakers;
  std::vector<WordMistake> mistakes;  // the most frequent ones
  std::vector<TranscriptFloor> floors;
  std::vector<std::string> said;  // of each recording
};

// `commonest` is what was said most often in training. Processes share out the recordings.
TranscriberResult EvaluateTranscriber(const TranscriberNetwork& network, const std::vector<Utterance>& utterances,
                                      const std::string& commonest, const SearchOptions& options, Threads& threads,
                                      ProcessGroup& group = Alone());

// By the word error rate.
Verdict JudgeTranscriber(const TranscriberResult& result);

}  // namespace eddy
