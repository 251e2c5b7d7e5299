// Piano rolls as they are published: JSON of the keys of each frame, and MATLAB's arrays.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "midi/piano_roll.h"

namespace eddy {

struct RollPart {
  std::string name;  // "train", "valid", "test"; empty where the data have no parts
  std::vector<PianoRoll> rolls;
};

// {"train": [piece ...], ...} or [piece ...]: a piece is an array of frames, a frame an array of keys, -1 and null being
// silent. Other members of the object are passed over. Throws Error that names `source` and the place.
std::vector<RollPart> ParseJsonRolls(std::string_view text, std::string_view source);

// A MATLAB file of version 5 with cells traindata, validdata and testdata of arrays [frames, 88] of 0 and 1. Throws Error
// that names `source`.
bool IsMatRolls(std::string_view bytes);  // whether it begins like one
std::vector<RollPart> ParseMatRolls(std::string_view bytes, std::string_view source);

}  // namespace eddy
