#include "tasks/transcribe/subtitles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/utf8.h"

namespace eddy {
namespace {

constexpr double kPause = 0.7, kLongest = 6;  // seconds
constexpr size_t kMostLineCharacters = 42;

struct Cue {
  double begin, end;
  std::string text;
  size_t characters;
};

size_t CountCharacters(std::string_view text) {
  size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(std::max<size_t>(1, CodePointBytes(text)));
  return count;
}

std::vector<Cue> CuesOf(const std::vector<SpokenWord>& words) {
  std::vector<Cue> cues;
  for (const SpokenWord& word : words) {
    const size_t characters = CountCharacters(word.text);
    const bool goes_on = !cues.empty() && word.begin - cues.back().end < kPause &&
                         word.end - cues.back().begin <= kLongest &&
                         cues.back().characters + 1 + characters <= kMostLineCharacters;
    if (!goes_on) {
      cues.push_back({word.begin, word.end, word.text, characters});
      continue;
    }
    cues.back().text += " " + word.text;
    cues.back().end = word.end;
    cues.back().characters += 1 + characters;
  }
  return cues;
}

std::string Time(double seconds, char point) {
  const auto ms = static_cast<uint64_t>(std::llround(seconds * 1000));
  return fmt::format("{:02}:{:02}:{:02}{}{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, point, ms % 1000);
}

}  // namespace

std::string MakeSrt(const std::vector<SpokenWord>& words) {
  std::string text;
  size_t number = 0;
  for (const Cue& cue : CuesOf(words)) {
    text += fmt::format("{}\n{} --> {}\n{}\n\n", ++number, Time(cue.begin, ','), Time(cue.end, ','), cue.text);
  }
  return text;
}

std::string MakeVtt(const std::vector<SpokenWord>& words) {
  std::string text = "WEBVTT\n\n";
  for (const Cue& cue : CuesOf(words)) {
    text += fmt::format("{} --> {}\n{}\n\n", Time(cue.begin, '.'), Time(cue.end, '.'), cue.text);
  }
  return text;
}

std::string MakeCtm(const std::vector<SpokenWord>& words, const std::string& name) {
  std::string text;
  for (const SpokenWord& word : words) {
    text +=
        fmt::format("{} 1 {:.2f} {:.2f} {} {:.3f}\n", name, word.begin, word.end - word.begin, word.text, word.confidence);
  }
  return text;
}

}  // namespace eddy
