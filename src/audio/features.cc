#include "audio/features.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <string>

#include "audio/sound.h"
#include "audio/spectrum.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kMostMels = 1024;

double MelOf(double hertz) { return 2595 * std::log10(1 + hertz / 700); }
double HertzOf(double mel) { return 700 * (std::pow(10, mel / 2595) - 1); }

size_t Samples(double ms, int rate) { return static_cast<size_t>(std::floor(ms * rate / 1000 + 0.5)); }

size_t TransformOf(const FeatureOptions& options) { return std::bit_ceil(std::max<size_t>(options.window(), 2)); }

// The bins at which triangles begin, peak and end: filter m over edges m, m + 1 and m + 2.
std::vector<size_t> EdgesOf(const FeatureOptions& options) {
  const double low = MelOf(options.low), high = MelOf(options.high > 0 ? options.high : options.rate / 2.0);
  std::vector<size_t> edges;
  for (size_t m = 0; m < options.mels + 2; ++m) {
    const double mel = low + (high - low) * static_cast<double>(m) / static_cast<double>(options.mels + 1);
    // The highest edge is rate / 2 up to rounding, whose bin is the last.
    const double bin = std::floor(static_cast<double>(TransformOf(options) + 1) * HertzOf(mel) / options.rate + 1e-9);
    edges.push_back(std::min(static_cast<size_t>(bin), TransformOf(options) / 2));
  }
  return edges;
}

// How much coefficient k of a cepstrum is raised above its neighbours (sinusoidal liftering).
double Lift(const FeatureOptions& o, size_t k) {
  if (o.lifter == 0) return 1;
  const auto L = static_cast<double>(o.lifter);
  return 1 + L / 2 * std::sin(std::numbers::pi * static_cast<double>(k) / L);
}

// The rows of an orthonormal cosine transform that make cepstra of log-mel energies, [cepstra, mels].
std::vector<double> CosineTransform(const FeatureOptions& o) {
  std::vector<double> cosines;
  const auto N = static_cast<double>(o.mels);
  for (size_t k = 0; k < o.cepstra; ++k) {
    for (size_t m = 0; m < o.mels; ++m) {
      const double wave = std::cos(std::numbers::pi * static_cast<double>(k) * static_cast<double>(2 * m + 1) / (2 * N));
      cosines.push_back(wave * std::sqrt((k == 0 ? 1 : 2) / N));
    }
  }
  return cosines;
}

}  // namespace

size_t FeatureOptions::window() const { return Samples(window_ms, rate); }
size_t FeatureOptions::step() const { return Samples(step_ms, rate); }

void RequireValid(const FeatureOptions& o) {
  const auto check = [](bool holds, const char* what, const std::string& expected) {
    Require(holds, "features", what, expected, "not");
  };
  check(o.rate >= kLeastRate && o.rate <= kMostRate, "the rate",
        std::to_string(kLeastRate) + " to " + std::to_string(kMostRate) + " samples a second");
  check(o.window_ms > 0 && o.window_ms <= 1000 && o.window() >= 2, "the window", "above 0, at most 1000 ms");
  check(o.step_ms > 0 && o.step_ms <= o.window_ms && o.step() >= 1, "the step", "above 0 and no longer than the window");
  check(o.mels >= 1 && o.mels <= kMostMels, "the filters", "1 to 1024");
  check(o.kind != FeatureKind::kMfcc || (o.cepstra >= 1 && o.cepstra <= o.mels), "the cepstral coefficients",
        "1 to as many as there are filters");
  check(o.emphasis >= 0 && o.emphasis <= 1, "the emphasis", "0 to 1");
  check(o.low >= 0 && (o.high == 0 ? o.low < o.rate / 2.0 : o.low < o.high && o.high <= o.rate / 2.0), "the frequencies",
        "from 0 to half of the rate, the lower one first");
}

struct FeatureReader::Impl {
  explicit Impl(const FeatureOptions& o) : options(o), spectrum(TransformOf(o)), edges(EdgesOf(o)), energies(o.mels) {
    const size_t n = o.window();
    for (size_t i = 0; i < n; ++i) {
      const double turn = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n - 1);
      hamming.push_back(0.54 - 0.46 * std::cos(turn));
    }
    frame.resize(n);
    if (o.kind != FeatureKind::kMfcc) return;
    cosines = CosineTransform(o);
    for (size_t i = 0; i < cosines.size(); ++i) cosines[i] *= Lift(o, i / o.mels);
  }

  // One frame of `samples`, which have been emphasised, at most a window of them.
  void Frame(std::span<const float> samples, std::vector<float>& frames) {
    for (size_t i = 0; i < samples.size(); ++i) frame[i] = static_cast<float>(double{samples[i]} * hamming[i]);
    const std::span<const double> power = spectrum(std::span(frame).first(samples.size()));
    for (size_t m = 0; m < options.mels; ++m) {
      const size_t begin = edges[m], peak = edges[m + 1], end = edges[m + 2];
      double sum = 0;
      for (size_t i = begin; i < peak; ++i)
        sum += power[i] * static_cast<double>(i - begin) / static_cast<double>(peak - begin);
      for (size_t i = peak; i < end; ++i) sum += power[i] * static_cast<double>(end - i) / static_cast<double>(end - peak);
      energies[m] = std::log(std::max(sum, kLeastEnergy));
    }
    if (options.kind == FeatureKind::kLogMel) {
      for (const double energy : energies) frames.push_back(static_cast<float>(energy));
      return;
    }
    for (size_t k = 0; k < options.cepstra; ++k) {
      double sum = 0;
      for (size_t m = 0; m < options.mels; ++m) sum += cosines[k * options.mels + m] * energies[m];
      frames.push_back(static_cast<float>(sum));
    }
  }

  const FeatureOptions options;
  PowerSpectrum spectrum;
  std::vector<size_t> edges;
  std::vector<double> hamming, cosines, energies;  // cosines [cepstra, mels]
  std::vector<float> frame;
  std::vector<float> waiting;  // emphasised samples, from the beginning of the next frame on
  float before = 0;            // the last sample as it was
  bool begun = false, framed = false;
};

