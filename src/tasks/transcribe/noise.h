// Sounds in which nothing is said, for a transcriber to learn to say nothing: digital silence, noise of all colours, the hum
// of the mains.
#pragma once

#include <vector>

#include "tasks/transcribe/data.h"

namespace eddy {

// `count` of them, one to four seconds long, from barely heard to loud. The same for the same seed.
std::vector<Utterance> MakeNoise(size_t count, const FrontEnd& front, uint64_t seed);

}  // namespace eddy
