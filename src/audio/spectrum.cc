#include "audio/spectrum.h"

#include <algorithm>

#include "eddy/error.h"

#ifdef EDDY_SOUND
#include <kiss_fftr.h>
#endif

namespace eddy {

#ifdef EDDY_SOUND

namespace {

struct Free {
  void operator()(kiss_fftr_state* state) const { kiss_fftr_free(state); }
};
using State = std::unique_ptr<kiss_fftr_state, Free>;

State MakeState(size_t size, bool inverse) {
  Require(size >= 2 && size % 2 == 0 && size <= (1U << 24), "spectrum", "the size", "even, 2 to 2^24", "not");
  State state(kiss_fftr_alloc(static_cast<int>(size), inverse, nullptr, nullptr));
  Require(state != nullptr, "spectrum", "the size", "one that kissfft takes", "not");
  return state;
}

}  // namespace

struct PowerSpectrum::Impl {
  State state;
  std::vector<float> samples;
  std::vector<kiss_fft_cpx> spectrum;
  std::vector<double> power;
};

PowerSpectrum::PowerSpectrum(size_t size) : size_(size), impl_(std::make_unique<Impl>()) {
  impl_->state = MakeState(size, false);
  impl_->samples.resize(size);
  impl_->spectrum.resize(bins());
  impl_->power.resize(bins());
}

std::span<const double> PowerSpectrum::operator()(std::span<const float> samples) {
  Require(samples.size() <= size_, "spectrum", "the samples", "no more than the transform has", "more");
  std::copy(samples.begin(), samples.end(), impl_->samples.begin());
  std::fill(impl_->samples.begin() + static_cast<ptrdiff_t>(samples.size()), impl_->samples.end(), 0.0F);
  kiss_fftr(impl_->state.get(), impl_->samples.data(), impl_->spectrum.data());
  for (size_t i = 0; i < bins(); ++i) {
    const double re = double{impl_->spectrum[i].r}, im = double{impl_->spectrum[i].i};
    impl_->power[i] = (re * re + im * im) / static_cast<double>(size_);
  }
  return impl_->power;
}

struct RealTransform::Impl {
  State forward, inverse;
};

RealTransform::RealTransform(size_t size) : size_(size), impl_(std::make_unique<Impl>()) {
  impl_->forward = MakeState(size, false);
  impl_->inverse = MakeState(size, true);
}

void RealTransform::Forward(std::span<const float> samples, std::span<std::complex<float>> spectrum) {
  kiss_fftr(impl_->forward.get(), samples.data(), reinterpret_cast<kiss_fft_cpx*>(spectrum.data()));
}

void RealTransform::Inverse(std::span<const std::complex<float>> spectrum, std::span<float> samples) {
  kiss_fftri(impl_->inverse.get(), reinterpret_cast<const kiss_fft_cpx*>(spectrum.data()), samples.data());
  for (float& sample : samples) sample /= static_cast<float>(size_);
}

#else

struct PowerSpectrum::Impl {};
PowerSpectrum::PowerSpectrum(size_t size) : size_(size) { Fail("spectrum", "the build", "one with kissfft", "one without"); }
std::span<const double> PowerSpectrum::operator()(std::span<const float>) { return {}; }

struct RealTransform::Impl {};
RealTransform::RealTransform(size_t size) : size_(size) { Fail("spectrum", "the build", "one with kissfft", "one without"); }
void RealTransform::Forward(std::span<const float>, std::span<std::complex<float>>) {}
void RealTransform::Inverse(std::span<const std::complex<float>>, std::span<float>) {}

#endif

PowerSpectrum::~PowerSpectrum() = default;
PowerSpectrum::PowerSpectrum(PowerSpectrum&&) noexcept = default;
RealTransform::~RealTransform() = default;
RealTransform::RealTransform(RealTransform&&) noexcept = default;

}  // namespace eddy
