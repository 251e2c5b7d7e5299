// Words with their times as subtitles and as NIST's time-marked conversation.
#pragma once

#include <string>
#include <vector>

#include "eddy/tasks/transcribe.h"

namespace eddy {

// SubRip and WebVTT: words together until a pause of 0.7 seconds, 6 seconds or 42 characters.
std::string MakeSrt(const std::vector<SpokenWord>& words);
std::string MakeVtt(const std::vector<SpokenWord>& words);
// A line a word: `name`, channel 1, beginning, duration, word, confidence.
std::string MakeCtm(const std::vector<SpokenWord>& words, const std::string& name);

}  // namespace eddy
