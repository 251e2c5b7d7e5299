#include "audio/sound.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "audio/feature_file.h"
#include "audio/speech_set.h"
#include "audio/tone_words.h"
#include "eddy/error.h"

namespace eddy {
namespace sound_test {

void ExpectRefused(const auto& read, std::string_view part) {
  try {
    read();
    FAIL() << "no error with " << part;
  } catch (const Error& error) {
    EXPECT_NE(std::string_view(error.what()).find(part), std::string_view::npos) << error.what();
  }
}

// A wav file of 16 bits, frames interleaved.
std::string Wav16(const std::vector<int16_t>& frames, uint16_t channels, uint32_t rate) {
  std::string wav = WriteWav(std::vector<float>((frames.size() + 1) / 2), static_cast<int>(rate));
  const auto put = [&](size_t at, auto number) { std::memcpy(wav.data() + at, &number, sizeof number); };
  put(20, uint16_t{1});
  put(22, channels);
  put(28, rate * channels * 2);
  put(32, static_cast<uint16_t>(channels * 2));
  put(34, uint16_t{16});
  put(40, static_cast<uint32_t>(2 * frames.size()));
  std::memcpy(wav.data() + 44, frames.data(), 2 * frames.size());
  return wav;
}

TEST(sound, what_is_written_as_wav_is_read_again) {
  const std::vector<float> samples = SayTones("abcd", 1);
  const Sound sound = ParseSound(WriteWav(samples, 8000), "a.wav");
  EXPECT_EQ(sound.samples, samples);
  EXPECT_EQ(sound.rate, 8000);
  EXPECT_EQ(sound.channels, 1U);
  EXPECT_FALSE(sound.silent);
  EXPECT_EQ(sound.clipped, 0);
  const Sound part = ParseSound(WriteWav(samples, 8000), "a.wav", {0.1, 0.3});
  EXPECT_EQ(part.samples, std::vector<float>(samples.begin() + 800, samples.begin() + 2400));
}

TEST(sound, channels_are_averaged_but_for_those_that_are_silent) {
  const Sound both = ParseSound(Wav16({1000, 3000, -2000, 0, 500, 500}, 2, 8000), "a.wav");
  EXPECT_EQ(both.channels, 2U);
  EXPECT_EQ(both.samples, (std::vector<float>{2000 / 32768.0F, -1000 / 32768.0F, 500 / 32768.0F}));
  const Sound one = ParseSound(Wav16({1000, 0, -2000, 0, 500, 0}, 2, 8000), "a.wav");
  EXPECT_EQ(one.samples, (std::vector<float>{1000 / 32768.0F, -2000 / 32768.0F, 500 / 32768.0F}));
  EXPECT_TRUE(ParseSound(Wav16({7, 7, 7, 7}, 2, 8000), "a.wav").silent);
}

TEST(sound, clipping_is_told) {
  std::vector<int16_t> loud(1000, 0);
  for (size_t i = 0; i < 100; ++i) loud[i] = 32767;
  loud[500] = -32768;
  EXPECT_NEAR(ParseSound(Wav16(loud, 1, 8000), "a.wav").clipped, 0.1, 1e-9) << "a single peak is none";
}

TEST(sound, what_is_no_whole_sound_is_refused) {
  const std::string wav = WriteWav(SayTones("ab", 1), 8000);
  const auto refused = [](const std::string& bytes, std::string_view part, const SoundPart& of = {}) {
    ExpectRefused([&] { ParseSound(bytes, "a.wav", of); }, part);
    ExpectRefused([&] { ParseSound(bytes, "a.wav", of); }, "a.wav");
  };
  refused("", "a sound");
  refused("this is text and no sound at all, however long it is", "a sound");
  refused(wav.substr(0, 30), "a sound");
  refused(wav.substr(0, wav.size() / 2), "cut off");
  std::string lies = wav;
  const uint32_t rate = 16000;
  std::memcpy(lies.data() + 24, &rate, 4);
  refused(lies, "agrees with itself about its rate");
  refused(WriteWav(SayTones("ab", 1), 999), "999");
  refused(WriteWav({}, 8000), "empty");
  refused(WriteWav(std::vector<float>(100, std::numeric_limits<float>::quiet_NaN()), 8000), "finite");
  refused(wav, "seconds at least", {0, 100});
  refused(wav, "ends before", {50, std::numeric_limits<double>::infinity()});
}

TEST(feature_files, of_numpy_and_of_lines_are_read) {
  std::string npy("\x93NUMPY\x01\x00\x76\x00", 10);
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  header.resize(117, ' ');
  npy += header + "\n";
  const float numbers[] = {1, 2, 3, 4, 5, 6.5F};
  npy.append(reinterpret_cast<const char*>(numbers), sizeof numbers);
  const FeatureFrames read = ParseNpy(npy, "a.npy");
  EXPECT_EQ(read.width, 3U);
  EXPECT_EQ(read.values, std::vector<float>(numbers, numbers + 6));
  EXPECT_EQ(ParseFeatureLines("1,2,3\n4, 5 ,6.5\r\n\n", "a.csv").values, read.values);
  ExpectRefused([&] { ParseNpy(npy.substr(0, npy.size() - 1), "a.npy"); }, "cut off");
  ExpectRefused([&] { ParseNpy("nothing of the kind, but long", "a.npy"); }, "a.npy");
  ExpectRefused([&] { ParseFeatureLines("1,2\n3\n", "a.csv"); }, "line 2");
  ExpectRefused([&] { ParseFeatureLines("1,x\n", "a.csv"); }, "line 1");
  ExpectRefused([&] { ParseFeatureLines("1,nan\n", "a.csv"); }, "finite");
  ExpectRefused([&] { ParseFeatureLines("\n", "a.csv"); }, "a.csv");
  for (size_t at = 0; at < npy.size(); ++at) {  // none of these may do more than be refused
    std::string broken = npy;
    broken[at] = static_cast<char>(broken[at] ^ 0x55);
    try {
      ParseNpy(broken, "a.npy");
    } catch (const Error&) {
    }
  }
}

TEST(manifests, have_columns_in_these_orders) {
  const SpeechSet two = ParseManifest("a.wav\t yes  no \r\n\n/b.wav\t\n", "dir/m.tsv");
  ASSERT_EQ(two.entries.size(), 2U);
  EXPECT_EQ(two.entries[0].path, "dir/a.wav");
  EXPECT_EQ(two.entries[0].text, "yes no");
  EXPECT_EQ(two.entries[0].place, "dir/m.tsv line 1");
  EXPECT_EQ(two.entries[1].path, "/b.wav");
  EXPECT_EQ(two.entries[1].text, "");
  EXPECT_EQ(ParseManifest("a.wav\tyes\tAna\n", "m").entries[0].speaker, "Ana");
  const SpeechEntry part = ParseManifest("a.wav\t0.5\t1.25\tyes\n", "m").entries[0];
  EXPECT_EQ(part.part.begin, 0.5);
  EXPECT_EQ(part.part.end, 1.25);
  EXPECT_EQ(part.text, "yes");
  const SpeechEntry named = ParseManifest("Transcript\tspeaker\tPath\nyes\tAna\ta.wav\n", "m").entries[0];
  EXPECT_EQ(named.path, "a.wav");
  EXPECT_EQ(named.text, "yes");
}

TEST(manifests, that_cannot_be_read_say_where) {
  const auto refused = [](const std::string& text, std::string_view part) {
    ExpectRefused([&] { ParseManifest(text, "m.tsv", {.strict = true}); }, part);
  };
  refused("", "m.tsv");
  refused("a.wav\n", "m.tsv line 1");
  refused("a.wav\tyes\nb.wav\n", "m.tsv line 2 must be of 2 columns");
  refused("\tyes\n", "path");
  refused("a.wav\t1\tx\tyes\n", "seconds");
  refused("a.wav\t2\t1\tyes\n", "begins before it ends");
  refused("a.wav\t\xFF\xFE\n", "UTF-8");
  ExpectRefused([] { LoadSound(ParseManifest("data:audio/wav;base64,AAAA\tyes\n", "m.tsv").entries[0]); }, "m.tsv line 1");
  ExpectRefused([] { LoadSound(ParseManifest("nowhere.wav\tyes\n", "m.tsv").entries[0]); }, "nowhere.wav");
}

}  // namespace sound_test
}  // namespace eddy
