#include "tasks/transcribe/scores.h"

#include <algorithm>

#include "data/side_format.h"

namespace eddy {
namespace {

TranscriptScores Score(const std::vector<std::string>& said, const std::vector<Utterance>& utterances,
                       const std::vector<size_t>& places) {
  std::vector<ErrorCounts> words, characters;
  TranscriptScores scores;
  scores.recordings = places.size();
  for (const size_t i : places) {
    const std::string& right = utterances[i].text;
    words.push_back(CountErrors(WordsOf(said[i]), WordsOf(right)));
    characters.push_back(CountErrors(CutSide(said[i], SideUnit::kCharacters), CutSide(right, SideUnit::kCharacters)));
    scores.words += words.back();
    scores.characters += characters.back();
    scores.wrong += words.back().errors() > 0;
  }
  scores.word_interval = RateInterval(words);
  scores.character_interval = RateInterval(characters);
  return scores;
}

}  // namespace

std::vector<std::string> WordsOf(std::string_view text) { return CutSide(text, SideUnit::kSymbols); }

TranscriptScores ScoreTranscripts(const std::vector<std::string>& said, const std::vector<Utterance>& utterances) {
  std::vector<size_t> all(utterances.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  return Score(said, utterances, all);
}

std::map<std::string, TranscriptScores> ScoreSpeakers(const std::vector<std::string>& said,
                                                      const std::vector<Utterance>& utterances) {
  std::map<std::string, std::vector<size_t>> places;
  for (size_t i = 0; i < utterances.size(); ++i) {
    if (!utterances[i].speaker.empty()) places[utterances[i].speaker].push_back(i);
  }
  std::map<std::string, TranscriptScores> scores;
  for (const auto& [speaker, own] : places) scores[speaker] = Score(said, utterances, own);
  return scores;
}

std::vector<WordMistake> CommonMistakes(const std::vector<std::string>& said, const std::vector<Utterance>& utterances,
                                        size_t most) {
  std::map<TokenPair, size_t> counts;
  for (size_t i = 0; i < utterances.size(); ++i) {
    std::vector<TokenPair> pairs;
    CountErrors(WordsOf(said[i]), WordsOf(utterances[i].text), &pairs);
    for (const TokenPair& pair : pairs) {
      if (pair.first != pair.second) ++counts[pair];
    }
  }
  std::vector<WordMistake> mistakes;
  for (const auto& [pair, count] : counts) mistakes.push_back({pair, count});
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const WordMistake& a, const WordMistake& b) { return a.count > b.count; });
  mistakes.resize(std::min(most, mistakes.size()));
  return mistakes;
}

}  // namespace eddy
