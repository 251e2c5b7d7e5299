// voice_takes MANIFEST [--rate 16000]: how far a voice is from itself where it says the same words again, by the measure
// with which "eddy evaluate" judges a spoken voice against recordings. Every two recordings of the manifest are a pair whose
// texts have the same letters, digits and three dots (where a phrase goes on, or went before); a pair whose pitch differs by
// less than 1 Hz is one recording twice, and left out.
//
// What cannot be told from the words differs from take to take: a voice that says the mean of all takes, the best that can
// be learned, is off by what two takes are apart, divided by the square root of two.
//
// Prints a line of JSON. Exit code 2 for wrong usage, 1 where nothing can be compared.
#include <fmt/format.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "audio/resample.h"
#include "audio/speech_set.h"
#include "audio/vocoder.h"
#include "base/ascii.h"
#include "eddy/error.h"
#include "metrics/voice_distance.h"
#include "tasks/speak/evaluation.h"

namespace {

using namespace eddy;

constexpr double kSameTake = 1;  // Hz

// Small letters, digits, and three dots, which stand where a phrase goes on or went before.
std::string WhatIsSaid(const std::string& text) {
  std::string kept;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80 || std::isalnum(byte) != 0) kept += Lower(text[i]);
    if (text.compare(i, 3, "...") == 0) {
      kept += "...";
      i += 2;
    }
  }
  return kept;
}

struct Takes {
  VoiceDistance sum;
  size_t pairs = 0, copies = 0;
};

Takes Compare(const SpeechSet& set, const VocoderOptions& vocoder) {
  std::map<std::string, std::vector<std::vector<float>>> said;  // frames of each recording of a text
  std::map<std::string, size_t> counts;
  for (const SpeechEntry& entry : set.entries) ++counts[WhatIsSaid(entry.text)];
  for (const SpeechEntry& entry : set.entries) {
    const std::string text = WhatIsSaid(entry.text);
    if (text.empty() || counts[text] < 2) continue;
    const Sound sound = LoadSound(entry);
    said[text].push_back(AnalyseVoice(Resample(sound.samples, sound.rate, vocoder.rate), vocoder));
  }
  const VoiceFrameLayout layout = LayoutOf(vocoder);
  Takes takes;
  for (const auto& [text, frames] : said) {
    for (size_t i = 0; i < frames.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        const VoiceDistance distance = CompareVoices(frames[i], frames[j], layout);
        if (distance.pitch_rmse() < kSameTake) {
          ++takes.copies;
        } else {
          ++takes.pairs;
          takes.sum.Add(distance);
        }
      }
    }
  }
  return takes;
}

}  // namespace

int main(int argc, char** argv) {
  VocoderOptions vocoder;
  const bool rated = argc == 4 && std::strcmp(argv[2], "--rate") == 0;
  if (argc != 2 && !rated) {
    fmt::print(stderr, "Usage: voice_takes MANIFEST [--rate 16000]\n");
    return 2;
  }
  try {
    if (rated) vocoder.rate = std::atoi(argv[3]);
    RequireValid(vocoder);
    const Takes takes = Compare(ReadSpeech(Data(argv[1])), vocoder);
    Require(takes.pairs > 0, "voice_takes", argv[1], "two recordings of the same words", "none");
    fmt::print(R"({{"pairs": {}, "copies": {}, "mel_cepstral_distortion": {:.6g}, "voicing_error": {:.6g}, "pitch_rmse": )",
               takes.pairs, takes.copies, takes.sum.distortion(), takes.sum.voicing_error());
    fmt::print("{}}}\n", takes.sum.voiced > 0 ? fmt::format("{:.6g}", takes.sum.pitch_rmse()) : "null");
    return 0;
  } catch (const Error& error) {
    fmt::print(stderr, "voice_takes: {}\n", error.what());
    return 1;
  }
}
