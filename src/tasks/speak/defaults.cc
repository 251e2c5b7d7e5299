#include "tasks/speak/defaults.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace eddy {
namespace {

constexpr double kLeastSteps = 1500;    // so that a few recordings are learned, too
constexpr size_t kFewRecordings = 200;  // of which too few are held out to tell when it is enough
constexpr double kLeastDeviation = 1e-2;
constexpr size_t kMostSymbols = 20'000;

// Of phonemes the one with which most sentences begin.
std::string EdgeOf(const SentenceSet& train) {
  if (train.alphabet.reads_words()) return std::string(kEdge);
  std::map<std::string, size_t> counts;
  for (const SpokenSentence& each : train.sentences) ++counts[each.symbols.front()];
  return std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

void SetFrameScaling(const SentenceSet& train, VoiceDesign& design) {
  const size_t D = design.vocoder.width();
  std::vector<double> sums(D), squares(D);
  double frames = 0;
  for (const SpokenSentence& each : train.sentences) {
    for (size_t i = 0; i < each.frames.size(); ++i) {
      const double value = double{each.frames[i]};
      sums[i % D] += value;
      squares[i % D] += value * value;
    }
    frames += static_cast<double>(each.frames.size() / D);
  }
  for (size_t d = 0; d < D; ++d) {
    design.mean.push_back(sums[d] / frames);
    const double variance = squares[d] / frames - design.mean[d] * design.mean[d];
    design.deviation.push_back(std::max(std::sqrt(std::max(variance, 0.0)), kLeastDeviation));
  }
}

void SetDurationScaling(const SentenceSet& train, VoiceDesign& design) {
  double sum = 0, squares = 0, count = 0;
  for (const SpokenSentence& each : train.sentences) {
    for (const size_t frames : each.durations) {
      const double value = std::log(static_cast<double>(frames));
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  design.duration_factors.assign(design.symbols.size(), 1);
  design.duration_mean = sum / count;
  design.duration_deviation =
      std::max(std::sqrt(std::max(squares / count - design.duration_mean * design.duration_mean, 0.0)), kLeastDeviation);
}

void SetMeans(const SentenceSet& train, VoiceDesign& design) {
  const size_t D = design.vocoder.width(), V = design.symbols.size();
  design.mean_frames.assign(V * D, 0);
  design.mean_durations.assign(V, 0);
  std::vector<double> frames(V), times(V);
  for (const SpokenSentence& each : train.sentences) {
    size_t t = 0;
    for (size_t s = 0; s < each.symbols.size(); ++s) {
      const auto v = static_cast<size_t>(design.symbols.Find(each.symbols[s]));
      times[v] += 1;
      for (size_t i = 0; i < each.durations[s]; ++i, ++t) {
        frames[v] += 1;
        for (size_t d = 0; d < D; ++d) design.mean_frames[v * D + d] += double{each.frames[t * D + d]};
      }
    }
  }
  for (size_t v = 0; v < V; ++v) {
    design.mean_durations[v] = std::max(1.0, frames[v] / std::max(times[v], 1.0));
    for (size_t d = 0; d < D; ++d) design.mean_frames[v * D + d] /= std::max(frames[v], 1.0);
  }
}

Vocabulary SymbolsIn(const SentenceSet& train, const std::string& edge) {
  TokenCounts counts;
  for (const SpokenSentence& each : train.sentences) {
    for (const std::string& symbol : each.symbols) {
      if (symbol != edge) counts.Add(symbol);
    }
  }
  return FrequentTokens({edge}, counts, 1, kMostSymbols);
}

}  // namespace

VoiceSetup DefaultVoiceSetup(const SentenceSet& train, const VocoderOptions& vocoder) {
  VoiceSetup setup;
  VoiceDesign& design = setup.design;
  design.vocoder = vocoder;
  design.alphabet = train.alphabet;
  design.edge = EdgeOf(train);
  design.symbols = SymbolsIn(train, design.edge);
  SetFrameScaling(train, design);
  SetDurationScaling(train, design);
  SetMeans(train, design);
  design.stretch.assign(vocoder.order + 1, 1);
  design.dropout = 0.2;
  StackOptions stack;
  stack.bidirectional = true;
  stack.layers = 1;
  stack.layer.hidden = 128;
  design.text = {design.embedding, {stack}};
  stack.layers = 2;
  stack.dropout = design.dropout;
  design.frames = {2 * stack.layer.hidden + kPlaceWidth, {stack}};

  setup.batching.rows = std::clamp<size_t>(train.sentences.size() / 40, 2, 8);
  TrainingOptions& training = setup.training;
  training.schedule.warmup = 0.05;
  training.schedule.rate = 3e-3;
  training.average_decay = 0.99;
  training.optimizer.weight_decay = 0.01;
  training.patience = train.sentences.size() < kFewRecordings ? 0 : 6;
  training.limit = "epochs";
  training.amount =
      std::max(25.0, kLeastSteps * static_cast<double>(setup.batching.rows) / static_cast<double>(train.sentences.size()));
  return setup;
}

}  // namespace eddy
