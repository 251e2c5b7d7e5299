#include "tasks/speak/alignment.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>

#include "tasks/speak/alphabet.h"
#include "tasks/speak/symbol_chain.h"

namespace eddy {
namespace {

constexpr int kTurns = 20;
constexpr double kFirstPower = 0.1, kPowerRise = 1.2;  // of densities; to 1
constexpr double kPull = 5;                            // frames that what is common to all counts for in a state
constexpr double kLeastVariance = 0.05;                // against that of all frames
constexpr size_t kAtOnce = 64;                         // recordings
constexpr float kLeastShare = 1e-4F;                   // of a frame that counts
constexpr float kQuiet = 3.5F;                         // nepers below the loudest frame: it is at first taken for silence
constexpr float kQuietScore = -3;                      // of what is not
constexpr size_t kSlopeReach = 2;                      // frames to either side
constexpr double kLeastSpread = 1e-3;

// What is compared: the cepstrum and voicing of a frame, and the slopes of the cepstrum, each by its deviation.
class Comparable {
 public:
  Comparable(const std::vector<SpokenSentence>& learn, const VocoderOptions& vocoder) : vocoder_(vocoder) {
    std::vector<double> sums(width()), squares(width());
    double count = 0;
    for (const SpokenSentence& each : learn) {
      const std::vector<double> frames = Raw(each);
      for (size_t i = 0; i < frames.size(); ++i) {
        sums[i % width()] += frames[i];
        squares[i % width()] += frames[i] * frames[i];
      }
      count += static_cast<double>(frames.size() / width());
    }
    for (size_t d = 0; d < width(); ++d) {
      const double mean = sums[d] / count;
      deviation_.push_back(std::max(std::sqrt(std::max(squares[d] / count - mean * mean, 0.0)), kLeastSpread));
    }
  }

  size_t width() const { return 2 * (vocoder_.order + 1) + 1; }

  std::vector<float> Frames(const SpokenSentence& sentence) const {  // [T, width()]
    const std::vector<double> raw = Raw(sentence);
    std::vector<float> frames(raw.size());
    for (size_t i = 0; i < raw.size(); ++i) frames[i] = static_cast<float>(raw[i] / deviation_[i % width()]);
    return frames;
  }

 private:
  std::vector<double> Raw(const SpokenSentence& sentence) const {
    const size_t D = vocoder_.width(), C = vocoder_.order + 1, T = sentence.frames.size() / D;
    std::vector<double> raw;
    for (size_t t = 0; t < T; ++t) {
      const float* frame = sentence.frames.data() + t * D;
      const size_t before = t < kSlopeReach ? 0 : t - kSlopeReach, after = std::min(T - 1, t + kSlopeReach);
      for (size_t c = 0; c < C; ++c) raw.push_back(double{frame[c]});
      for (size_t c = 0; c < C; ++c) {
        raw.push_back(double{sentence.frames[after * D + c]} - double{sentence.frames[before * D + c]});
      }
      raw.push_back(double{frame[vocoder_.voicing()]});
    }
    return raw;
  }

  const VocoderOptions& vocoder_;
  std::vector<double> deviation_;
};

// Which states the symbols have, and the chain of those of a text.
class SymbolStates {
 public:
  explicit SymbolStates(const std::vector<SpokenSentence>& learn) {
    for (const SpokenSentence& each : learn) {
      for (const std::string& symbol : each.symbols) {
        if (!IsSilent(symbol) && first_.emplace(symbol, count_).second) count_ += kSymbolStates;
      }
    }
  }

  size_t count() const { return count_; }

  // A symbol that is not learned has the states of silence; the voice cannot say it anyway.
  SymbolChain Chain(const std::vector<std::string>& symbols) const {
    std::vector<bool> silent;
    std::vector<size_t> states;
    for (const std::string& symbol : symbols) {
      const auto found = first_.find(symbol);
      silent.push_back(found == first_.end());
      states.push_back(silent.back() ? kSilentState : found->second);
    }
    return {silent, states};
  }

 private:
  static bool IsSilent(const std::string& symbol) { return symbol == kEdge || symbol == " " || IsMark(symbol); }

