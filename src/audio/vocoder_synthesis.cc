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

}  // namespace

class VoiceSynthesiser::Impl {
 public:
  Impl(std::span<const float> frames, const VocoderOptions& options, uint64_t seed)
      : frames_(frames),
        options_(options),
        count_(frames.size() / options.width()),
        samples_(static_cast<size_t>(std::lround(static_cast<double>(count_) * options.step()))),
        transform_(SynthesisSize(options)),
        cepstrum_(options.order, MelWarp(options.rate), transform_.bins()),
        random_(seed),
        frame_(options.width()),
        logs_(transform_.bins()),
        filter_(transform_.bins()),
        pulse_(transform_.bins()),
        noise_(transform_.bins()),
        piece_(transform_.size()) {}

  size_t samples() const { return samples_; }

  VoiceParts Next(size_t count) {
    const size_t end = std::min(samples_, given_ + count), length = end - given_;
    Reserve(length + piece_.size());
    while (at_ < static_cast<double>(end)) AddPiece();
    VoiceParts parts;
    parts.pulses = TakeFront(pending_.pulses, length);
    parts.noise = TakeFront(pending_.noise, length);
    parts.phase = TakeFront(pending_.phase, length);
    given_ = end;
    return parts;
  }

 private:
  void Reserve(size_t length) {
    for (std::vector<float>* part : {&pending_.pulses, &pending_.noise, &pending_.phase}) {
      if (part->size() < length) part->resize(length, 0.0F);
    }
  }

  static std::vector<float> TakeFront(std::vector<float>& part, size_t length) {
    const auto end = part.begin() + static_cast<ptrdiff_t>(length);
    std::vector<float> front(part.begin(), end);
    part.erase(part.begin(), end);
    return front;
  }

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

  // The next pulse, and noise until the one after it, through the filter.
  void AddPiece() {
    Look(at_);
    const bool voiced = frame_[options_.voicing()] > 0.5F;
    const double hertz = std::clamp(std::exp(double{frame_[options_.pitch()]}), options_.low / 2, 2 * options_.high);
    const double period = options_.rate * (voiced ? 1 / hertz : kUnvoicedSeconds);
    MakeFilter();
    const auto begin = static_cast<size_t>(at_);
    const size_t length = std::clamp<size_t>(static_cast<size_t>(at_ + period) - begin, 1, piece_.size() / 2);
    std::fill(piece_.begin(), piece_.end(), 0.0F);
    for (size_t i = 0; i < length; ++i) piece_[i] = static_cast<float>(random_.Normal());
    transform_.Forward(piece_, noise_);
    const double delay = at_ - static_cast<double>(begin), bins = static_cast<double>(noise_.size() - 1);
    for (size_t k = 0; k < noise_.size(); ++k) {
      const float share = voiced ? NoiseAt(static_cast<double>(k) / bins) : 1;
      const double angle = -std::numbers::pi * static_cast<double>(k) / bins * delay;
      const Complex pulse = std::polar(static_cast<float>(std::sqrt(period)), static_cast<float>(angle));
      pulse_[k] = std::sqrt(1 - share) * pulse * filter_[k];
      noise_[k] *= std::sqrt(share) * filter_[k];
    }
    if (voiced) AddSound(pulse_, begin, pending_.pulses);
    AddSound(noise_, begin, pending_.noise);
    for (size_t i = 0; voiced && i < length; ++i) {
      pending_.phase[begin - given_ + i] = static_cast<float>((static_cast<double>(begin + i + 1) - at_) / period);
    }
    at_ += period;
  }

  void AddSound(std::vector<Complex>& spectrum, size_t begin, std::vector<float>& to) {
    spectrum.front() = spectrum.back() = 0;  // nothing at 0 Hz, and nothing that the delay would make complex
    transform_.Inverse(spectrum, piece_);
    for (size_t i = 0; i < piece_.size(); ++i) to[begin - given_ + i] += piece_[i];
  }

  const std::span<const float> frames_;
  const VocoderOptions& options_;
  const size_t count_, samples_;
  RealTransform transform_;
  const MelCepstrum cepstrum_;
  Random random_;
  std::vector<float> frame_;
  std::vector<double> logs_;
  std::vector<Complex> filter_, pulse_, noise_;
  std::vector<float> piece_;
  double at_ = 0;       // samples: of the next pulse
  size_t given_ = 0;    // samples
  VoiceParts pending_;  // from there on, as far as pulses so far reach
};

std::vector<float> SumOf(VoiceParts parts) {
  for (size_t i = 0; i < parts.pulses.size(); ++i) parts.pulses[i] += parts.noise[i];
  return std::move(parts.pulses);
}

VoiceSynthesiser::VoiceSynthesiser(std::span<const float> frames, const VocoderOptions& options, uint64_t seed)
    : impl_(std::make_unique<Impl>(frames, options, seed)) {}
VoiceSynthesiser::~VoiceSynthesiser() = default;
VoiceSynthesiser::VoiceSynthesiser(VoiceSynthesiser&&) noexcept = default;
size_t VoiceSynthesiser::samples() const { return impl_->samples(); }
VoiceParts VoiceSynthesiser::Next(size_t count) { return impl_->Next(count); }

std::vector<float> SynthesiseVoice(std::span<const float> frames, const VocoderOptions& options, uint64_t seed) {
  if (frames.empty()) return {};
  VoiceSynthesiser synthesiser(frames, options, seed);
  return SumOf(synthesiser.Next(synthesiser.samples()));
}

}  // namespace eddy
