// How good transcripts are.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "metrics/word_errors.h"
#include "tasks/transcribe/data.h"

namespace eddy {

struct TranscriptScores {
  size_t recordings = 0;
  size_t wrong = 0;               // of them with an error
  ErrorCounts words, characters;  // characters with the spaces between words
  Interval word_interval, character_interval;
};

// `said` of each utterance.
TranscriptScores ScoreTranscripts(const std::vector<std::string>& said, const std::vector<Utterance>& utterances);
// The same of each speaker who is known.
std::map<std::string, TranscriptScores> ScoreSpeakers(const std::vector<std::string>& said,
                                                      const std::vector<Utterance>& utterances);

struct WordMistake {
  TokenPair pair;  // the right word and what was made of it
  size_t count = 0;
};
// The most frequent ones, at most `most`.
std::vector<WordMistake> CommonMistakes(const std::vector<std::string>& said, const std::vector<Utterance>& utterances,
                                        size_t most);

std::vector<std::string> WordsOf(std::string_view text);  // between spaces

}  // namespace eddy