  std::map<std::string, size_t> first_;
  size_t count_ = kSilentState + 1;
};

// Sums over frames of each of some states, by the share of the frame that belongs to it.
class StateSums {
 public:
  StateSums(size_t states, size_t width) : width_(width), counts_(states), sums_(states * width), squares_(states * width) {}

  void Add(size_t state, const float* frame, double share) {
    counts_[state] += share;
    for (size_t d = 0; d < width_; ++d) {
      const double value = double{frame[d]};
      sums_[state * width_ + d] += share * value;
      squares_[state * width_ + d] += share * value * value;
    }
  }

  void Add(const StateSums& other, const std::vector<size_t>& states) {  // of which `other` has the sums, in this order
    for (size_t i = 0; i < states.size(); ++i) {
      counts_[states[i]] += other.counts_[i];
      for (size_t d = 0; d < width_; ++d) {
        sums_[states[i] * width_ + d] += other.sums_[i * width_ + d];
        squares_[states[i] * width_ + d] += other.squares_[i * width_ + d];
      }
    }
  }

  size_t states() const { return counts_.size(); }
  size_t width() const { return width_; }
  double count(size_t state) const { return counts_[state]; }
  double sum(size_t state, size_t d) const { return sums_[state * width_ + d]; }
  double square(size_t state, size_t d) const { return squares_[state * width_ + d]; }

 private:
  size_t width_;
  std::vector<double> counts_, sums_, squares_;
};

// A Gaussian for each state, without covariances.
class StateDensities {
 public:
  explicit StateDensities(const StateSums& sums) : width_(sums.width()), constants_(sums.states()) {
    double frames = 1e-9;
    std::vector<double> common(width_);
    for (size_t state = 0; state < sums.states(); ++state) {
      frames += sums.count(state);
      for (size_t d = 0; d < width_; ++d) common[d] += sums.sum(state, d);
    }
    for (double& each : common) each /= frames;
    for (size_t state = 0; state < sums.states(); ++state) {
      const double count = sums.count(state) + kPull;
      for (size_t d = 0; d < width_; ++d) {
        const double mean = (sums.sum(state, d) + kPull * common[d]) / count;
        // Of frames that have a variance of 1.
        const double square = (sums.square(state, d) + kPull * (1 + common[d] * common[d])) / count;
        const double variance = std::max(square - mean * mean, kLeastVariance);
        means_.push_back(static_cast<float>(mean));
        precisions_.push_back(static_cast<float>(1 / variance));
        constants_[state] -= static_cast<float>(0.5 * std::log(variance));
      }
    }
  }

  float Log(size_t state, const float* frame) const {
    const float *means = means_.data() + state * width_, *precisions = precisions_.data() + state * width_;
    float off = 0;
    for (size_t d = 0; d < width_; ++d) off += (frame[d] - means[d]) * (frame[d] - means[d]) * precisions[d];
    return constants_[state] - 0.5F * off;
  }

 private:
  size_t width_;
  std::vector<float> means_, precisions_, constants_;
};

struct Alignable {
  SymbolChain chain;
  std::vector<float> frames;        // [T, width]
  std::vector<size_t> own;          // the states that it has, each once
  std::vector<size_t> own_of_each;  // which of these each place of the chain is

  Alignable(SymbolChain of, std::vector<float> all_frames) : chain(std::move(of)), frames(std::move(all_frames)) {
    own = chain.states();
    std::ranges::sort(own);
    own.erase(std::unique(own.begin(), own.end()), own.end());
    for (const size_t state : chain.states()) {
      own_of_each.push_back(static_cast<size_t>(std::ranges::lower_bound(own, state) - own.begin()));
    }
  }

  size_t places() const { return own_of_each.size(); }
  bool fits(size_t width) const { return frames.size() / width >= chain.least_frames(); }

  // Those of the start: all that is known is that silence is quiet.
  std::vector<float> FirstScores(const SpokenSentence& sentence, size_t vocoder_width) const {
    const size_t T = sentence.frames.size() / vocoder_width;
    float loudest = sentence.frames[0];
    for (size_t t = 0; t < T; ++t) loudest = std::max(loudest, sentence.frames[t * vocoder_width]);
    std::vector<float> scores(T * places());
    for (size_t t = 0; t < T; ++t) {
      const bool quiet = sentence.frames[t * vocoder_width] < loudest - kQuiet;
      for (size_t p = 0; p < places(); ++p) {
        scores[t * places() + p] = quiet == (chain.states()[p] == kSilentState) ? 0 : kQuietScore;
      }
    }
    return scores;
  }

