#include "audio/resample.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "eddy/error.h"

#ifdef EDDY_SOUND
#include <soxr.h>
#endif

namespace eddy {

#ifdef EDDY_SOUND

struct Resampler::Impl {
  static constexpr size_t kBlock = 1 << 12;  // samples at a time, whatever the parts are
  double ratio;
  soxr_t soxr;
  std::vector<float> waiting;

  // Runs `count` samples through, or says where `samples` is null that there are no more.
  void Run(const float* samples, size_t count, std::vector<float>& to) {
    const auto room = static_cast<size_t>(std::ceil(static_cast<double>(kBlock) * ratio)) + 64;
    while (true) {
      const size_t begin = to.size();
      to.resize(begin + room);
      size_t used = 0, made = 0;
      const soxr_error_t error = soxr_process(soxr, samples, count, &used, to.data() + begin, room, &made);
      to.resize(begin + made);
      Require(error == nullptr, "resample", "the sound", "one that libsoxr can resample", error == nullptr ? "" : error);
      if (samples != nullptr) {
        samples += used;
        count -= used;
      }
      if (samples == nullptr ? made == 0 : count == 0 && made < room) return;
    }
  }
};

Resampler::Resampler(double from, double to) {
  Require(from > 0 && to > 0, "resample", "the rates", "above 0", "not");
  soxr_error_t error = nullptr;
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  soxr_t soxr = soxr_create(from, to, 1, &error, nullptr, &quality, nullptr);
  Require(error == nullptr, "resample", "the rates", "such as libsoxr takes", error == nullptr ? "" : error);
  impl_ = std::make_unique<Impl>(Impl{to / from, soxr, {}});
}

Resampler::~Resampler() {
  if (impl_) soxr_delete(impl_->soxr);
}
Resampler::Resampler(Resampler&&) noexcept = default;

void Resampler::Push(std::span<const float> samples, std::vector<float>& to) {
  std::vector<float>& waiting = impl_->waiting;
  waiting.insert(waiting.end(), samples.begin(), samples.end());
  size_t done = 0;
  for (; waiting.size() - done >= Impl::kBlock; done += Impl::kBlock) impl_->Run(waiting.data() + done, Impl::kBlock, to);
  waiting.erase(waiting.begin(), waiting.begin() + static_cast<ptrdiff_t>(done));
}

void Resampler::Finish(std::vector<float>& to) {
  if (!impl_->waiting.empty()) impl_->Run(impl_->waiting.data(), impl_->waiting.size(), to);
  impl_->waiting.clear();
  impl_->Run(nullptr, 0, to);
}

#else

struct Resampler::Impl {};
Resampler::Resampler(double, double) { Fail("resample", "the build", "one with libsoxr", "one without"); }
Resampler::~Resampler() = default;
Resampler::Resampler(Resampler&&) noexcept = default;
void Resampler::Push(std::span<const float>, std::vector<float>&) {}
void Resampler::Finish(std::vector<float>&) {}

#endif

std::vector<float> Resample(std::span<const float> samples, double from, double to) {
  if (from == to) return {samples.begin(), samples.end()};
  Resampler resampler(from, to);
  std::vector<float> out;
  out.reserve(static_cast<size_t>(std::ceil(static_cast<double>(samples.size()) * to / from)) + 64);
  resampler.Push(samples, out);
  resampler.Finish(out);
  return out;
}

}  // namespace eddy
