#include "audio/features.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "audio/resample.h"
#include "audio/sound.h"
#include "eddy/error.h"

namespace eddy {
namespace features_test {

// Two tones and what sounds like noise, as numpy makes it:
//   t = np.arange(700); rate = 8000
//   x = (0.3*np.sin(2*np.pi*440*t/rate) + 0.1*np.sin(2*np.pi*1700*t/rate) + 0.02*((t*7919 % 101)/50.0 -
//   1)).astype(np.float32)
std::vector<float> Signal() {
  std::vector<float> x;
  for (int t = 0; t < 700; ++t) {
    const double turn = 2 * std::numbers::pi * t / 8000.0;
    x.push_back(
        static_cast<float>(0.3 * std::sin(440 * turn) + 0.1 * std::sin(1700 * turn) + 0.02 * ((t * 7919 % 101) / 50.0 - 1)));
  }
  return x;
}

FeatureOptions Options(FeatureKind kind) {
  FeatureOptions options;
  options.kind = kind;
  options.rate = 8000;
  options.mels = 26;
  return options;
}

void ExpectFrame(const std::vector<float>& frames, size_t t, const std::vector<double>& expected, double tolerance) {
  for (size_t d = 0; d < expected.size(); ++d) EXPECT_NEAR(frames[t * expected.size() + d], expected[d], tolerance) << d;
}

// np.log(python_speech_features.fbank(x, 8000, 0.025, 0.010, 26, 256, 0, None, 0.97, np.hamming)[0]), of which frame 0 holds
// energies below the least that we tell apart.
TEST(features, log_mel_energies_are_those_of_python_speech_features) {
  const std::vector<float> frames = FeaturesOf(Signal(), Options(FeatureKind::kLogMel));
  ASSERT_EQ(frames.size(), 8U * 26);
  ExpectFrame(frames, 0, {-15.88922, -14.93276, -13.62753, -12.36235, -12.46275, -4.38598, -1.73489, -4.00339, -11.01396,
                          -10.89996, -11.26991, -11.25387, -10.8298,  -10.37435, -9.77481, -7.16013, -1.8381,  -1.89166,
                          -8.88626,  -9.48187,  -9.4611,   -9.09911,  -7.94002,  -5.15147, -5.02087, -8.19024},
              2e-3);
  ExpectFrame(frames, 7, {-10.02161, -9.2805,  -8.84172, -8.13128, -7.46333,  -4.08078, -1.96258, -3.81861, -6.893,
                          -7.6915,   -8.91515, -9.23972, -9.82598, -10.09643, -8.90352, -6.4862,  -1.97343, -1.97706,
                          -6.10942,  -6.89128, -7.25624, -7.41249, -7.09102,  -5.26974, -5.16643, -7.64877},
              2e-3);
}

// python_speech_features.mfcc(x, 8000, 0.025, 0.010, 13, 26, 256, 0, None, 0.97, 22, False, np.hamming)
TEST(features, cepstra_are_those_of_python_speech_features) {
  const std::vector<float> frames = FeaturesOf(Signal(), Options(FeatureKind::kMfcc));
  ASSERT_EQ(frames.size(), 8U * 13);
  ExpectFrame(frames, 0,
              {-44.89811, -21.28109, -12.96524, -19.41572, -56.61733, -83.88987, 34.47819, 35.78262, 2.17507, 78.98561,
               -17.79552, -48.26256, -27.73033},
              0.02);
  ExpectFrame(frames, 7,
              {-34.99649, -6.45847, -0.06839, -4.38398, -52.38439, -47.7229, 38.70586, 15.33146, -10.60369, 48.9966,
               -9.98712, -26.36801, -13.04651},
              0.02);
  // python_speech_features.delta(mfcc, 2)
  const std::vector<float> slopes = Deltas(frames, 13);
  ExpectFrame(
      slopes, 0,
      {0.56956, 2.27888, 3.66139, 4.31553, 4.01727, 2.19136, 1.45003, 2.00444, 1.73563, 0.97726, 0.38469, 0.33718, 0.78024},
      0.01);
  ExpectFrame(slopes, 3,
              {-0.24701, -0.9835, -1.76245, -1.94454, -1.36531, -0.55917, -0.16704, -0.53482, -0.57659, 0.06158, 0.36847,
               0.19427, -0.49826},
              0.01);
  const std::vector<float> both = WithDeltas(frames, 13, 2);
  ASSERT_EQ(both.size(), 3 * frames.size());
  EXPECT_EQ(both[39 * 3 + 5], frames[13 * 3 + 5]);
  EXPECT_EQ(both[39 * 3 + 13 + 5], slopes[13 * 3 + 5]);
}

TEST(features, cepstra_are_turned_back_into_the_energies_that_they_stand_for) {
  FeatureOptions whole = Options(FeatureKind::kMfcc), few = whole;
  whole.cepstra = whole.mels;
  few.cepstra = 20;
  const std::vector<float> energies = FeaturesOf(Signal(), Options(FeatureKind::kLogMel));
  const auto off = [&](const FeatureOptions& options) {
    const std::vector<float> back = MelOfCepstra(FeaturesOf(Signal(), options), options);
    EXPECT_EQ(back.size(), energies.size());
    double most = 0;
    for (size_t i = 0; i < back.size(); ++i) most = std::max(most, std::abs(double{back[i]} - double{energies[i]}));
    return most;
  };
  EXPECT_LT(off(whole), 1e-3);
  EXPECT_GT(off(few), 0.1) << "finer detail is gone";
  // Of 26 filters, 13 cepstra keep the first half of the waves: the mean of each frame is the same.
  const std::vector<float> smooth =
      MelOfCepstra(FeaturesOf(Signal(), Options(FeatureKind::kMfcc)), Options(FeatureKind::kMfcc));
  double difference = 0;
  for (size_t m = 0; m < 26; ++m) difference += double{smooth[m]} - double{energies[m]};
  EXPECT_NEAR(difference, 0, 1e-2);
  EXPECT_THROW(MelOfCepstra(energies, Options(FeatureKind::kLogMel)), Error);
}

TEST(features, sound_in_parts_of_any_size_gives_the_frames_of_the_whole) {
  const std::vector<float> sound = Signal();
  const std::vector<float> whole = FeaturesOf(sound, Options(FeatureKind::kLogMel));
  for (const size_t part : {1, 7, 79, 80, 81, 200, 699}) {
    FeatureReader reader(Options(FeatureKind::kLogMel));
    std::vector<float> frames;
    for (size_t at = 0; at < sound.size(); at += part) {
      reader.Push(std::span(sound).subspan(at, std::min(part, sound.size() - at)), frames);
    }
    reader.Finish(frames);
    EXPECT_EQ(frames, whole) << part;
  }
  EXPECT_TRUE(FeaturesOf({}, Options(FeatureKind::kLogMel)).empty());
  EXPECT_EQ(FeaturesOf(std::vector<float>(1), Options(FeatureKind::kLogMel)).size(), 26U) << "a sample is a frame";
}

TEST(features, silence_is_finite_and_options_out_of_range_are_errors) {
  for (const float value : FeaturesOf(std::vector<float>(1000), Options(FeatureKind::kLogMel))) {
    EXPECT_NEAR(value, std::log(kLeastEnergy), 1e-4);
  }
  const auto refused = [](auto change) {
    FeatureOptions options = Options(FeatureKind::kMfcc);
    change(options);
    EXPECT_THROW(FeatureReader reader(options), Error);
  };
  refused([](FeatureOptions& o) { o.rate = 10; });
  refused([](FeatureOptions& o) { o.window_ms = 0; });
  refused([](FeatureOptions& o) { o.step_ms = 30; });
  refused([](FeatureOptions& o) { o.mels = 0; });
  refused([](FeatureOptions& o) { o.cepstra = 27; });
  refused([](FeatureOptions& o) { o.high = 4001; });
  refused([](FeatureOptions& o) { o.low = 4000; });
}

TEST(features, at_another_speed_are_the_same_ones_closer_together_or_farther_apart) {
  const std::vector<float> frames = {0, 10, 1, 20, 2, 30, 3, 40};  // [4, 2]
  EXPECT_EQ(AtSpeed(frames, 2, 1), frames);
  EXPECT_EQ(AtSpeed(frames, 2, 2), (std::vector<float>{0, 10, 2, 30}));
  EXPECT_EQ(AtSpeed(frames, 2, 0.5), (std::vector<float>{0, 10, 0.5, 15, 1, 20, 1.5, 25, 2, 30, 2.5, 35, 3, 40, 3, 40}));
  EXPECT_EQ(AtSpeed(std::vector<float>{7}, 1, 2), (std::vector<float>{7})) << "never none";
}

TEST(resampling, keeps_a_tone_and_does_not_depend_on_the_parts) {
  std::vector<float> sound;
  for (int i = 0; i < 44100; ++i) sound.push_back(static_cast<float>(std::sin(2 * std::numbers::pi * 440 * i / 44100.0)));
  const std::vector<float> whole = Resample(sound, 44100, 16000);
  ASSERT_EQ(whole.size(), 16000U);
  for (size_t i = 500; i < 15500; ++i) {
    EXPECT_NEAR(whole[i], std::sin(2 * std::numbers::pi * 440 * static_cast<double>(i) / 16000), 1e-3);
  }
  Resampler resampler(44100, 16000);
  std::vector<float> parts;
  for (size_t at = 0; at < sound.size(); at += 777) {
    resampler.Push(std::span(sound).subspan(at, std::min<size_t>(777, sound.size() - at)), parts);
  }
  resampler.Finish(parts);
  EXPECT_EQ(parts, whole);
}

}  // namespace features_test
}  // namespace eddy