  // [T, places]: logarithms of densities to a power, less those of the likeliest place of each frame.
  std::vector<float> Scores(const StateDensities& densities, size_t width, double power) const {
    const size_t T = frames.size() / width;
    std::vector<float> scores(T * places()), logs(own.size());
    for (size_t t = 0; t < T; ++t) {
      for (size_t i = 0; i < own.size(); ++i) logs[i] = densities.Log(own[i], frames.data() + t * width);
      const float most = *std::ranges::max_element(logs);
      for (size_t p = 0; p < places(); ++p) {
        scores[t * places() + p] = static_cast<float>(power) * (logs[own_of_each[p]] - most);
      }
    }
    return scores;
  }
};

std::vector<size_t> EvenShares(size_t frames, size_t symbols) {
  std::vector<size_t> shares;
  for (size_t i = 0; i < symbols; ++i) shares.push_back(frames * (i + 1) / symbols - frames * i / symbols);
  return shares;
}

std::vector<Alignable> MakeAlignable(const std::vector<SpokenSentence>& sentences, const SymbolStates& states,
                                     const Comparable& comparable) {
  std::vector<Alignable> all;
  for (const SpokenSentence& each : sentences) all.emplace_back(states.Chain(each.symbols), comparable.Frames(each));
  return all;
}

StateSums SumsOf(const Alignable& sentence, std::vector<float> scores, size_t width) {
  StateSums sums(sentence.own.size(), width);
  const size_t P = sentence.places();
  sentence.chain.ToProbabilities(scores);
  std::vector<float> shares(sentence.own.size());
  for (size_t t = 0; t < sentence.frames.size() / width; ++t) {
    std::ranges::fill(shares, 0.0F);
    for (size_t p = 0; p < P; ++p) shares[sentence.own_of_each[p]] += scores[t * P + p];
    for (size_t i = 0; i < shares.size(); ++i) {
      if (shares[i] > kLeastShare) sums.Add(i, sentence.frames.data() + t * width, double{shares[i]});
    }
  }
  return sums;
}

}  // namespace

void AlignSymbols(std::vector<SpokenSentence>& learn, std::vector<SpokenSentence>& more, const VocoderOptions& vocoder,
                  Threads& threads) {
  const Comparable comparable(learn, vocoder);
  const size_t width = comparable.width();
  const SymbolStates states(learn);
  const std::vector<Alignable> alignable = MakeAlignable(learn, states, comparable);
  std::optional<StateDensities> densities;  // none at the start
  double power = kFirstPower;
  for (int turn = 0; turn < kTurns; ++turn) {
    StateSums sums(states.count(), width);
    for (size_t begin = 0; begin < learn.size(); begin += kAtOnce) {
      const size_t count = std::min(kAtOnce, learn.size() - begin);
      std::vector<StateSums> parts(count, StateSums(0, width));
      threads.For(count, 1, [&](size_t from, size_t to) {
        for (size_t i = from; i < to; ++i) {
          const Alignable& each = alignable[begin + i];
          if (!each.fits(width)) continue;
          parts[i] = SumsOf(
              each, densities ? each.Scores(*densities, width, power) : each.FirstScores(learn[begin + i], vocoder.width()),
              width);
        }
      });
      for (size_t i = 0; i < count; ++i) {  // in one order, whatever the number of threads
        if (parts[i].states() > 0) sums.Add(parts[i], alignable[begin + i].own);
      }
    }
    if (densities) power = std::min(1.0, power * kPowerRise);
    densities.emplace(sums);
  }
  const auto align = [&](std::vector<SpokenSentence>& sentences, const std::vector<Alignable>& of_each) {
    threads.For(sentences.size(), 1, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        const size_t T = of_each[i].frames.size() / width;
        sentences[i].durations = of_each[i].fits(width) ? of_each[i].chain.Durations(of_each[i].Scores(*densities, width, 1))
                                                        : EvenShares(T, sentences[i].symbols.size());
      }
    });
  };
  align(learn, alignable);
  align(more, MakeAlignable(more, states, comparable));
}

}  // namespace eddy
