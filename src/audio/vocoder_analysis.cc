#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "audio/mel_cepstrum.h"
#include "audio/pitch.h"
#include "audio/spectrum.h"
#include "audio/vocoder.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr double kUnvoicedHertz = 500;  // the width of a window where there is no voice is as for this pitch
constexpr double kLeastPower = 1e-9;    // a little more than the noise of 16-bit samples

size_t AnalysisSize(const VocoderOptions& options) {
  size_t size = 256;
  while (static_cast<double>(size) < 4 * options.rate / options.low + 2) size *= 2;
  return size;
}

class FrameAnalyser {
 public:
  FrameAnalyser(std::span<const float> samples, const VocoderOptions& options)
      : samples_(samples),
        options_(options),
        spectrum_(AnalysisSize(options)),
        cepstrum_(options.order, MelWarp(options.rate), spectrum_.bins()),
        hertz_a_bin_(static_cast<double>(options.rate) / static_cast<double>(spectrum_.size())) {}

  // The mel-cepstrum of the spectrum without its harmonics: of a window of three periods, smoothed over two thirds of the
  // pitch.
  void Cepstrum(size_t frame, double pitch, std::span<float> to) {
    const double hertz = pitch > 0 ? pitch : kUnvoicedHertz;
    const std::vector<double> power = Power(frame, 3 / hertz);
    const std::vector<double> smooth = Smoothed(power, 2 * hertz / 3);
    std::vector<double> logs(smooth.size());
    for (size_t k = 0; k < smooth.size(); ++k) logs[k] = 0.5 * std::log(smooth[k] + kLeastPower);
    cepstrum_.FromLog(logs, to);
  }

  // The power between the harmonics against that at them, in each band.
  void Noise(size_t frame, double pitch, std::span<float> to) {
    if (pitch == 0) return std::fill(to.begin(), to.end(), 1.0F);
    const std::vector<double> power = Power(frame, 4 / pitch);
    const double half = options_.rate / 2.0;
    double begin = 0;
    for (size_t band = 0; band < VocoderOptions::kBands; ++band) {
      const double end = half / static_cast<double>(size_t{1} << (VocoderOptions::kBands - 1 - band));
      double at = 0, between = 0;
      for (double n = std::max(1.0, std::ceil(begin / pitch)); (n + 0.5) * pitch < end; n += 1) {
        at += At(power, n * pitch);
        between += At(power, (n + 0.5) * pitch);
      }
      to[band] = at > 0 ? static_cast<float>(std::clamp(between / at, 0.0, 1.0)) : 1.0F;
      begin = end;
    }
  }

 private:
  // Of a Hann window of so many seconds around the frame's centre; the power of white noise is its variance.
  std::vector<double> Power(size_t frame, double seconds) {
    const double centre = (static_cast<double>(frame) + 0.5) * options_.step(), reach = seconds * options_.rate / 2;
    const auto begin = static_cast<ptrdiff_t>(std::ceil(centre - reach)),
               end = static_cast<ptrdiff_t>(std::floor(centre + reach));
    std::vector<float> piece;
    double squares = 0;
    for (ptrdiff_t at = begin; at <= end && piece.size() < spectrum_.size(); ++at) {
      const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * (static_cast<double>(at) - centre) / reach);
      const bool inside = at >= 0 && at < static_cast<ptrdiff_t>(samples_.size());
      piece.push_back(inside ? static_cast<float>(window * double{samples_[static_cast<size_t>(at)]}) : 0.0F);
      squares += window * window;
    }
    const std::span<const double> power = spectrum_(piece);
    std::vector<double> scaled(power.begin(), power.end());
    for (double& each : scaled) each *= static_cast<double>(spectrum_.size()) / squares;
    return scaled;
  }

  // The mean over `width` Hz around each frequency; the spectrum is mirrored at its ends.
  std::vector<double> Smoothed(const std::vector<double>& power, double width) const {
    const auto reach = static_cast<ptrdiff_t>(std::lround(width / 2 / hertz_a_bin_));
    const auto last = static_cast<ptrdiff_t>(power.size()) - 1;
    const auto mirrored = [&](ptrdiff_t k) { return power[static_cast<size_t>(k < 0 ? -k : k > last ? 2 * last - k : k)]; };
    std::vector<double> smooth(power.size());
    double sum = 0;
    for (ptrdiff_t k = -reach; k <= reach; ++k) sum += mirrored(k);
    for (ptrdiff_t k = 0; k <= last; ++k) {
      smooth[static_cast<size_t>(k)] = std::max(sum, 0.0) / static_cast<double>(2 * reach + 1);
      if (k < last) sum += mirrored(k + 1 + reach) - mirrored(k - reach);
    }
    return smooth;
  }

  double At(const std::vector<double>& power, double hertz) const {
    return power[std::min(power.size() - 1, static_cast<size_t>(std::lround(hertz / hertz_a_bin_)))];
  }

  const std::span<const float> samples_;
  const VocoderOptions& options_;
  PowerSpectrum spectrum_;
  const MelCepstrum cepstrum_;
  const double hertz_a_bin_;
};

// Logarithms, with straight lines where there is no voice.
std::vector<double> ContinuousLog(const std::vector<double>& pitch, const VocoderOptions& options) {
  const size_t T = pitch.size();
  std::vector<double> logs(T, 0.5 * std::log(options.low * options.high));
  size_t last = T;  // the voiced frame before; T for none
  for (size_t t = 0; t < T; ++t) {
    if (pitch[t] == 0) continue;
    logs[t] = std::log(pitch[t]);
    for (size_t i = last == T ? 0 : last + 1; i < t; ++i) {
      const double part = last == T ? 1 : static_cast<double>(i - last) / static_cast<double>(t - last);
      logs[i] = part * logs[t] + (last == T ? 0 : (1 - part) * logs[last]);
    }
    last = t;
  }
  if (last != T) std::fill(logs.begin() + static_cast<ptrdiff_t>(last), logs.end(), logs[last]);
  return logs;
}

}  // namespace

void RequireValid(const VocoderOptions& o) {
  const auto check = [](bool holds, const char* what, const char* expected) {
    Require(holds, "voice", what, expected, "not");
  };
  check(o.rate >= 8000 && o.rate <= 48000, "the rate", "8000 to 48000 samples a second");
  check(o.step_ms >= 1 && o.step_ms <= 50, "the step", "1 to 50 ms");
  check(o.order >= 4 && o.order <= 60, "the order of the mel-cepstrum", "4 to 60");
  check(o.low >= 40 && o.low < o.high && o.high <= 1000, "the range of pitch", "40 to 1000 Hz, rising");
}

std::vector<float> AnalyseVoice(std::span<const float> samples, const VocoderOptions& options) {
  const auto frames = static_cast<size_t>(std::ceil(static_cast<double>(samples.size()) / options.step()));
  const std::vector<double> pitch = TrackPitch(samples, frames, {options.rate, options.step(), options.low, options.high});
  const std::vector<double> logs = ContinuousLog(pitch, options);
  FrameAnalyser analyser(samples, options);
  std::vector<float> values(frames * options.width());
  for (size_t t = 0; t < frames; ++t) {
    const std::span<float> frame = std::span(values).subspan(t * options.width(), options.width());
    analyser.Cepstrum(t, pitch[t], frame.first(options.order + 1));
    frame[options.pitch()] = static_cast<float>(logs[t]);
    frame[options.voicing()] = pitch[t] > 0 ? 1 : 0;
    analyser.Noise(t, pitch[t], frame.subspan(options.noise()));
  }
  return values;
}

}  // namespace eddy
