#include "tasks/speak/alignment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

namespace eddy {
namespace {

constexpr int kTurns = 12;
constexpr double kPull = 20;       // frames that a wider context counts for in a narrower one's mean
constexpr double kQuiet = 3.5;     // nepers below the loudest frame: silence at the ends, at the start
constexpr size_t kSlopeReach = 2;  // frames to either side
constexpr double kLeastStateDeviation = 1e-3;

using Sums = std::unordered_map<std::string, std::pair<std::vector<double>, double>>;

// The keys of a symbol's contexts, from the symbol alone to both neighbours.
std::array<std::string, 4> Contexts(const std::vector<std::string>& symbols, size_t i) {
  const std::string before = i == 0 ? "" : symbols[i - 1], after = i + 1 == symbols.size() ? "" : symbols[i + 1];
  const std::string& own = symbols[i];
  return {own, before + "\t" + own + "\n", own + "\n" + after, before + "\t" + own + "\n" + after};
}

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
      deviation_.push_back(std::max(std::sqrt(std::max(squares[d] / count - mean * mean, 0.0)), kLeastStateDeviation));
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

// Silence where it is quiet at the ends, and the rest shared evenly.
void ShareEvenly(SpokenSentence& sentence, size_t width) {
  const size_t T = sentence.frames.size() / width, S = sentence.symbols.size();
  float loudest = sentence.frames[0];
  for (size_t t = 0; t < T; ++t) loudest = std::max(loudest, sentence.frames[t * width]);
  const auto quiet = [&](size_t t) { return double{sentence.frames[t * width]} < double{loudest} - kQuiet; };
  size_t begin = 1, end = T - 1;
  while (begin + S <= end + 2 && quiet(begin)) ++begin;
  while (begin + S - 1 <= end && quiet(end - 1)) --end;
  if (begin + S - 2 > end) begin = 1, end = T - 1;
  sentence.durations.assign(S, 0);
  sentence.durations.front() = begin;
  sentence.durations.back() = T - end;
  const size_t inner = S - 2, frames = end - begin;
  for (size_t i = 0; i < inner; ++i) sentence.durations[i + 1] = frames * (i + 1) / inner - frames * i / inner;
}

class ContextMeans {
 public:
  explicit ContextMeans(size_t width) : width_(width) {}

  void Add(const SpokenSentence& sentence, const std::vector<float>& frames) {
    size_t t = 0;
    for (size_t i = 0; i < sentence.symbols.size(); ++i) {
      const size_t end = t + sentence.durations[i];
      for (const std::string& key : Contexts(sentence.symbols, i)) {
        auto& [sum, count] = sums_[key];
        sum.resize(width_);
        for (size_t at = t; at < end; ++at) {
          for (size_t d = 0; d < width_; ++d) sum[d] += double{frames[at * width_ + d]};
        }
        count += static_cast<double>(end - t);
      }
      t = end;
    }
  }

  std::vector<float> Mean(const std::vector<std::string>& symbols, size_t i) const {  // [width]
    const auto [own, left, right, both] = Contexts(symbols, i);
    const std::vector<double> wide = Drawn(own, std::vector<double>(width_));
    const std::vector<double> with_left = Drawn(left, wide), with_right = Drawn(right, wide);
    std::vector<double> around(width_);
    for (size_t d = 0; d < width_; ++d) around[d] = 0.5 * (with_left[d] + with_right[d]);
    const std::vector<double> mean = Drawn(both, around);
    return {mean.begin(), mean.end()};
  }

 private:
  std::vector<double> Drawn(const std::string& key, std::vector<double> towards) const {
    const auto found = sums_.find(key);
    if (found == sums_.end()) return towards;
    const auto& [sum, count] = found->second;
    for (size_t d = 0; d < width_; ++d) towards[d] = (sum[d] + kPull * towards[d]) / (count + kPull);
    return towards;
  }

  size_t width_;
  Sums sums_;
};

// Every symbol gets a frame at least; there are no fewer frames than symbols.
std::vector<size_t> CheapestWay(const std::vector<float>& frames, size_t width,
                                const std::vector<std::vector<float>>& means) {
  const size_t T = frames.size() / width, S = means.size();
  std::vector<double> costs(S, INFINITY);
  std::vector<uint8_t> entered(T * S);  // whether the symbol's first frame is this one
  for (size_t t = 0; t < T; ++t) {
    const size_t last = std::min(S, t + 1);
    for (size_t s = last; s-- > 0;) {
      if (S - s > T - t) break;  // there would be too few frames for the symbols that follow
      double off = 0;
      for (size_t d = 0; d < width; ++d) {
        const double difference = double{frames[t * width + d]} - double{means[s][d]};
        off += difference * difference;
      }
      const double stay = t == 0 ? (s == 0 ? 0 : INFINITY) : costs[s];
      const double enter = s == 0 || t == 0 ? INFINITY : costs[s - 1];
      entered[t * S + s] = enter < stay;
      costs[s] = std::min(stay, enter) + off;
    }
  }
  std::vector<size_t> durations(S);
  size_t s = S - 1;
  for (size_t t = T; t-- > 0;) {
    ++durations[s];
    if (entered[t * S + s] && s > 0) --s;
  }
  return durations;
}

}  // namespace

void AlignSymbols(std::vector<SpokenSentence>& learn, std::vector<SpokenSentence>& more, const VocoderOptions& vocoder,
                  Threads& threads) {
  const Comparable comparable(learn, vocoder);
  const size_t width = comparable.width();
  const auto align = [&](std::vector<SpokenSentence>& sentences, const std::vector<std::vector<float>>& frames,
                         const ContextMeans& means) {
    threads.For(sentences.size(), 1, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        std::vector<std::vector<float>> of_each;
        for (size_t s = 0; s < sentences[i].symbols.size(); ++s) of_each.push_back(means.Mean(sentences[i].symbols, s));
        sentences[i].durations = CheapestWay(frames[i], width, of_each);
      }
    });
  };
  const auto all_frames = [&](const std::vector<SpokenSentence>& sentences) {
    std::vector<std::vector<float>> frames;
    for (const SpokenSentence& each : sentences) frames.push_back(comparable.Frames(each));
    return frames;
  };
  const std::vector<std::vector<float>> frames = all_frames(learn);
  for (SpokenSentence& each : learn) ShareEvenly(each, vocoder.width());
  for (int turn = 0; turn < kTurns; ++turn) {
    ContextMeans means(width);
    for (size_t i = 0; i < learn.size(); ++i) means.Add(learn[i], frames[i]);
    align(learn, frames, means);
    if (turn + 1 == kTurns) align(more, all_frames(more), means);
  }
}

}  // namespace eddy
