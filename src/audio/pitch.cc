#include "audio/pitch.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

constexpr size_t kMostCandidates = 6;
constexpr double kLeastPeak = 0.3;         // of a candidate
constexpr double kUnvoicedCost = 0.45;     // a voice is assumed where a peak is higher than 1 less this
constexpr double kSwitchCost = 0.2;        // between voice and none
constexpr double kOctaveCost = 0.6;        // of a leap by one, from one frame to the next
constexpr double kLowCost = 0.03;          // of an octave lower: a voice also repeats itself after two periods
constexpr double kQuiet = 1e-3;            // of the loudest frame's amplitude: below, there is no voice
constexpr double kSmoothingHertz = 2'000;  // the samples of a period of this are averaged: formants are left out

struct Candidate {
  double hertz = 0;  // 0: no voice
  double cost = 0;
};

// A running mean, which lets the voice's fundamental through.
std::vector<float> Smoothed(std::span<const float> samples, size_t over) {
  std::vector<double> sums(samples.size() + 1);
  for (size_t i = 0; i < samples.size(); ++i) sums[i + 1] = sums[i] + double{samples[i]};
  std::vector<float> smoothed(samples.size());
  for (size_t i = 0; i < samples.size(); ++i) {
    const size_t begin = i < over / 2 ? 0 : i - over / 2, end = std::min(samples.size(), begin + over);
    smoothed[i] = static_cast<float>((sums[end] - sums[begin]) / static_cast<double>(over));
  }
  return smoothed;
}

class PitchFinder {
 public:
  PitchFinder(std::span<const float> samples, const PitchOptions& options)
      : options_(options),
        shortest_(std::max<size_t>(2, static_cast<size_t>(options.rate / options.high))),
        longest_(static_cast<size_t>(std::ceil(options.rate / options.low)) + 1),
        window_(longest_ + longest_ / 2),
        sound_(Smoothed(samples, std::max<size_t>(1, static_cast<size_t>(options.rate / kSmoothingHertz)))),
        likeness_(longest_ + 1) {}

  double Amplitude(size_t frame) {
    Cut(frame);
    double sum = 0;
    for (const float x : piece_) sum += double{x} * double{x};
    return std::sqrt(sum / static_cast<double>(piece_.size()));
  }

  std::vector<Candidate> Candidates(size_t frame) {
    Cut(frame);
    for (size_t lag = shortest_ - 1; lag <= longest_; ++lag) likeness_[lag] = Likeness(lag);
    std::vector<Candidate> found;
    for (size_t lag = shortest_; lag < longest_; ++lag) {
      const double before = likeness_[lag - 1], here = likeness_[lag], after = likeness_[lag + 1];
      if (here < kLeastPeak || here < before || here <= after) continue;
      const double bend = before - 2 * here + after;  // the parabola through the three
      const double shift = bend < 0 ? 0.5 * (before - after) / bend : 0;
      const double hertz = options_.rate / (static_cast<double>(lag) + shift);
      found.push_back({hertz, 1 - here + 0.25 * (before - after) * shift + kLowCost * std::log2(options_.high / hertz)});
    }
    std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
    found.resize(std::min(found.size(), kMostCandidates));
    return found;
  }

 private:
  void Cut(size_t frame) {
    const auto centre = static_cast<ptrdiff_t>((static_cast<double>(frame) + 0.5) * options_.step);
    const ptrdiff_t begin = centre - static_cast<ptrdiff_t>((window_ + longest_) / 2);
    piece_.resize(window_ + longest_ + 1);
    double mean = 0;
    for (size_t i = 0; i < piece_.size(); ++i) {
      const ptrdiff_t at = begin + static_cast<ptrdiff_t>(i);
      piece_[i] = at >= 0 && at < static_cast<ptrdiff_t>(sound_.size()) ? sound_[static_cast<size_t>(at)] : 0;
      mean += double{piece_[i]} / static_cast<double>(piece_.size());
    }
    for (float& x : piece_) x -= static_cast<float>(mean);
  }

  double Likeness(size_t lag) const {
    float product = 0, squares = 0;
    const size_t begin = (longest_ - std::min(lag, longest_)) / 2;  // both parts around the centre
    for (size_t i = begin; i < begin + window_; ++i) {
      const float a = piece_[i], b = piece_[i + lag];
      product += a * b;
      squares += a * a + b * b;
    }
    return squares > 0 ? 2 * double{product} / double{squares} : 0;
  }

  const PitchOptions options_;
  const size_t shortest_, longest_, window_;
  const std::vector<float> sound_;
  std::vector<float> piece_;
  std::vector<double> likeness_;
};

double StepCost(const Candidate& from, const Candidate& to) {
  if (from.hertz == 0 && to.hertz == 0) return 0;
  if (from.hertz == 0 || to.hertz == 0) return kSwitchCost;
  return kOctaveCost * std::abs(std::log2(to.hertz / from.hertz));
}

}  // namespace

std::vector<double> TrackPitch(std::span<const float> samples, size_t frames, const PitchOptions& options) {
  PitchFinder finder(samples, options);
  double loudest = 0;
  std::vector<double> amplitudes(frames);
  for (size_t t = 0; t < frames; ++t) loudest = std::max(loudest, amplitudes[t] = finder.Amplitude(t));
  std::vector<std::vector<Candidate>> columns(frames);
  std::vector<std::vector<size_t>> from(frames);
  std::vector<double> costs;
  for (size_t t = 0; t < frames; ++t) {
    if (amplitudes[t] > kQuiet * loudest) columns[t] = finder.Candidates(t);
    columns[t].push_back({0, kUnvoicedCost});
    std::vector<double> next;
    for (const Candidate& to : columns[t]) {
      size_t best = 0;
      double least = t == 0 ? 0 : INFINITY;
      for (size_t i = 0; i < costs.size(); ++i) {
        const double cost = costs[i] + StepCost(columns[t - 1][i], to);
        if (cost < least) {
          least = cost;
          best = i;
        }
      }
      from[t].push_back(best);
      next.push_back(least + to.cost);
    }
    costs = std::move(next);
  }
  std::vector<double> pitch(frames);
  size_t at = static_cast<size_t>(std::min_element(costs.begin(), costs.end()) - costs.begin());
  for (size_t t = frames; t-- > 0;) {
    pitch[t] = columns[t][at].hertz;
    at = from[t][at];
  }
  return pitch;
}

}  // namespace eddy