FeatureReader::FeatureReader(const FeatureOptions& options) {
  RequireValid(options);
  impl_ = std::make_unique<Impl>(options);
}
FeatureReader::~FeatureReader() = default;
FeatureReader::FeatureReader(FeatureReader&&) noexcept = default;

void FeatureReader::Push(std::span<const float> samples, std::vector<float>& frames) {
  Impl& i = *impl_;
  for (const float sample : samples) {
    const double from = i.begun ? i.options.emphasis * double{i.before} : 0;
    i.waiting.push_back(static_cast<float>(double{sample} - from));
    i.before = sample;
    i.begun = true;
  }
  const size_t window = i.options.window(), step = i.options.step();
  size_t begin = 0;
  for (; i.waiting.size() - begin >= window; begin += step) {
    i.Frame(std::span(i.waiting).subspan(begin, window), frames);
    i.framed = true;
  }
  i.waiting.erase(i.waiting.begin(), i.waiting.begin() + static_cast<ptrdiff_t>(begin));
}

void FeatureReader::Finish(std::vector<float>& frames) {
  Impl& i = *impl_;
  const size_t seen = i.framed ? i.options.window() - i.options.step() : 0;  // of the last frame
  if (i.waiting.size() > seen) i.Frame(i.waiting, frames);
  i.waiting.clear();
  i.before = 0;
  i.begun = i.framed = false;
}

std::vector<float> FeaturesOf(std::span<const float> samples, const FeatureOptions& options) {
  FeatureReader reader(options);
  std::vector<float> frames;
  reader.Push(samples, frames);
  reader.Finish(frames);
  return frames;
}

std::vector<float> MelOfCepstra(std::span<const float> frames, const FeatureOptions& options) {
  RequireValid(options);
  Require(options.kind == FeatureKind::kMfcc, "features", "the kind", "mfcc", "mel");
  const std::vector<double> cosines = CosineTransform(options);
  const size_t K = options.cepstra, M = options.mels;
  std::vector<float> energies;
  energies.reserve(frames.size() / K * M);
  for (size_t begin = 0; begin + K <= frames.size(); begin += K) {
    for (size_t m = 0; m < M; ++m) {
      double sum = 0;
      for (size_t k = 0; k < K; ++k) sum += double{frames[begin + k]} / Lift(options, k) * cosines[k * M + m];
      energies.push_back(static_cast<float>(sum));
    }
  }
  return energies;
}

std::vector<float> Deltas(std::span<const float> frames, size_t width, size_t around) {
  const auto T = static_cast<ptrdiff_t>(frames.size() / width), N = static_cast<ptrdiff_t>(around);
  double squares = 0;
  for (ptrdiff_t n = 1; n <= N; ++n) squares += 2 * static_cast<double>(n * n);
  std::vector<float> slopes(frames.size());
  const auto at = [&](ptrdiff_t t, size_t d) {
    return double{frames[static_cast<size_t>(std::clamp<ptrdiff_t>(t, 0, T - 1)) * width + d]};
  };
  for (ptrdiff_t t = 0; t < T; ++t) {
    for (size_t d = 0; d < width; ++d) {
      double sum = 0;
      for (ptrdiff_t n = 1; n <= N; ++n) sum += static_cast<double>(n) * (at(t + n, d) - at(t - n, d));
      slopes[static_cast<size_t>(t) * width + d] = static_cast<float>(sum / squares);
    }
  }
  return slopes;
}

std::vector<float> WithDeltas(std::vector<float> frames, size_t width, size_t times) {
  if (times == 0) return frames;
  std::vector<std::vector<float>> parts = {std::move(frames)};
  for (size_t i = 0; i < times; ++i) parts.push_back(Deltas(parts.back(), width));
  std::vector<float> all;
  all.reserve(parts.size() * parts[0].size());
  for (size_t begin = 0; begin < parts[0].size(); begin += width) {
    for (const std::vector<float>& part : parts) {
      all.insert(all.end(), part.begin() + static_cast<ptrdiff_t>(begin),
                 part.begin() + static_cast<ptrdiff_t>(begin + width));
    }
  }
  return all;
}

std::vector<float> AtSpeed(std::span<const float> frames, size_t width, double speed) {
  const size_t T = frames.size() / width;
  const auto count = std::max<size_t>(1, static_cast<size_t>(std::lround(static_cast<double>(T) / speed)));
  std::vector<float> played(count * width);
  for (size_t t = 0; t < count; ++t) {
    const double at = std::min(static_cast<double>(t) * speed, static_cast<double>(T - 1));
    const auto before = static_cast<size_t>(at), after = std::min(before + 1, T - 1);
    const auto share = static_cast<float>(at - static_cast<double>(before));
    for (size_t d = 0; d < width; ++d) {
      played[t * width + d] = (1 - share) * frames[before * width + d] + share * frames[after * width + d];
    }
  }
  return played;
}

}  // namespace eddy
