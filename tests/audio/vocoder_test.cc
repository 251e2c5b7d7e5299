// A voice taken apart and put together again.
#include "audio/vocoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "audio/buzz_words.h"
#include "audio/mel_cepstrum.h"
#include "audio/pitch.h"
#include "audio/spectrum.h"
#include "eddy/error.h"

namespace eddy {
namespace vocoder_test {

std::vector<float> Pulses(double hertz, double seconds, int rate) {
  std::vector<float> sound(static_cast<size_t>(seconds * rate));
  for (double at = 5; at < static_cast<double>(sound.size()); at += rate / hertz) sound[static_cast<size_t>(at)] = 0.5F;
  return sound;
}

double Power(std::span<const float> sound) {
  double sum = 0;
  for (const float x : sound) sum += double{x} * double{x};
  return sum / static_cast<double>(sound.size());
}

TEST(RealTransform, the_inverse_gives_the_samples_back) {
  RealTransform transform(64);
  std::vector<float> samples(64), back(64);
  Random random(1);
  for (float& x : samples) x = static_cast<float>(random.Normal());
  std::vector<std::complex<float>> spectrum(transform.bins());
  transform.Forward(samples, spectrum);
  transform.Inverse(spectrum, back);
  for (size_t i = 0; i < samples.size(); ++i) EXPECT_NEAR(back[i], samples[i], 1e-5);
  EXPECT_THROW(RealTransform(7), Error);
}

TEST(MelCepstrum, the_warp_is_that_of_the_literature) {
  EXPECT_NEAR(MelWarp(16000), 0.42, 0.021);
  EXPECT_NEAR(MelWarp(8000), 0.31, 0.021);
  EXPECT_NEAR(MelWarp(48000), 0.55, 0.021);
}

TEST(MelCepstrum, a_spectrum_of_few_coefficients_comes_back) {
  const MelCepstrum cepstrum(12, 0.42, 513);
  std::vector<float> wanted(13), found(13);
  Random random(3);
  for (float& c : wanted) c = static_cast<float>(random.Normal());
  std::vector<double> logs(513);
  cepstrum.ToLog(wanted, logs);
  cepstrum.FromLog(logs, found);
  for (size_t m = 0; m < wanted.size(); ++m) EXPECT_NEAR(found[m], wanted[m], 4e-3) << m;
}

TEST(Pitch, pulses_and_sines_have_the_pitch_they_were_made_with) {
  for (const int rate : {8000, 16000, 44100}) {
    for (const double hertz : {80.0, 123.4, 250.0, 380.0}) {
      std::vector<float> sine(static_cast<size_t>(rate / 2));
      for (size_t i = 0; i < sine.size(); ++i) {
        sine[i] = static_cast<float>(0.3 * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / rate));
      }
      for (const std::vector<float>& sound : {sine, Pulses(hertz, 0.5, rate)}) {
        const std::vector<double> pitch = TrackPitch(sound, 50, {rate, rate / 100.0, 60, 400});
        for (size_t t = 10; t < 40; ++t) ASSERT_NEAR(pitch[t], hertz, 0.02 * hertz) << rate << " frame " << t;
      }
    }
  }
}

TEST(Pitch, noise_and_silence_have_none) {
  Random random(2);
  std::vector<float> noise(8000);
  for (float& x : noise) x = static_cast<float>(0.1 * random.Normal());
  size_t voiced = 0;
  for (const double hertz : TrackPitch(noise, 100, {8000, 80, 60, 400})) voiced += hertz > 0;
  EXPECT_LT(voiced, 5U);
  for (const double hertz : TrackPitch(std::vector<float>(8000), 100, {8000, 80, 60, 400})) EXPECT_EQ(hertz, 0);
}

TEST(Vocoder, what_was_taken_apart_and_put_together_is_the_same_voice) {
  const VocoderOptions options{.rate = kBuzzRate};
  const std::vector<float> sound = SayBuzz("abcd dab", 1);
  const std::vector<float> frames = AnalyseVoice(sound, options);
  const std::vector<float> again = SynthesiseVoice(frames, options);
  EXPECT_NEAR(static_cast<double>(again.size()), static_cast<double>(sound.size()), options.step());
  EXPECT_NEAR(10 * std::log10(Power(again) / Power(sound)), 0, 1.5) << "as loud";
  const std::vector<float> frames_again = AnalyseVoice(again, options);
  const size_t D = options.width(), T = std::min(frames.size(), frames_again.size()) / D;
  double off = 0, voicing = 0, voiced = 0;
  for (size_t t = 0; t < T; ++t) {
    const float *a = frames.data() + t * D, *b = frames_again.data() + t * D;
    voicing += (a[options.voicing()] > 0.5F) != (b[options.voicing()] > 0.5F);
    if (a[options.voicing()] < 0.5F || b[options.voicing()] < 0.5F) continue;
    off += std::abs(std::exp(double{a[options.pitch()]}) - std::exp(double{b[options.pitch()]}));
    voiced += 1;
  }
  EXPECT_GT(voiced, 0.5 * static_cast<double>(T));
  EXPECT_LT(voicing / static_cast<double>(T), 0.1);
  EXPECT_LT(off / voiced, 4) << "Hz";
}

TEST(Vocoder, the_same_seed_gives_the_same_bytes_and_another_gives_other_noise) {
  const VocoderOptions options{.rate = kBuzzRate};
  const std::vector<float> frames = AnalyseVoice(SayBuzz("ab", 1), options);
  EXPECT_EQ(SynthesiseVoice(frames, options, 1), SynthesiseVoice(frames, options, 1));
  EXPECT_NE(SynthesiseVoice(frames, options, 1), SynthesiseVoice(frames, options, 2));
  EXPECT_TRUE(SynthesiseVoice({}, options).empty());
}

TEST(Vocoder, sound_made_in_pieces_is_that_made_at_once) {
  const VocoderOptions options{.rate = kBuzzRate};
  const std::vector<float> frames = AnalyseVoice(SayBuzz("ab cd", 1), options), whole = SynthesiseVoice(frames, options);
  VoiceSynthesiser synthesiser(frames, options);
  EXPECT_EQ(synthesiser.samples(), whole.size());
  std::vector<float> sound, phase;
  for (size_t count = 1; sound.size() < whole.size(); count = count * 7 % 500 + 1) {
    const VoiceParts parts = synthesiser.Next(count);
    const std::vector<float> piece = SumOf(parts);
    ASSERT_EQ(piece.size(), std::min(count, whole.size() - sound.size()));
    sound.insert(sound.end(), piece.begin(), piece.end());
    phase.insert(phase.end(), parts.phase.begin(), parts.phase.end());
  }
  EXPECT_EQ(sound, whole);
  EXPECT_TRUE(synthesiser.Next(10).pulses.empty());
  for (const float x : phase) ASSERT_TRUE(x >= 0 && x <= 1.001F) << x;
  EXPECT_EQ(phase[10], 0) << "silence";
  EXPECT_EQ(std::count(phase.begin(), phase.end(), 0.0F) * 2 / static_cast<ptrdiff_t>(phase.size()), 0) << "letters";
}

TEST(Vocoder, the_pitch_is_what_the_frames_say) {
  const VocoderOptions options;
  std::vector<float> frames = AnalyseVoice(Pulses(120, 0.5, options.rate), options);
  for (size_t at = options.pitch(); at < frames.size(); at += options.width()) frames[at] = std::log(200.0F);
  const std::vector<float> sound = SynthesiseVoice(frames, options);
  const std::vector<double> pitch = TrackPitch(sound, 50, {options.rate, options.step(), options.low, options.high});
  for (size_t t = 10; t < 40; ++t) EXPECT_NEAR(pitch[t], 200, 4) << t;
}

TEST(Vocoder, wild_frames_and_short_sounds_stay_finite) {
  const VocoderOptions options{.rate = kBuzzRate};
  std::vector<float> frames(5 * options.width(), 1e6F);
  for (const float x : SynthesiseVoice(frames, options)) ASSERT_TRUE(std::isfinite(x));
  std::fill(frames.begin(), frames.end(), -1e6F);
  for (const float x : SynthesiseVoice(frames, options)) ASSERT_TRUE(std::isfinite(x));
  for (const size_t length : {size_t{1}, size_t{2}, size_t{79}, size_t{81}}) {
    const std::vector<float> of_short = AnalyseVoice(std::vector<float>(length, 0.5F), options);
    EXPECT_EQ(of_short.size(), (length > 80 ? 2 : 1) * options.width());
    for (const float x : of_short) ASSERT_TRUE(std::isfinite(x));
  }
  EXPECT_THROW(RequireValid(VocoderOptions{.rate = 4000}), Error);
  EXPECT_THROW(RequireValid(VocoderOptions{.low = 300, .high = 200}), Error);
}

}  // namespace vocoder_test
}  // namespace eddy
