#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "audio/mel_cepstrum.h"
#include "audio/spectrum.h"
#include "audio/vocoder.h"
#include "eddy/random.h"

namespace eddy {
namespace {

constexpr double kUnvoicedSeconds = 0.005;       // between two pieces of noise
constexpr double kLeastLog = -25, kMostLog = 8;  // of an amplitude, so that wild frames stay finite

using Complex = std::complex<float>;

size_t SynthesisSize(const VocoderOptions& options) {
  size_t size = 256;
  while (static_cast<double>(size) < 0.05 * options.rate) size *= 2;
  return size;
}

class Synthesiser {
 public:
  Synthesiser(std::span<const float> frames, const VocoderOptions& options, uint64_t seed)
      : frames_(frames),
        options_(options),
        count_(frames.size() / options.width()),
        transform_(SynthesisSize(options)),
        cepstrum_(options.order, MelWarp(options.rate), transform_.bins()),
        random_(seed),
        frame_(options.width()),
        logs_(transform_.bins()),
        filter_(transform_.bins()),
        source_(transform_.bins()),
        piece_(transform_.size()) {}

  std::vector<float> Run() {
    const auto samples = static_cast<size_t>(std::lround(static_cast<double>(count_) * options_.step()));
    sound_.assign(samples + transform_.size(), 0.0F);
    double at = 0;
    while (at < static_cast<double>(samples)) {
      Look(at);
      const bool voiced = frame_[options_.voicing()] > 0.5F;
      const double hertz = std::clamp(std::exp(double{frame_[options_.pitch()]}), options_.low / 2, 2 * options_.high);
      const double period = options_.rate * (voiced ? 1 / hertz : kUnvoicedSeconds);
      AddPiece(at, period, voiced);
      at += period;
    }
    sound_.resize(samples);
    return std::move(sound_);
  }

 private:
  // The frame at a time, between the two that are nearest; what is 0 or 1 is the nearest one's.
  void Look(double at) {
    const size_t width = options_.width();
    const double place = std::clamp(at / options_.step() - 0.5, 0.0, static_cast<double>(count_ - 1));
    const auto before = static_cast<size_t>(place), after = std::min(before + 1, count_ - 1);
    const auto part = static_cast<float>(place - static_cast<double>(before));
    for (size_t i = 0; i < width; ++i) {
      frame_[i] = (1 - part) * frames_[before * width + i] + part * frames_[after * width + i];
    }
    frame_[options_.voicing()] = frames_[(part < 0.5F ? before : after) * width + options_.voicing()];
  }

  // The spectrum of minimum phase of the frame's cepstrum: the cepstrum of its logarithm, folded to one side.
  void MakeFilter() {
    cepstrum_.ToLog(std::span(frame_).first(options_.order + 1), logs_);
    for (size_t k = 0; k < logs_.size(); ++k) filter_[k] = static_cast<float>(std::clamp(logs_[k], kLeastLog, kMostLog));
    transform_.Inverse(filter_, piece_);
    const size_t N = piece_.size();
    for (size_t n = 1; n < N / 2; ++n) piece_[n] *= 2;
    std::fill(piece_.begin() + static_cast<ptrdiff_t>(N / 2 + 1), piece_.end(), 0.0F);
    transform_.Forward(piece_, filter_);
    for (Complex& each : filter_) each = std::exp(each);
  }

  // The share of noise at a frequency, 0 to 1 of half the rate: that of the bands at their middles, and between.
  float NoiseAt(double share) const {
    double middle = 0, end = 0, value = 0;
    for (size_t band = 0; band < VocoderOptions::kBands; ++band) {
      const double begin = end, last = middle, lower = value;
      end = 1.0 / static_cast<double>(size_t{1} << (VocoderOptions::kBands - 1 - band));
      middle = (begin + end) / 2;
      value = std::clamp(double{frame_[options_.noise() + band]}, 0.0, 1.0);
      if (share > middle) continue;
      if (band == 0) return static_cast<float>(value);
      const double part = (share - last) / (middle - last);
      return static_cast<float>((1 - part) * lower + part * value);
    }
    return static_cast<float>(value);
  }

  // A pulse, and noise until the next one, through the filter.
  void AddPiece(double at, double period, bool voiced) {
    MakeFilter();
    const auto begin = static_cast<size_t>(at);
    const size_t length = std::clamp<size_t>(static_cast<size_t>(at + period) - begin, 1, piece_.size() / 2);
    std::fill(piece_.begin(), piece_.end(), 0.0F);
    for (size_t i = 0; i < length; ++i) piece_[i] = static_cast<float>(random_.Normal());
    transform_.Forward(piece_, source_);
    const double delay = at - static_cast<double>(begin), bins = static_cast<double>(source_.size() - 1);
    for (size_t k = 0; k < source_.size(); ++k) {
      const float noise = voiced ? NoiseAt(static_cast<double>(k) / bins) : 1;
      const double angle = -std::numbers::pi * static_cast<double>(k) / bins * delay;
      const Complex pulse = std::polar(static_cast<float>(std::sqrt(period)), static_cast<float>(angle));
      source_[k] = (std::sqrt(1 - noise) * pulse + std::sqrt(noise) * source_[k]) * filter_[k];
    }
    source_.front() = source_.back() = 0;  // nothing at 0 Hz, and nothing that the delay would make complex
    transform_.Inverse(source_, piece_);
    for (size_t i = 0; i < piece_.size(); ++i) sound_[begin + i] += piece_[i];
  }

  const std::span<const float> frames_;
  const VocoderOptions& options_;
  const size_t count_;
  RealTransform transform_;
  const MelCepstrum cepstrum_;
  Random random_;
  std::vector<float> frame_;
  std::vector<double> logs_;
  std::vector<Complex> filter_, source_;
  std::vector<float> piece_, sound_;
};

}  // namespace

std::vector<float> SynthesiseVoice(std::span<const float> frames, const VocoderOptions& options, uint64_t seed) {
  if (frames.empty()) return {};
  return Synthesiser(frames, options, seed).Run();
}

}  // namespace eddy
